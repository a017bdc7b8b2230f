package org.tornadomae.kernels;

/// Places in the `hyper` tensor of [Ops#adamW].
public final class Hyper {
    /// Learning rate of this step.
    public static final int LR = 0;
    /// Decay of the first moment.
    public static final int BETA1 = 1;
    /// Decay of the second moment.
    public static final int BETA2 = 2;
    /// Added to the root of the second moment.
    public static final int EPS = 3;
    /// Decoupled weight decay.
    public static final int WEIGHT_DECAY = 4;
    /// 1 − β₁ᵗ, the first moment's bias correction at step t.
    public static final int CORRECTION1 = 5;
    /// 1 − β₂ᵗ, the second moment's bias correction at step t.
    public static final int CORRECTION2 = 6;
    /// Global norm to clip the gradient to; 0 does not clip.
    public static final int MAX_NORM = 7;
    /// Elements of the tensor.
    public static final int SIZE = 8;

    private Hyper() {}
}
