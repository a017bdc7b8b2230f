package org.tornadomae.nn;

import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;

/// The pre-norm transformer block, x += attention(norm1(x)); x += mlp(norm2(x)), for all layers of a stack at once.
///
/// One object serves every layer: its activations carry a leading layer dimension and its parameters repeat with a fixed
/// step, so that a device compiles it once for any depth. Kept for the backward pass: the residual stream, qkv, the
/// attended values, the MLP's hidden layer and row statistics; normalised rows and GELU are computed again.
public final class Block {
    private record Parts(Tensor stream, LayerNorm norm1, Attention attention, Tensor middle, LayerNorm norm2, Mlp mlp,
            Tensor normed, Tensor branch) {
    }

    private final int layers;
    private final LayerNorm norm1;
    private final Attention attention;
    private final LayerNorm norm2;
    private final Mlp mlp;
    private final Tensor stream;
    private final Tensor middle;
    private final Tensor normed;
    private final Tensor branch;
    private final Tensor dStream;

    public Block(ParamLayout layout, Workspace workspace, String prefix, BlockShape shape) {
        this.layers = shape.layers();
        int rows = shape.rows();
        int channels = shape.channels();
        Parts parts = workspace.stack(layout, prefix, layers, () -> new Parts(
                workspace.keptBetweenLayers("stream", rows, channels), // [L + 1, B, N, C]
                new LayerNorm(layout, workspace, "norm1", rows, channels),
                new Attention(layout, workspace, shape),
                workspace.kept("middle", rows, channels), // [L, B, N, C], between the two branches
                new LayerNorm(layout, workspace, "norm2", rows, channels),
                new Mlp(layout, workspace, shape),
                workspace.scratch("normed", rows, channels), // [B, N, C]
                workspace.scratch("branch", rows, channels))); // [B, N, C], in backward the gradient of what a branch read
        this.norm1 = parts.norm1();
        this.attention = parts.attention();
        this.norm2 = parts.norm2();
        this.mlp = parts.mlp();
        this.stream = parts.stream();
        this.middle = parts.middle();
        this.normed = parts.normed();
        this.branch = parts.branch();
        this.dStream = workspace.scratch(prefix + ".dStream", rows, channels); // [B, N, C]
    }

    /// Where the caller puts the stack's input: [B, N, C].
    public Tensor input() {
        return stream.layer(0);
    }

    /// The stack's output [B, N, C].
    public Tensor output() {
        return stream.layer(layers);
    }

    /// The gradient of the residual stream [B, N, C]: the caller fills it with that of [#output]; after [#backward] it is that of [#input].
    public Tensor dStream() {
        return dStream;
    }

    public void forward(Ops ops, Params params) {
        ops.forEachLayer(layers, false, () -> {
            norm1.forward(ops, params, normed, stream);
            attention.forward(ops, params, branch, normed);
            ops.residual(middle, stream, branch);
            norm2.forward(ops, params, normed, middle);
            mlp.forward(ops, params, branch, normed);
            ops.residual(stream.next(), middle, branch);
        });
    }

    /// The residual path hands dStream through as it is; each branch adds its own part.
    public void backward(Ops ops, Params params) {
        ops.forEachLayer(layers, true, () -> {
            norm2.recompute(ops, params, normed, middle);
            mlp.backward(ops, params, branch, dStream, normed);
            norm2.backward(ops, params, dStream, branch, middle);
            norm1.recompute(ops, params, normed, stream);
            attention.backward(ops, params, branch, dStream, normed);
            norm1.backward(ops, params, dStream, branch, stream);
        });
    }
}
