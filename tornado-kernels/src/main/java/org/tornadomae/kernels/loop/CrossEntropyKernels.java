package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.Out;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/// Cross entropy against soft targets, which need not sum to one (docs/finetune.md, Loss).
public final class CrossEntropyKernels {
    private CrossEntropyKernels() {}

    /// rowLoss`[r]` = −Σ_k target`[r,k]`·log softmax_k(logits`[r]`).
    ///
    /// @param rowLoss `[rows]`
    /// @param logits  `[rows, K]`
    /// @param target  `[rows, K]`
    public static void crossEntropyForward(@Out float[] rowLoss, int rowLossAt, float[] logits, int logitsAt,
            float[] target, int targetAt, int rows, int classes) {
        for (@Parallel int r = 0; r < rows; r++) {
            int x = logitsAt + r * classes;
            float max = logits[x];
            for (int k = 1; k < classes; k++) {
                max = TornadoMath.max(max, logits[x + k]);
            }
            float total = 0f;
            for (int k = 0; k < classes; k++) {
                total += TornadoMath.exp(logits[x + k] - max);
            }
            float logTotal = TornadoMath.log(total);
            float sum = 0f;
            for (int k = 0; k < classes; k++) {
                sum += target[targetAt + r * classes + k] * (logTotal - (logits[x + k] - max));
            }
            rowLoss[rowLossAt + r] = sum;
        }
    }

    /// Forward: loss = Σ_r rowLoss`[r]` / count, so dLogits`[r,k]` = (softmax_k·Σ target − target`[r,k]`) / count.
    ///
    /// @param dLogits `[rows, K]`, overwritten
    /// @param count   rows that the loss averages over, all micro-batches of a step together
    public static void crossEntropyBackward(@Out float[] dLogits, int dLogitsAt, float[] logits, int logitsAt,
            float[] target, int targetAt, int rows, int classes, int count) {
        for (@Parallel int r = 0; r < rows; r++) {
            int x = logitsAt + r * classes;
            int t = targetAt + r * classes;
            float max = logits[x];
            for (int k = 1; k < classes; k++) {
                max = TornadoMath.max(max, logits[x + k]);
            }
            float total = 0f;
            float weight = 0f;
            for (int k = 0; k < classes; k++) {
                total += TornadoMath.exp(logits[x + k] - max);
                weight += target[t + k];
            }
            for (int k = 0; k < classes; k++) {
                float p = TornadoMath.exp(logits[x + k] - max) / total;
                dLogits[dLogitsAt + r * classes + k] = (p * weight - target[t + k]) / count;
            }
        }
    }
}
