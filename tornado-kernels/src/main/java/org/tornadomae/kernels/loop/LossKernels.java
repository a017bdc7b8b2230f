package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.Out;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Mean squared error on the removed patches (docs/spec.md, Model 5).
public final class LossKernels {
    private LossKernels() {}

    /// rowLoss`[r]` = mask`[token of r]`·mean_i (pred − target)².
    ///
    /// @param rowLoss `[B, count]`
    /// @param pred    `[B, count, values]`
    /// @param target  `[B, count, values]`
    /// @param ids     `[B, count]` token numbers of the rows
    /// @param mask    `[B, N]`: 0 kept, 1 removed
    public static void lossForward(@Out float[] rowLoss, int rowLossAt, float[] pred, int predAt,
            float[] target, int targetAt, int[] ids, int idsAt, float[] mask, int maskAt,
            int batch, int count, int tokens, int values) {
        for (@Parallel int row = 0; row < batch * count; row++) {
            float sum = 0f;
            for (int i = 0; i < values; i++) {
                float d = pred[predAt + row * values + i] - target[targetAt + row * values + i];
                sum += d * d;
            }
            rowLoss[rowLossAt + row] = mask[maskAt + (row / count) * tokens + ids[idsAt + row]] * sum / values;
        }
    }

    /// Forward: loss = Σ_r mask·mean (pred − target)² / removed, so dPred = 2·mask·(pred − target) / (values·removed).
    ///
    /// @param dPred   `[B, count, values]`, overwritten
    /// @param removed removed patches that the whole batch averages over, all micro-batches of a step together
    public static void lossBackward(@Out float[] dPred, int dPredAt, float[] pred, int predAt,
            float[] target, int targetAt, int[] ids, int idsAt, float[] mask, int maskAt,
            int batch, int count, int tokens, int values, int removed) {
        for (@Parallel int row = 0; row < batch * count; row++) {
            for (@Parallel int i = 0; i < values; i++) {
                int x = row * values + i;
                float weight = mask[maskAt + (row / count) * tokens + ids[idsAt + row]] * 2f / values / removed;
                dPred[dPredAt + x] = weight * (pred[predAt + x] - target[targetAt + x]);
            }
        }
    }
}
