package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.InOut;
import org.tornadomae.kernels.Out;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/// Layer normalisation over the channels of each row (docs/spec.md, Model 3).
///
/// Only mean and 1/std are kept for the backward pass; the normalised value is computed again.
public final class LayerNormKernels {
    private LayerNormKernels() {}

    /// mean`[r]` = Σ_c in`[r,c]` / C and rstd`[r]` = 1 / sqrt(variance + eps), the variance without Bessel's
    /// correction.
    ///
    /// @param stats `[rows, 2]` per layer: mean, rstd
    /// @param in    `[rows, C]` per layer
    public static void layerNormStats(int[] layer, @Out float[] stats, int statsAt, int statsStep,
            float[] in, int inAt, int inStep, int rows, int channels, float eps) {
        for (@Parallel int r = 0; r < rows; r++) {
            int l = layer[0];
            int x = inAt + l * inStep + r * channels;
            float sum = 0f;
            for (int c = 0; c < channels; c++) {
                sum += in[x + c];
            }
            float mean = sum / channels;
            float squares = 0f;
            for (int c = 0; c < channels; c++) {
                float d = in[x + c] - mean;
                squares += d * d;
            }
            int s = statsAt + l * statsStep + 2 * r;
            stats[s] = mean;
            stats[s + 1] = 1f / TornadoMath.sqrt(squares / channels + eps);
        }
    }

    /// out`[r,c]` = (in`[r,c]` − mean`[r]`)·rstd`[r]`·weight`[c]` + bias`[c]`.
    ///
    /// @param out `[rows, C]`
    /// @param in  `[rows, C]` per layer
    public static void layerNormForward(int[] layer, @Out float[] out, int outAt, float[] stats, int statsAt,
            int statsStep,
            float[] in, int inAt, int inStep, float[] params, int weightAt, int biasAt, int paramStep, int rows,
            int channels) {
        for (@Parallel int r = 0; r < rows; r++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int l = layer[0];
                int s = statsAt + l * statsStep + 2 * r;
                float xhat = (in[inAt + l * inStep + r * channels + c] - stats[s]) * stats[s + 1];
                int w = l * paramStep + c;
                out[outAt + r * channels + c] = xhat * params[weightAt + w] + params[biasAt + w];
            }
        }
    }

    /// sums`[r]` = mean`[r]`, rstd`[r]`, _, _: this layer's statistics, put beside the sums that
    /// [#layerNormBackwardSums] adds. The two kernels that follow would otherwise have more arguments than TornadoVM
    /// takes.
    ///
    /// @param sums  `[rows, 4]`, its first two columns are overwritten
    /// @param stats `[rows, 2]` per layer
    public static void layerNormBackwardStats(int[] layer, @Out float[] sums, int sumsAt, float[] stats, int statsAt,
            int statsStep, int rows) {
        for (@Parallel int r = 0; r < rows; r++) {
            int s = statsAt + layer[0] * statsStep + 2 * r;
            sums[sumsAt + 4 * r] = stats[s];
            sums[sumsAt + 4 * r + 1] = stats[s + 1];
        }
    }

    /// sums`[r]` = mean`[r]`, rstd`[r]`, Σ_c dXhat / C, Σ_c dXhat·xhat / C, where dXhat = dOut·weight: the two row
    /// means that the input gradient needs.
    ///
    /// @param sums `[rows, 4]`, its first two columns from [#layerNormBackwardStats], the others overwritten
    /// @param dOut `[rows, C]`
    /// @param in   `[rows, C]` per layer
    public static void layerNormBackwardSums(int[] layer, @InOut float[] sums, int sumsAt, float[] dOut, int dOutAt,
            float[] in, int inAt, int inStep, float[] params, int weightAt, int paramStep, int rows, int channels) {
        for (@Parallel int r = 0; r < rows; r++) {
            int l = layer[0];
            int x = inAt + l * inStep + r * channels;
            int w = weightAt + l * paramStep;
            int s = sumsAt + 4 * r;
            float mean = sums[s];
            float rstd = sums[s + 1];
            float sum = 0f;
            float sumXhat = 0f;
            for (int c = 0; c < channels; c++) {
                float dXhat = dOut[dOutAt + r * channels + c] * params[w + c];
                sum += dXhat;
                sumXhat += dXhat * (in[x + c] - mean) * rstd;
            }
            sums[s + 2] = sum / channels;
            sums[s + 3] = sumXhat / channels;
        }
    }

    /// Forward: xhat = (in − mean)·rstd, so dIn += rstd·(dXhat − mean(dXhat) − xhat·mean(dXhat·xhat)).
    ///
    /// @param dIn  `[rows, C]`, accumulated: the residual path's gradient is already there
    /// @param sums `[rows, 4]` from [#layerNormBackwardSums]
    /// @param dOut `[rows, C]`
    /// @param in   `[rows, C]` per layer
    public static void layerNormBackwardInput(int[] layer, @InOut float[] dIn, int dInAt, float[] sums, int sumsAt,
            float[] dOut, int dOutAt, float[] in, int inAt, int inStep, float[] params, int weightAt, int paramStep,
            int rows, int channels) {
        for (@Parallel int r = 0; r < rows; r++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int l = layer[0];
                int s = sumsAt + 4 * r;
                float rstd = sums[s + 1];
                float xhat = (in[inAt + l * inStep + r * channels + c] - sums[s]) * rstd;
                float dXhat = dOut[dOutAt + r * channels + c] * params[weightAt + l * paramStep + c];
                int i = dInAt + r * channels + c;
                dIn[i] = dIn[i] + rstd * (dXhat - sums[s + 2] - xhat * sums[s + 3]);
            }
        }
    }

    /// Forward: out = xhat·weight + bias, so dWeight`[c]` += Σ_r dOut·xhat and dBias`[c]` += Σ_r dOut.
    ///
    /// @param grads holds dWeight `[C]` at `weightAt` and dBias `[C]` at `biasAt`
    public static void layerNormBackwardParams(int[] layer, @InOut float[] grads, int weightAt, int biasAt,
            int paramStep,
            float[] dOut, int dOutAt, float[] stats, int statsAt, int statsStep, float[] in, int inAt, int inStep,
            int rows, int channels) {
        for (@Parallel int c = 0; c < channels; c++) {
            int l = layer[0];
            int x = inAt + l * inStep + c;
            int s = statsAt + l * statsStep;
            float sumWeight = 0f;
            float sumBias = 0f;
            for (int r = 0; r < rows; r++) {
                float d = dOut[dOutAt + r * channels + c];
                sumWeight += d * (in[x + r * channels] - stats[s + 2 * r]) * stats[s + 2 * r + 1];
                sumBias += d;
            }
            int w = l * paramStep + c;
            grads[weightAt + w] = grads[weightAt + w] + sumWeight;
            grads[biasAt + w] = grads[biasAt + w] + sumBias;
        }
    }
}
