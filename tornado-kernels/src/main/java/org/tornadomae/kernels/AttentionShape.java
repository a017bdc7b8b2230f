package org.tornadomae.kernels;

/// The sizes of multi-head attention.
///
/// @param batch    B
/// @param tokens   N, all of which see each other within a clip
/// @param heads    NH
/// @param headSize HS; C = NH·HS
public record AttentionShape(int batch, int tokens, int heads, int headSize) {

    /// C = NH·HS
    public int channels() {
        return heads * headSize;
    }
}
