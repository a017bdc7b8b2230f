package org.tornadomae.nn;

/// The sizes of a stack of transformer blocks.
///
/// @param layers   L, depth of the stack
/// @param batch    B
/// @param tokens   N, the class token included
/// @param channels C
/// @param heads    NH, divides C
/// @param mlpWidth hidden width of the MLP
/// @param qkvBias  whether q, k and v have biases
public record BlockShape(int layers, int batch, int tokens, int channels, int heads, int mlpWidth, boolean qkvBias) {

    /// B·N
    public int rows() {
        return Sizes.product(batch, tokens);
    }
}
