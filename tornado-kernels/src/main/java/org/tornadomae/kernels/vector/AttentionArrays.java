package org.tornadomae.kernels.vector;

import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.kernels.Tensor;

/// What both directions of attention read or write, and where a head of a clip lies in it; heads are numbered through
/// all clips.
///
/// @param out       `[B, N, C]`
/// @param logSumExp `[B, NH, N]`
/// @param qkv       `[B, N, 3·C]`
record AttentionArrays(Tensor out, Tensor logSumExp, Tensor qkv, AttentionShape shape) {

    /// Heads of all clips.
    int heads() {
        return shape.batch() * shape.heads();
    }

    /// Floats from one token's queries to the next: 3·C.
    int qkvRow() {
        return 3 * shape.channels();
    }

    /// Where a head's first query lies in a tensor laid out like `qkv`; its keys follow C floats behind, its
    /// values 2·C.
    int queries(Tensor like, int head) {
        return like.at() + head / shape.heads() * shape.tokens() * qkvRow() + head % shape.heads() * shape.headSize();
    }

    /// Where a head's first output lies in a tensor laid out like `out`.
    int outputs(Tensor like, int head) {
        return like.at() + head / shape.heads() * shape.tokens() * shape.channels()
                + head % shape.heads() * shape.headSize();
    }

    /// Where a head's first log-sum-exp lies.
    int statistics(int head) {
        return logSumExp.at() + head * shape.tokens();
    }
}
