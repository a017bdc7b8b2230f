package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorMath.SPECIES;
import static org.tornadomae.kernels.vector.VectorTile.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Layer normalisation of single rows, and sums over the rows of a matrix: [org.tornadomae.kernels.LayerNormKernels] states the formulas.
public final class VectorLayerNorm {
    private static final float EPSILON = 1e-6f;

    private VectorLayerNorm() {
    }

    /// Mean and 1/std of the row at `at` into stats[statsAt] and the place behind it; `lanes` is scratch.
    public static void stats(float[] stats, int statsAt, float[] in, int at, int channels, float[] lanes) {
        float mean = VectorMath.mean(in, at, channels, lanes);
        stats[statsAt] = mean;
        stats[statsAt + 1] = 1f / (float) Math.sqrt(VectorMath.squaredDeviations(in, at, channels, mean, lanes) / channels + EPSILON);
    }

    /// out[c] = (in[c] − mean)·rstd·weight[c] + bias[c] for one row.
    public static void forward(float[] out, int outAt, float mean, float rstd, float[] in, int at,
            float[] params, int weightAt, int biasAt, int channels) {
        for (int c = 0; c < channels; c += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
            FloatVector xhat = FloatVector.fromArray(SPECIES, in, at + c, mask).sub(mean).mul(rstd);
            xhat.fma(FloatVector.fromArray(SPECIES, params, weightAt + c, mask), FloatVector.fromArray(SPECIES, params, biasAt + c, mask))
                    .intoArray(out, outAt + c, mask);
        }
    }

    /// Σ dXhat and Σ dXhat·xhat of one row, with dXhat = dOut·weight, over the channels into sums[sumsAt] and behind.
    public static void backwardSums(float[] sums, int sumsAt, float[] dOut, int dOutAt, float mean, float rstd, float[] in, int at,
            float[] params, int weightAt, int channels, float[] lanes) {
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector sumXhat = FloatVector.zero(SPECIES);
        for (int c = 0; c < channels; c += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
            FloatVector dXhat = FloatVector.fromArray(SPECIES, dOut, dOutAt + c, mask)
                    .mul(FloatVector.fromArray(SPECIES, params, weightAt + c, mask));
            FloatVector xhat = FloatVector.fromArray(SPECIES, in, at + c, mask).sub(mean).mul(rstd);
            sum = dXhat.add(sum);
            sumXhat = dXhat.fma(xhat, sumXhat);
        }
        sums[sumsAt] = VectorMath.sum(sum, lanes) / channels;
        sums[sumsAt + 1] = VectorMath.sum(sumXhat, lanes) / channels;
    }

    /// dIn[c] += rstd·(dXhat − mean(dXhat) − xhat·mean(dXhat·xhat)) for one row.
    public static void backwardInput(float[] dIn, float sum, float sumXhat, float[] dOut, int dOutAt, float mean, float rstd,
            float[] in, int at, float[] params, int weightAt, int channels) {
        for (int c = 0; c < channels; c += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
            FloatVector dXhat = FloatVector.fromArray(SPECIES, dOut, dOutAt + c, mask)
                    .mul(FloatVector.fromArray(SPECIES, params, weightAt + c, mask));
            FloatVector xhat = FloatVector.fromArray(SPECIES, in, at + c, mask).sub(mean).mul(rstd);
            FloatVector centred = dXhat.sub(sum).sub(xhat.mul(sumXhat));
            FloatVector.fromArray(SPECIES, dIn, dOutAt + c, mask).add(centred.mul(rstd)).intoArray(dIn, dOutAt + c, mask);
        }
    }

    /// dWeight[c] += Σ_r dOut[r,c]·xhat[r,c] and dBias[c] += Σ_r dOut[r,c] for one vector of columns from `c` on.
    public static void backwardParams(float[] dWeight, int weightAt, float[] dBias, int biasAt, float[] dOut, float[] stats, int statsAt,
            float[] in, int at, int rows, int channels, int c) {
        VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
        FloatVector weight = FloatVector.zero(SPECIES);
        FloatVector bias = FloatVector.zero(SPECIES);
        for (int r = 0; r < rows; r++) {
            FloatVector d = FloatVector.fromArray(SPECIES, dOut, r * channels + c, mask);
            FloatVector xhat = FloatVector.fromArray(SPECIES, in, at + r * channels + c, mask)
                    .sub(stats[statsAt + 2 * r]).mul(stats[statsAt + 2 * r + 1]);
            weight = d.fma(xhat, weight);
            bias = d.add(bias);
        }
        FloatVector.fromArray(SPECIES, dWeight, weightAt + c, mask).add(weight).intoArray(dWeight, weightAt + c, mask);
        FloatVector.fromArray(SPECIES, dBias, biasAt + c, mask).add(bias).intoArray(dBias, biasAt + c, mask);
    }

    /// sums[c] += Σ_r matrix[r,c] for two vectors of columns from `c` on, below `end`.
    public static void columnSums(float[] sums, int sumsAt, float[] matrix, int rows, int columns, int c, int end) {
        VectorMask<Float> mask0 = SPECIES.indexInRange(c, end);
        VectorMask<Float> mask1 = SPECIES.indexInRange(c + LANES, end);
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = FloatVector.zero(SPECIES);
        for (int r = 0; r < rows; r++) {
            sum0 = FloatVector.fromArray(SPECIES, matrix, r * columns + c, mask0).add(sum0);
            sum1 = FloatVector.fromArray(SPECIES, matrix, r * columns + c + LANES, mask1).add(sum1);
        }
        FloatVector.fromArray(SPECIES, sums, sumsAt + c, mask0).add(sum0).intoArray(sums, sumsAt + c, mask0);
        FloatVector.fromArray(SPECIES, sums, sumsAt + c + LANES, mask1).add(sum1).intoArray(sums, sumsAt + c + LANES, mask1);
    }
}
