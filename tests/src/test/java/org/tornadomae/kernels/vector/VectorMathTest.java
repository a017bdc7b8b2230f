package org.tornadomae.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/// Where the polynomials of [VectorMath] come from, and how far its functions are from the true ones.
class VectorMathTest {
    private static final int GRID = 200_000;
    /// Rounding of a float, relative: half an ulp is at most this.
    private static final double U = 0x1p-24;
    private static final double LN_2 = Math.log(2);
    /// What the float evaluation of the tail's polynomial may be off by, relative: some seven roundings.
    private static final double TAIL = 4e-7;
    /// z from which [VectorMath#normalTail] is fitted: exp(−z²) is below every float there.
    private static final double LARGEST_Z = 9.5;

    private static float apply(UnaryOperator<FloatVector> function, double x) {
        return function.apply(FloatVector.broadcast(VectorMath.SPECIES, (float) x)).lane(0);
    }

    private static FloatVector tail(FloatVector x) {
        return VectorMath.normalTail(x, VectorMath.exp(x.mul(x).mul(-0.5f)));
    }

    /// The tail without its density: the polynomial alone.
    private static FloatVector bareTail(FloatVector x) {
        return VectorMath.normalTail(x, FloatVector.broadcast(VectorMath.SPECIES, 1f));
    }

    /// The largest relative error over a grid; arguments are floats.
    private static double largestError(UnaryOperator<FloatVector> function, DoubleUnaryOperator exact, double from,
            double to) {
        double largest = 0;
        for (int i = 0; i <= GRID; i++) {
            float x = (float) (from + (to - from) * i / GRID);
            double expected = exact.applyAsDouble(x);
            largest = Math.max(largest, Math.abs(apply(function, x) - expected) / expected);
        }
        return largest;
    }

    /// (2^f − 1)/f over half a unit to both sides, degree 5, weighted so that the error is that of 2^f, relative.
    @Test
    void theFitOfExp2() {
        Minimax fit = Minimax.fit(f -> f == 0 ? LN_2 : Math.expm1(f * LN_2) / f,
                f -> (Math.abs(f) + 1e-9) * Math.pow(2, -f),
                -0.5, 0.5, 5);
        assertTrue(fit.error() < 2e-9, () -> "the polynomial is off by " + fit.error());
        for (int i = 0; i <= 1000; i++) {
            float f = (i - 500) / 1000f;
            float p = (float) fit.coefficients()[5];
            for (int j = 4; j >= 0; j--) {
                p = Math.fma(p, f, (float) fit.coefficients()[j]);
            }
            assertEquals(Math.fma(p, f, 1f), apply(VectorMath::exp2, f), "2^" + f);
        }
    }

    @Test
    void exp2IsWithinOneUlp() {
        double error = largestError(VectorMath::exp2, x -> Math.pow(2, x), -100, 127);
        assertTrue(error <= 2 * U, () -> "relative error " + error);
    }

    @Test
    void expIsWithinTwoUlp() {
        double error = largestError(VectorMath::exp, Math::exp, -87.3, 88);
        assertTrue(error <= 4 * U, () -> "relative error " + error);
    }

    /// exp(z²)·erfc(z), by its series near zero and by its continued fraction (Abramowitz and Stegun 7.1.6, 7.1.14).
    private static double erfcx(double z) {
        if (z < 2) {
            double term = z;
            double sum = z;
            for (int n = 1; n < 60; n++) {
                term *= 2 * z * z / (2 * n + 1);
                sum += term;
            }
            return Math.exp(z * z) - 2 / Math.sqrt(Math.PI) * sum;
        }
        double fraction = z;
        for (int n = 200; n >= 1; n--) {
            fraction = z + n / 2.0 / fraction;
        }
        return 1 / (Math.sqrt(Math.PI) * fraction);
    }

    private static double zOf(double t) {
        return 2 * (1 / t - 1);
    }

    /// erfcx(z)/t in t = 1/(1 + z/2) for z from 0 to 9.5, degree 8, relative error.
    @Test
    void theFitOfTheNormalTail() {
        DoubleUnaryOperator f = t -> erfcx(zOf(t)) / t;
        Minimax fit = Minimax.fit(f, t -> 1 / f.applyAsDouble(t), 1 / (1 + LARGEST_Z / 2), 1, 8);
        assertTrue(fit.error() < 4.3e-8, () -> "the polynomial is off by " + fit.error());
        for (int i = 0; i <= 1000; i++) {
            float x = i * 0.013f;
            double t = 1 / (1 + x / Math.sqrt(2) / 2);
            double expected = fit.at(t) * t / 2;
            float actual = apply(VectorMathTest::bareTail, x);
            assertEquals(expected, actual, TAIL * expected, "tail without its density at " + x);
        }
    }

    /// The error of exp(−x²/2) comes on top: its argument is rounded, which at x = 13 is 84·u.
    @Test
    void theNormalTailIsWithinItsBounds() {
        double bare = largestError(VectorMathTest::bareTail, x -> erfcx(x / Math.sqrt(2)) / 2, 0, 13);
        assertTrue(bare <= TAIL, () -> "relative error without the density " + bare);
        double small = largestError(VectorMathTest::tail, x -> Math.exp(-x * x / 2) * erfcx(x / Math.sqrt(2)) / 2, 0,
                2);
        assertTrue(small <= 10 * U, () -> "relative error " + small);
    }
}
