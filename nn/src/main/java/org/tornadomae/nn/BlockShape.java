package org.tornadomae.nn;

import org.tornadomae.kernels.AttentionShape;

/// The sizes of a stack of transformer blocks.
///
/// @param layers    L, depth of the stack
/// @param attention B, N (the class token included), NH and HS; the width C of the stack is NH·HS
/// @param mlpWidth  hidden width of the MLP
/// @param qkvBias   whether q, k and v have biases
/// @param normEps   what layer norms add to the variance
/// @param dropPath  whether the host may drop branches of single clips (stochastic depth)
public record BlockShape(int layers, AttentionShape attention, int mlpWidth, boolean qkvBias, double normEps,
        boolean dropPath) {

    /// B·N
    public int rows() {
        return Sizes.product(attention.batch(), attention.tokens());
    }

    /// C
    public int channels() {
        return attention.channels();
    }
}
