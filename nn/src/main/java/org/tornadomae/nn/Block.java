package org.tornadomae.nn;

import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;

/// The pre-norm transformer block, x += attention(norm1(x)); x += mlp(norm2(x)), for all layers of a stack at once.
///
/// One object serves every layer: its activations carry a leading layer dimension and its parameters repeat with a fixed
/// step, so that a device compiles it once for any depth. Kept for the backward pass: the residual stream, qkv, the
/// attended values, the MLP's hidden layer and row statistics; normalised rows and GELU are computed again.
public final class Block {
    private final BlockShape shape;
    private final LayerNorm norm1;
    private final Attention attention;
    private final LayerNorm norm2;
    private final Mlp mlp;
    private final Tensor stream;
    private final Tensor middle;
    private final float[] normed;
    private final float[] branch;
    private final float[] dStream;
    private final int n;

    public Block(ParamLayout layout, String prefix, BlockShape shape, Scratch scratch) {
        this.shape = shape;
        int layers = shape.layers();
        int rows = shape.rows();
        int channels = shape.channels();
        this.n = Sizes.product(rows, channels);
        var declared = new Object() {
            LayerNorm norm1;
            Attention attention;
            LayerNorm norm2;
            Mlp mlp;
        };
        layout.stack(prefix, layers, () -> {
            declared.norm1 = new LayerNorm(layout, "norm1", layers, rows, channels);
            declared.attention = new Attention(layout, shape, scratch);
            declared.norm2 = new LayerNorm(layout, "norm2", layers, rows, channels);
            declared.mlp = new Mlp(layout, shape, scratch);
        });
        this.norm1 = declared.norm1;
        this.attention = declared.attention;
        this.norm2 = declared.norm2;
        this.mlp = declared.mlp;
        this.stream = Tensor.stacked(Sizes.floats(layers + 1, rows, channels), n); // [L + 1, B, N, C]
        this.middle = Tensor.stacked(Sizes.floats(layers, rows, channels), n); // [L, B, N, C], between the two branches
        this.normed = scratch.normed();
        this.branch = scratch.branch();
        this.dStream = new float[n];
    }

    /// Where the caller puts the stack's input: [B, N, C] at the start of this array.
    public float[] input() {
        return stream.data();
    }

    /// The stack's output [B, N, C].
    public Tensor output() {
        return new Tensor(stream.data(), shape.layers() * n, 0, n);
    }

    /// The gradient of the residual stream [B, N, C]: the caller fills it with that of [#output]; after [#backward] it is that of [#input].
    public float[] dStream() {
        return dStream;
    }

    public void forward(Ops ops, Params params) {
        ops.forEachLayer(shape.layers(), false, () -> {
            norm1.forward(ops, params, normed, stream);
            attention.forward(ops, params, branch, normed);
            ops.residual(middle, stream, branch, n);
            norm2.forward(ops, params, normed, middle);
            mlp.forward(ops, params, branch, normed);
            ops.residual(stream.next(), middle, branch, n);
        });
    }

    /// The residual path hands dStream through as it is; each branch adds its own part.
    public void backward(Ops ops, Params params) {
        ops.forEachLayer(shape.layers(), true, () -> {
            norm2.forwardAgain(ops, params, normed, middle);
            mlp.backward(ops, params, branch, dStream, normed);
            norm2.backward(ops, params, dStream, branch, middle);
            norm1.forwardAgain(ops, params, normed, stream);
            attention.backward(ops, params, branch, dStream, normed);
            norm1.backward(ops, params, dStream, branch, stream);
        });
    }
}
