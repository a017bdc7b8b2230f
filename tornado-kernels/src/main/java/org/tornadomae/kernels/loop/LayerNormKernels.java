package org.tornadomae.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/// Layer normalisation over the channels of each row, eps 1e-6 (SPEC, Model 3).
///
/// Only mean and 1/std are kept for the backward pass; the normalised value is computed again.
public final class LayerNormKernels {
    private LayerNormKernels() {
    }

    /// mean[r] = Σ_c in[r,c] / C and rstd[r] = 1 / sqrt(variance + 1e-6), the variance without Bessel's correction.
    ///
    /// @param stats [rows, 2] per layer: mean, rstd
    /// @param in    [rows, C] per layer
    public static void layerNormStats(int[] layer, float[] stats, int statsStep,
            float[] in, int inAt, int inStep, int rows, int channels) {
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
            int s = l * statsStep + 2 * r;
            stats[s] = mean;
            stats[s + 1] = 1f / TornadoMath.sqrt(squares / channels + 1e-6f);
        }
    }

    /// out[r,c] = (in[r,c] − mean[r])·rstd[r]·weight[c] + bias[c].
    ///
    /// @param out [rows, C]
    /// @param in  [rows, C] per layer
    public static void layerNormForward(int[] layer, float[] out, float[] stats, int statsStep, float[] in, int inAt, int inStep,
            float[] params, int weightAt, int biasAt, int paramStep, int rows, int channels) {
        for (@Parallel int r = 0; r < rows; r++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int l = layer[0];
                int s = l * statsStep + 2 * r;
                float xhat = (in[inAt + l * inStep + r * channels + c] - stats[s]) * stats[s + 1];
                int w = l * paramStep + c;
                out[r * channels + c] = xhat * params[weightAt + w] + params[biasAt + w];
            }
        }
    }

    /// The two row means that the input gradient needs: of dXhat and of dXhat·xhat, where dXhat = dOut·weight.
    ///
    /// @param sums [rows, 2], overwritten
    public static void layerNormBackwardSums(int[] layer, float[] sums, float[] dOut, float[] stats, int statsStep,
            float[] in, int inAt, int inStep, float[] params, int weightAt, int paramStep, int rows, int channels) {
        for (@Parallel int r = 0; r < rows; r++) {
            int l = layer[0];
            int x = inAt + l * inStep + r * channels;
            int w = weightAt + l * paramStep;
            float mean = stats[l * statsStep + 2 * r];
            float rstd = stats[l * statsStep + 2 * r + 1];
            float sum = 0f;
            float sumXhat = 0f;
            for (int c = 0; c < channels; c++) {
                float dXhat = dOut[r * channels + c] * params[w + c];
                sum += dXhat;
                sumXhat += dXhat * (in[x + c] - mean) * rstd;
            }
            sums[2 * r] = sum / channels;
            sums[2 * r + 1] = sumXhat / channels;
        }
    }

    /// Forward: xhat = (in − mean)·rstd, so dIn += rstd·(dXhat − mean(dXhat) − xhat·mean(dXhat·xhat)).
    ///
    /// @param dIn  [rows, C], accumulated: the residual path's gradient is already there
    /// @param sums [rows, 2] from [#layerNormBackwardSums]
    public static void layerNormBackwardInput(int[] layer, float[] dIn, float[] sums, float[] dOut, float[] stats, int statsStep,
            float[] in, int inAt, int inStep, float[] params, int weightAt, int paramStep, int rows, int channels) {
        for (@Parallel int r = 0; r < rows; r++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int l = layer[0];
                int s = l * statsStep + 2 * r;
                float rstd = stats[s + 1];
                float xhat = (in[inAt + l * inStep + r * channels + c] - stats[s]) * rstd;
                float dXhat = dOut[r * channels + c] * params[weightAt + l * paramStep + c];
                int i = r * channels + c;
                dIn[i] = dIn[i] + rstd * (dXhat - sums[2 * r] - xhat * sums[2 * r + 1]);
            }
        }
    }

    /// Forward: out = xhat·weight + bias, so dWeight[c] += Σ_r dOut·xhat and dBias[c] += Σ_r dOut.
    ///
    /// @param grads holds dWeight [C] at `weightAt` and dBias [C] at `biasAt`
    public static void layerNormBackwardParams(int[] layer, float[] grads, int weightAt, int biasAt, int paramStep,
            float[] dOut, float[] stats, int statsStep, float[] in, int inAt, int inStep, int rows, int channels) {
        for (@Parallel int c = 0; c < channels; c++) {
            int l = layer[0];
            int x = inAt + l * inStep + c;
            int s = l * statsStep;
            float sumWeight = 0f;
            float sumBias = 0f;
            for (int r = 0; r < rows; r++) {
                float d = dOut[r * channels + c];
                sumWeight += d * (in[x + r * channels] - stats[s + 2 * r]) * stats[s + 2 * r + 1];
                sumBias += d;
            }
            int w = l * paramStep + c;
            grads[weightAt + w] = grads[weightAt + w] + sumWeight;
            grads[biasAt + w] = grads[biasAt + w] + sumBias;
        }
    }
}
