package org.tornadomae.nn;

/// Which tensors are decayed. All agree that biases, norms and whatever else has one dimension are not; the two public
/// fine-tuning codes differ in the tokens and tables that are added to the input.
public enum WeightDecayRule {
    /// mae_st: class token and position embeddings are not decayed.
    MAE_ST {
        @Override
        public boolean decays(String name, int dimensions) {
            return dimensions > 1 && !name.equals("cls_token") && !name.startsWith("pos_embed");
        }
    },
    /// PySlowFast, where `ZERO_DECAY_POS_CLS` is off: they are.
    PYSLOWFAST {
        @Override
        public boolean decays(String name, int dimensions) {
            return dimensions > 1;
        }
    };

    /// @param name       official name of the tensor
    /// @param dimensions of its official shape
    public abstract boolean decays(String name, int dimensions);
}
