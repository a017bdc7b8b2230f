package org.tornadomae.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Mean squared error on the removed patches (SPEC, Model 5).
public final class LossKernels {
    private LossKernels() {
    }

    /// rowLoss[r] = mask[token of r]·mean_i (pred − target)².
    ///
    /// @param rowLoss [B, count]
    /// @param pred    [B, count, values]
    /// @param target  [B, count, values]
    /// @param ids     [B, count] token numbers of the rows
    /// @param mask    [B, N]: 0 kept, 1 removed
    public static void lossForward(float[] rowLoss, float[] pred, float[] target, int[] ids, float[] mask,
            int batch, int count, int tokens, int values) {
        for (@Parallel int row = 0; row < batch * count; row++) {
            float sum = 0f;
            for (int i = 0; i < values; i++) {
                float d = pred[row * values + i] - target[row * values + i];
                sum += d * d;
            }
            rowLoss[row] = mask[(row / count) * tokens + ids[row]] * sum / values;
        }
    }

    /// Forward: loss = Σ_r mask·mean (pred − target)² / removed, so dPred = 2·mask·(pred − target) / (values·removed).
    ///
    /// @param dPred   [B, count, values], overwritten
    /// @param removed removed patches that the whole batch averages over, all micro-batches of a step together
    public static void lossBackward(float[] dPred, float[] pred, float[] target, int[] ids, float[] mask,
            int batch, int count, int tokens, int values, int removed) {
        for (@Parallel int row = 0; row < batch * count; row++) {
            for (@Parallel int i = 0; i < values; i++) {
                int x = row * values + i;
                float weight = mask[(row / count) * tokens + ids[row]] * 2f / values / removed;
                dPred[x] = weight * (pred[x] - target[x]);
            }
        }
    }
}
