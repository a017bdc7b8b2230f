package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.InOut;
import org.tornadomae.kernels.Out;
import org.tornadomae.kernels.Rows;
import org.tornadomae.kernels.Terms;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Matrix products of a linear layer. A weight is stored as PyTorch stores it: `[outC, inC]`.
public final class MatmulKernels {
    private MatmulKernels() {}

    /// out`[r,o]` = bias`[o]` + Σ_i in`[r,i]`·weight`[o,i]`.
    ///
    /// @param out     `[rows, outC]`
    /// @param in      `[rows, inC]`
    /// @param stacked which of them lie layer after layer: 1 for `out`, 2 for `in`, 3 for both; one number instead of
    ///                two
    ///                steps, because a task takes fifteen arguments
    /// @param biasAt  start of the bias `[outC]` in `params`, or -1 for none
    public static void matmulForward(int[] layer, @Out float[] out, int outAt, float[] in, int inAt, int stacked,
            float[] params, int weightAt, int weightStep, int biasAt, int biasStep, @Rows int rows, int inC, int outC) {
        for (@Parallel int r = 0; r < rows; r++) {
            for (@Parallel int o = 0; o < outC; o++) {
                int l = layer[0];
                int x = inAt + (l * (stacked / 2) * rows + r) * inC;
                int w = weightAt + l * weightStep + o * inC;
                float sum = 0f;
                if (biasAt >= 0) {
                    sum = params[biasAt + l * biasStep + o];
                }
                for (int i = 0; i < inC; i++) {
                    sum += in[x + i] * params[w + i];
                }
                out[outAt + (l * (stacked % 2) * rows + r) * outC + o] = sum;
            }
        }
    }

    /// Forward: out`[r,o]` = … + in`[r,i]`·weight`[o,i]`, so dIn`[r,i]` = Σ_o dOut`[r,o]`·weight`[o,i]`.
    ///
    /// @param dIn  `[rows, inC]`, overwritten
    /// @param dOut `[rows, outC]`
    public static void matmulBackwardInput(int[] layer, @Out float[] dIn, int dInAt, float[] dOut, int dOutAt,
            float[] params, int weightAt, int weightStep, @Rows int rows, int inC, int outC) {
        for (@Parallel int r = 0; r < rows; r++) {
            for (@Parallel int i = 0; i < inC; i++) {
                int w = weightAt + layer[0] * weightStep + i;
                float sum = 0f;
                for (int o = 0; o < outC; o++) {
                    sum += dOut[dOutAt + r * outC + o] * params[w + o * inC];
                }
                dIn[dInAt + r * inC + i] = sum;
            }
        }
    }

    /// Forward: out`[r,o]` = … + in`[r,i]`·weight`[o,i]`, so dWeight`[o,i]` += Σ_r dOut`[r,o]`·in`[r,i]`.
    ///
    /// @param grads holds dWeight `[outC, inC]` at `weightAt`
    public static void matmulBackwardWeight(int[] layer, @InOut float[] grads, int weightAt, int weightStep,
            float[] dOut, int dOutAt, float[] in, int inAt, int inStep, @Terms int rows, int inC, int outC) {
        for (@Parallel int o = 0; o < outC; o++) {
            for (@Parallel int i = 0; i < inC; i++) {
                int l = layer[0];
                int x = inAt + l * inStep + i;
                float sum = 0f;
                for (int r = 0; r < rows; r++) {
                    sum += dOut[dOutAt + r * outC + o] * in[x + r * inC];
                }
                int w = weightAt + l * weightStep + o * inC + i;
                grads[w] = grads[w] + sum;
            }
        }
    }

    /// Forward: out`[r,o]` = bias`[o]` + …, so dBias`[o]` += Σ_r dOut`[r,o]`, for the `count` outputs from `first`.
    ///
    /// @param grads holds dBias `[outC]` at `biasAt`
    public static void matmulBackwardBias(int[] layer, @InOut float[] grads, int biasAt, int biasStep,
            float[] dOut, int dOutAt, int rows, int outC, int first, int count) {
        for (@Parallel int o = 0; o < count; o++) {
            float sum = 0f;
            for (int r = 0; r < rows; r++) {
                sum += dOut[dOutAt + r * outC + first + o];
            }
            int b = biasAt + layer[0] * biasStep + first + o;
            grads[b] = grads[b] + sum;
        }
    }
}
