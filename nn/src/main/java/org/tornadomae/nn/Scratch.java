package org.tornadomae.nn;

/// Arrays for values that only the next few operations need. The blocks of a model run one after another and share them:
/// whoever writes one must be done with it before another block runs.
///
/// @param normed [rows, C]: normalised rows
/// @param branch [rows, C]: what a branch adds to the stream; in backward the gradient of what it read
/// @param wide   [rows, max(3·C, MLP)]
/// @param dWide  [rows, max(3·C, MLP)]
public record Scratch(float[] normed, float[] branch, float[] wide, float[] dWide) {

    /// Room for the blocks of all `shapes`, and for `most` floats in [#wide] and [#dWide].
    public static Scratch of(int most, BlockShape... shapes) {
        int narrow = 0;
        int wide = most;
        for (BlockShape s : shapes) {
            narrow = Math.max(narrow, Sizes.product(s.rows(), s.channels()));
            wide = Math.max(wide, Sizes.product(s.rows(), Math.max(s.mlpWidth(), 3 * s.channels())));
        }
        return new Scratch(new float[narrow], new float[narrow], new float[wide], new float[wide]);
    }
}
