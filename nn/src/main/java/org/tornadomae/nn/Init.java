package org.tornadomae.nn;

/// How a parameter starts (docs/spec.md, Model 6).
public enum Init {
    ZEROS, ONES,
    /// Uniform in ±sqrt(6 / (fanIn + fanOut)) over the tensor seen as [shape`[0]`, rest].
    XAVIER_UNIFORM,
    /// Normal, std 0.02, cut at ±2.
    TRUNCATED_NORMAL,
    /// Normal, std 0.02.
    NORMAL,
    /// Normal, std 2e-5: a new head on weights that know something already (docs/finetune.md, Initialisation).
    SMALL_NORMAL;

    private static final double STD = 0.02;
    private static final double SMALL_STD = 2e-5;

    void fill(float[] values, int at, int[] shape, Rng rng) {
        int n = Sizes.product(shape);
        int fanOut = shape[0];
        double bound = Math.sqrt(6.0 / (fanOut + n / fanOut));
        for (int i = at; i < at + n; i++) {
            values[i] = (float) switch (this) {
                case ZEROS -> 0;
                case ONES -> 1;
                case XAVIER_UNIFORM -> (2 * rng.nextDouble() - 1) * bound;
                case NORMAL -> STD * rng.nextGaussian();
                case SMALL_NORMAL -> SMALL_STD * rng.nextGaussian();
                case TRUNCATED_NORMAL -> truncatedNormal(rng);
            };
        }
    }

    private static double truncatedNormal(Rng rng) {
        double x = STD * rng.nextGaussian();
        while (Math.abs(x) > 2) {
            x = STD * rng.nextGaussian();
        }
        return x;
    }
}
