package org.tornadomae.nn;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/// How a parameter starts (docs/spec.md, Model 6).
@FunctionalInterface
public interface Init {
    Init ZEROS = constant(0);

    Init ONES = constant(1);

    /// Uniform in ±sqrt(6 / (fanIn + fanOut)) over the tensor seen as [shape`[0]`, rest].
    Init XAVIER_UNIFORM = (values, at, shape, rng) -> {
        int fanOut = shape[0];
        double bound = Math.sqrt(6.0 / (fanOut + Sizes.product(shape) / fanOut));
        draw(values, at, shape, () -> (2 * rng.nextDouble() - 1) * bound);
    };

    /// Normal, std 2e-5: a new head on weights that know something already (docs/finetune.md, Initialisation).
    Init SMALL_NORMAL = (values, at, shape, rng) -> draw(values, at, shape, () -> 2e-5 * rng.nextGaussian());

    /// Normal, std 0.02.
    Init NORMAL = (values, at, shape, rng) -> draw(values, at, shape, () -> 0.02 * rng.nextGaussian());

    /// Normal, std 0.02, cut at ±2.
    Init TRUNCATED_NORMAL = (values, at, shape, rng) -> draw(values, at, shape, () -> {
        double x = 0.02 * rng.nextGaussian();
        while (Math.abs(x) > 2) {
            x = 0.02 * rng.nextGaussian();
        }
        return x;
    });

    /// Fills one tensor.
    ///
    /// @param values receives the tensor from `at`
    /// @param shape  of the tensor
    /// @param rng    the tensor's own stream
    void fill(float[] values, int at, int[] shape, Rng rng);

    /// Starts as this table, whatever the seed.
    ///
    /// @param table as many values as the parameter has
    static Init table(float[] table) {
        return (values, at, _, _) -> System.arraycopy(table, 0, values, at, table.length);
    }

    private static Init constant(float value) {
        return (values, at, shape, _) -> Arrays.fill(values, at, at + Sizes.product(shape), value);
    }

    private static void draw(float[] values, int at, int[] shape, DoubleSupplier number) {
        int end = at + Sizes.product(shape);
        for (int i = at; i < end; i++) {
            values[i] = (float) number.getAsDouble();
        }
    }
}
