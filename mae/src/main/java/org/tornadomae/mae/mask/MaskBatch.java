package org.tornadomae.mae.mask;

import org.tornadomae.kernels.Tensor;
import org.tornadomae.nn.Workspace;

/// The masks of a batch as the kernels read them; filled clip by clip before a step.
///
/// Two index lists with their inverses: the visible tokens in the order in which the encoder sees them, and the tokens
/// that the decoder predicts: the removed ones in training, all of them where the whole picture is wanted.
public final class MaskBatch {
    private final int tokens;
    private final int keep;
    private final boolean predictAll;
    private final Tensor idsKeep;
    private final Tensor idsRestore;
    private final Tensor idsPredict;
    private final Tensor predictSlots;
    private final Tensor mask;

    public MaskBatch(Workspace workspace, int batch, int tokens, int keep, boolean predictAll) {
        this.tokens = tokens;
        this.keep = keep;
        this.predictAll = predictAll;
        this.idsKeep = workspace.indices("idsKeep", batch, keep);
        this.idsRestore = workspace.indices("idsRestore", batch, tokens);
        this.idsPredict = workspace.indices("idsPredict", batch, predicted());
        this.predictSlots = workspace.indices("predictSlots", batch, tokens);
        this.mask = workspace.input("mask", batch, tokens);
    }

    /// Sets the mask of one clip.
    ///
    /// @param idsShuffle `[N]`, a permutation of the tokens: the first `keep` stay visible, in this order
    public void set(int clip, int[] idsShuffle) {
        int predicted = predicted();
        for (int i = 0; i < tokens; i++) {
            int token = idsShuffle[i];
            idsRestore.ints()[clip * tokens + token] = i;
            mask.floats()[clip * tokens + token] = i < keep ? 0 : 1; // 0 kept, 1 removed
            if (i < keep) {
                idsKeep.ints()[clip * keep + i] = token;
            }
            int slot = predictAll ? token : i - keep;
            predictSlots.ints()[clip * tokens + token] = slot < 0 ? predicted : slot;
            if (slot >= 0) {
                idsPredict.ints()[clip * predicted + slot] = token;
            }
        }
    }

    /// Predicted tokens of a clip.
    public int predicted() {
        return predictAll ? tokens : tokens - keep;
    }

    /// `[B, keep]` token numbers.
    public Tensor idsKeep() {
        return idsKeep;
    }

    /// `[B, N]` place of each token in the shuffle; below `keep` it is visible.
    public Tensor idsRestore() {
        return idsRestore;
    }

    /// `[B, predicted]` token numbers.
    public Tensor idsPredict() {
        return idsPredict;
    }

    /// `[B, N]` place of each token among the predicted ones; `predicted` where it is not.
    public Tensor predictSlots() {
        return predictSlots;
    }

    /// `[B, N]`: 0 kept, 1 removed.
    public Tensor mask() {
        return mask;
    }
}
