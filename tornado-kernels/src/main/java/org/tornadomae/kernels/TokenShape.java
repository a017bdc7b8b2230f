package org.tornadomae.kernels;

/// Rows of chosen tokens of a batch: `[B, cls + count, C]`.
///
/// @param batch    B
/// @param count    chosen tokens of a clip: the visible ones, the predicted ones, or all
/// @param tokens   N, all tokens of a clip
/// @param cls      1 when row 0 of a clip is the class token, 0 when there is none
/// @param channels C, values of a row
public record TokenShape(int batch, int count, int tokens, int cls, int channels) {

    /// Rows of chosen tokens in the whole batch, class tokens left out.
    public int chosen() {
        return batch * count;
    }

    /// Rows of the whole batch, class tokens included.
    public int rows() {
        return batch * (cls + count);
    }

    /// Rows of the whole batch when all tokens are there.
    public int allRows() {
        return batch * (cls + tokens);
    }
}
