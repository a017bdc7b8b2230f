package org.tornadomae.nn;

/// Arrays for values that only the next few operations need. The blocks of a model run one after another and share them:
/// whoever writes one must be done with it before another block runs.
public final class Scratch {
    private final float[] normed;
    private final float[] branch;
    private final float[] wide;
    private final float[] dWide;

    /// Room for the blocks of all `shapes`, and for `most` floats in [#wide] and [#dWide].
    public static Scratch of(int most, BlockShape... shapes) {
        int narrow = 0;
        int wide = most;
        for (BlockShape s : shapes) {
            narrow = Math.max(narrow, Sizes.product(s.rows(), s.channels()));
            wide = Math.max(wide, Sizes.product(s.rows(), Math.max(s.mlpWidth(), 3 * s.channels())));
        }
        return new Scratch(narrow, wide);
    }

    private Scratch(int narrow, int wide) {
        this.normed = new float[narrow];
        this.branch = new float[narrow];
        this.wide = new float[wide];
        this.dWide = new float[wide];
    }

    /// [rows, C]: normalised rows.
    public float[] normed() {
        return normed;
    }

    /// [rows, C]: what a branch adds to the stream; in backward the gradient of what it read.
    public float[] branch() {
        return branch;
    }

    /// [rows, max(3·C, MLP)]
    public float[] wide() {
        return wide;
    }

    /// [rows, max(3·C, MLP)]
    public float[] dWide() {
        return dWide;
    }
}
