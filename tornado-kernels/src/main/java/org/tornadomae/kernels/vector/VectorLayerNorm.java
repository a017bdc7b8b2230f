package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorMath.SPECIES;
import static org.tornadomae.kernels.vector.VectorTile.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.tornadomae.kernels.Tensor;

/// Layer normalisation of the rows from `from` to `to`, and sums over the rows of a matrix:
/// [org.tornadomae.kernels.loop.LayerNormKernels] states the formulas.
final class VectorLayerNorm {
    private VectorLayerNorm() {}

    /// Mean and 1/std of each row; `lanes` is scratch.
    static void stats(Tensor stats, Tensor in, int channels, float eps, float[] lanes, int from, int to) {
        float[] x = in.floats();
        float[] s = stats.floats();
        for (int row = from; row < to; row++) {
            int at = in.at() + row * channels;
            int statsAt = stats.at() + 2 * row;
            float mean = VectorMath.mean(x, at, channels, lanes);
            float variance = VectorMath.squaredDeviations(x, at, channels, mean, lanes) / channels;
            s[statsAt] = mean;
            s[statsAt + 1] = 1f / (float) Math.sqrt(variance + eps);
        }
    }

    /// out`[c]` = (in`[c]` − mean)·rstd·weight`[c]` + bias`[c]`, row by row.
    static void forward(Tensor out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int channels, int from,
            int to) {
        float[] s = stats.floats();
        for (int row = from; row < to; row++) {
            int statsAt = stats.at() + 2 * row;
            forward(out.floats(), out.at() + row * channels, s[statsAt], s[statsAt + 1],
                    in.floats(), in.at() + row * channels, weight, bias, channels);
        }
    }

    private static void forward(float[] out, int outAt, float mean, float rstd, float[] in, int at, Tensor weight,
            Tensor bias, int channels) {
        float[] w = weight.floats();
        float[] b = bias.floats();
        for (int c = 0; c < channels; c += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
            FloatVector xhat = FloatVector.fromArray(SPECIES, in, at + c, mask).sub(mean).mul(rstd);
            xhat.fma(FloatVector.fromArray(SPECIES, w, weight.at() + c, mask),
                    FloatVector.fromArray(SPECIES, b, bias.at() + c, mask)).intoArray(out, outAt + c, mask);
        }
    }

    /// dIn`[c]` += rstd·(dXhat − mean(dXhat) − xhat·mean(dXhat·xhat)), with dXhat = dOut·weight, row by row; both means
    /// stay in `sums`, and `lanes` is scratch.
    static void backwardInput(Tensor dIn, Tensor sums, Tensor dOut, Tensor stats, Tensor in, Tensor weight,
            int channels, float[] lanes, int from, int to) {
        float[] s = stats.floats();
        float[] means = sums.floats();
        for (int row = from; row < to; row++) {
            float mean = s[stats.at() + 2 * row];
            float rstd = s[stats.at() + 2 * row + 1];
            int meansAt = sums.at() + 4 * row;
            int dOutAt = dOut.at() + row * channels;
            int at = in.at() + row * channels;
            means[meansAt] = mean;
            means[meansAt + 1] = rstd;
            backwardSums(means, meansAt + 2, dOut.floats(), dOutAt, mean, rstd, in.floats(), at, weight, channels,
                    lanes);
            backwardInput(dIn.floats(), dIn.at() + row * channels, means, meansAt, dOut.floats(), dOutAt, in.floats(),
                    at, weight, channels);
        }
    }

    /// The means of dXhat and dXhat·xhat over the channels of one row into sums`[sumsAt]` and behind.
    private static void backwardSums(float[] sums, int sumsAt, float[] dOut, int dOutAt, float mean, float rstd,
            float[] in, int at, Tensor weight, int channels, float[] lanes) {
        float[] w = weight.floats();
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector sumXhat = FloatVector.zero(SPECIES);
        for (int c = 0; c < channels; c += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
            FloatVector dXhat = FloatVector.fromArray(SPECIES, dOut, dOutAt + c, mask)
                    .mul(FloatVector.fromArray(SPECIES, w, weight.at() + c, mask));
            FloatVector xhat = FloatVector.fromArray(SPECIES, in, at + c, mask).sub(mean).mul(rstd);
            sum = dXhat.add(sum);
            sumXhat = dXhat.fma(xhat, sumXhat);
        }
        sums[sumsAt] = VectorMath.sum(sum, lanes) / channels;
        sums[sumsAt + 1] = VectorMath.sum(sumXhat, lanes) / channels;
    }

    /// One row, given mean, 1/std and both means of [#backwardSums] from `sumsAt` on.
    private static void backwardInput(float[] dIn, int dInAt, float[] sums, int sumsAt, float[] dOut, int dOutAt,
            float[] in, int at, Tensor weight, int channels) {
        float[] w = weight.floats();
        float mean = sums[sumsAt];
        float rstd = sums[sumsAt + 1];
        float sum = sums[sumsAt + 2];
        float sumXhat = sums[sumsAt + 3];
        for (int c = 0; c < channels; c += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
            FloatVector dXhat = FloatVector.fromArray(SPECIES, dOut, dOutAt + c, mask)
                    .mul(FloatVector.fromArray(SPECIES, w, weight.at() + c, mask));
            FloatVector xhat = FloatVector.fromArray(SPECIES, in, at + c, mask).sub(mean).mul(rstd);
            FloatVector centred = dXhat.sub(sum).sub(xhat.mul(sumXhat));
            FloatVector.fromArray(SPECIES, dIn, dInAt + c, mask).add(centred.mul(rstd)).intoArray(dIn, dInAt + c, mask);
        }
    }

    /// dWeight`[c]` += Σ_r dOut`[r,c]`·xhat`[r,c]` and dBias`[c]` += Σ_r dOut`[r,c]` over all rows, for the columns
    /// from `c` to `end`: one vector at most.
    static void backwardParams(Tensor dWeight, Tensor dBias, Tensor dOut, Tensor stats, Tensor in, int rows,
            int channels, int c, int end) {
        float[] gradient = dOut.floats();
        float[] x = in.floats();
        float[] s = stats.floats();
        int gradientAt = dOut.at() + c;
        int at = in.at() + c;
        int statsAt = stats.at();
        VectorMask<Float> mask = SPECIES.indexInRange(c, end);
        FloatVector weight = FloatVector.zero(SPECIES);
        FloatVector bias = FloatVector.zero(SPECIES);
        for (int r = 0; r < rows; r++) {
            FloatVector d = FloatVector.fromArray(SPECIES, gradient, gradientAt + r * channels, mask);
            FloatVector xhat = FloatVector.fromArray(SPECIES, x, at + r * channels, mask)
                    .sub(s[statsAt + 2 * r]).mul(s[statsAt + 2 * r + 1]);
            weight = d.fma(xhat, weight);
            bias = d.add(bias);
        }
        add(dWeight, c, weight, mask);
        add(dBias, c, bias, mask);
    }

    private static void add(Tensor sums, int c, FloatVector sum, VectorMask<Float> mask) {
        float[] to = sums.floats();
        FloatVector.fromArray(SPECIES, to, sums.at() + c, mask).add(sum).intoArray(to, sums.at() + c, mask);
    }

    /// sums`[c]` += Σ_r matrix`[r,c]` over all rows, for the columns from `c` to `end`: two vectors at most.
    static void columnSums(Tensor sums, Tensor matrix, int rows, int columns, int c, int end) {
        float[] x = matrix.floats();
        int at = matrix.at() + c;
        VectorMask<Float> mask0 = SPECIES.indexInRange(c, end);
        VectorMask<Float> mask1 = SPECIES.indexInRange(c + LANES, end);
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = FloatVector.zero(SPECIES);
        for (int r = 0; r < rows; r++) {
            sum0 = FloatVector.fromArray(SPECIES, x, at + r * columns, mask0).add(sum0);
            sum1 = FloatVector.fromArray(SPECIES, x, at + r * columns + LANES, mask1).add(sum1);
        }
        add(sums, c, sum0, mask0);
        add(sums, c + LANES, sum1, mask1);
    }
}
