package org.tornadomae.mae.mask;

import org.tornadomae.nn.Sizes;

/// The masks of a batch as the kernels read them; filled clip by clip before a step.
///
/// Two index lists with their inverses: the visible tokens in the order in which the encoder sees them, and the tokens
/// that the decoder predicts: the removed ones in training, all of them where the whole picture is wanted.
public final class MaskBatch {
    private final int tokens;
    private final int keep;
    private final boolean predictAll;
    private final int[] idsKeep;
    private final int[] idsRestore;
    private final int[] idsPredict;
    private final int[] predictSlots;
    private final float[] mask;

    public MaskBatch(int batch, int tokens, int keep, boolean predictAll) {
        this.tokens = tokens;
        this.keep = keep;
        this.predictAll = predictAll;
        this.idsKeep = new int[Sizes.product(batch, keep)];
        this.idsRestore = new int[Sizes.product(batch, tokens)];
        this.idsPredict = new int[batch * predicted()];
        this.predictSlots = new int[batch * tokens];
        this.mask = new float[batch * tokens];
    }

    /// Sets the mask of one clip.
    ///
    /// @param idsShuffle [N], a permutation of the tokens: the first `keep` stay visible, in this order
    public void set(int clip, int[] idsShuffle) {
        int predicted = predicted();
        for (int i = 0; i < tokens; i++) {
            int token = idsShuffle[i];
            idsRestore[clip * tokens + token] = i;
            mask[clip * tokens + token] = i < keep ? 0 : 1; // 0 kept, 1 removed
            if (i < keep) {
                idsKeep[clip * keep + i] = token;
            }
            int slot = predictAll ? token : i - keep;
            predictSlots[clip * tokens + token] = slot < 0 ? predicted : slot;
            if (slot >= 0) {
                idsPredict[clip * predicted + slot] = token;
            }
        }
    }

    /// Predicted tokens of a clip.
    public int predicted() {
        return predictAll ? tokens : tokens - keep;
    }

    /// [B, keep] token numbers.
    public int[] idsKeep() {
        return idsKeep;
    }

    /// [B, N] place of each token in the shuffle; below `keep` it is visible.
    public int[] idsRestore() {
        return idsRestore;
    }

    /// [B, predicted] token numbers.
    public int[] idsPredict() {
        return idsPredict;
    }

    /// [B, N] place of each token among the predicted ones; `predicted` where it is not.
    public int[] predictSlots() {
        return predictSlots;
    }

    /// [B, N]: 0 kept, 1 removed.
    public float[] mask() {
        return mask;
    }
}
