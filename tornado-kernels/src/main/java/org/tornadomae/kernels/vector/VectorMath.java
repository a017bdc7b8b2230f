package org.tornadomae.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Functions of one vector, to float accuracy.
///
/// Their polynomials are minimax fits by Remez's exchange, rounded to floats; `VectorMathTest` makes the same fits
/// again and holds the functions to the errors that they claim.
final class VectorMath {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /// 1 / ln 2: exp(x) = 2^(x · LOG2_E).
    static final float LOG2_E = 1.442695f;
    /// What [#exp2] takes smaller arguments for: 2^-100 vanishes beside 1 and is no subnormal number.
    static final float LOWEST = -100f;
    /// ln 2^−126, rounded up.
    private static final float SMALLEST = -87.33654f;
    private static final float INV_SQRT_2 = 0.70710678f;
    private static final float LOG2_E_REST = 1.925963e-8f;
    /// 1.5 · 2^23: adding it leaves the nearest integer in the low bits.
    private static final float ROUND = 12582912f;

    private VectorMath() {}

    /// 2^x for x from [#LOWEST] to 127, within 1 ulp.
    static FloatVector exp2(FloatVector x) {
        FloatVector limited = x.blend(LOWEST, x.compare(VectorOperators.LT, LOWEST));
        FloatVector rounded = limited.add(ROUND);
        return scaled(limited.sub(rounded.sub(ROUND)), rounded);
    }

    /// 2^(fraction + n), n in the low bits of `rounded`. The polynomial is the fit of (2^f - 1) / f for |f| up to 1/2
    /// with the weight |f| / 2^f, which makes the relative error of 2^f smallest: 2e-9.
    private static FloatVector scaled(FloatVector fraction, FloatVector rounded) {
        FloatVector p = FloatVector.broadcast(SPECIES, 1.5353362e-4f);
        p = p.fma(fraction, FloatVector.broadcast(SPECIES, 1.3398874e-3f));
        p = p.fma(fraction, FloatVector.broadcast(SPECIES, 9.618437e-3f));
        p = p.fma(fraction, FloatVector.broadcast(SPECIES, 5.5503324e-2f));
        p = p.fma(fraction, FloatVector.broadcast(SPECIES, 0.24022648f));
        p = p.fma(fraction, FloatVector.broadcast(SPECIES, 0.6931472f));
        p = p.fma(fraction, FloatVector.broadcast(SPECIES, 1f));
        return p.reinterpretAsInts().add(rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
    }

    /// e^x for x up to 88, within 2 ulp; 0 where it would be subnormal.
    static FloatVector exp(FloatVector x) {
        VectorMask<Float> vanishes = x.compare(VectorOperators.LT, SMALLEST);
        FloatVector limited = x.blend(SMALLEST, vanishes);
        FloatVector rounded = limited.mul(LOG2_E).add(ROUND);
        FloatVector fraction = limited.fma(FloatVector.broadcast(SPECIES, LOG2_E), rounded.sub(ROUND).neg());
        return scaled(limited.fma(FloatVector.broadcast(SPECIES, LOG2_E_REST), fraction), rounded).blend(0f, vanishes);
    }

    /// Φ(−|x|), the lower tail of the normal distribution, given exp(−x²/2): exp(−z²)·erfcx(z)/2 with
    /// z = |x|/√2. The polynomial is the fit of erfcx(z)/t in t = 1/(1 + z/2) for z up to 9.5, where `density`
    /// vanishes, with the smallest relative error: 4.3e-8. Computed in floats it is within 4e-7.
    static FloatVector normalTail(FloatVector x, FloatVector density) {
        FloatVector t = FloatVector.broadcast(SPECIES, 1f).div(x.abs().mul(0.5f * INV_SQRT_2).add(1f));
        FloatVector p = FloatVector.broadcast(SPECIES, -0.05889065f);
        p = p.fma(t, FloatVector.broadcast(SPECIES, 0.28370133f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, -0.48538235f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, 0.27597657f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, -0.025176574f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, 0.20206936f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, 0.24326113f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, 0.28235346f));
        p = p.fma(t, FloatVector.broadcast(SPECIES, 0.28208768f));
        return p.mul(t).mul(density).mul(0.5f);
    }

    /// The sum of the lanes, first to last; `lanes` is scratch. [FloatVector#reduceLanes] leaves the order open.
    static float sum(FloatVector vector, float[] lanes) {
        vector.intoArray(lanes, 0);
        float sum = 0f;
        for (int lane = 0; lane < SPECIES.length(); lane++) {
            sum += lanes[lane];
        }
        return sum;
    }

    /// The mean of `count` values; `lanes` is scratch.
    static float mean(float[] x, int at, int count, float[] lanes) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < count; i += SPECIES.length()) {
            sum = FloatVector.fromArray(SPECIES, x, at + i, SPECIES.indexInRange(i, count)).add(sum);
        }
        return sum(sum, lanes) / count;
    }

    /// Σ (x − mean)² of `count` values; `lanes` is scratch.
    static float squaredDeviations(float[] x, int at, int count, float mean, float[] lanes) {
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int i = 0; i < count; i += SPECIES.length()) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, count);
            FloatVector d = FloatVector.fromArray(SPECIES, x, at + i, mask).sub(mean, mask);
            squares = d.fma(d, squares);
        }
        return sum(squares, lanes);
    }

    /// The larger of two vectors, lane by lane. [FloatVector#max] orders zeros and NaNs too and takes several times as
    /// long.
    static FloatVector larger(FloatVector a, FloatVector b) {
        return b.blend(a, b.compare(VectorOperators.LT, a));
    }
}
