package org.tornadomae.nn;

import java.util.function.Function;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;

/// The pre-norm transformer block, x += attention(norm1(x)); x += mlp(norm2(x)), for all layers of a stack at once.
///
/// One object serves every layer: its activations carry a leading layer dimension and its parameters repeat with a
/// fixed step, so that a device compiles it once for any depth. Kept for the backward pass: the residual stream, qkv,
/// the attended values, the MLP's hidden layer and row statistics; normalised rows and GELU are computed again.
public final class Block {
    /// Stochastic depth: factors that the host draws, and what they make of a branch.
    ///
    /// @param attention `[L, B]`: 0 drops the branch of a clip, 1 / (1 − rate) keeps it
    /// @param mlp       `[L, B]`, likewise
    /// @param kept      `[B, N, C]`
    private record Drops(Tensor attention, Tensor mlp, Tensor kept) {
        /// A branch, or its gradient, as far as it is kept.
        static Tensor of(Drops drops, Ops ops, Tensor branch, Function<Drops, Tensor> factors) {
            if (drops == null) {
                return branch;
            }
            ops.scale(drops.kept, branch, factors.apply(drops));
            return drops.kept;
        }
    }

    private record Parts(Tensor stream, LayerNorm norm1, Attention attention, Tensor middle, LayerNorm norm2, Mlp mlp,
            Tensor normed, Tensor branch, Drops drops) {
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
    private final Drops drops;
    private final Tensor dStream;

    public Block(ParamLayout layout, Workspace workspace, String prefix, BlockShape shape) {
        this.layers = shape.layers();
        int rows = shape.rows();
        int channels = shape.channels();
        Parts parts = workspace.stack(layout, prefix, layers, () -> new Parts(
                workspace.keptBetweenLayers("stream", rows, channels), // [L + 1, B, N, C]
                new LayerNorm(layout, workspace, "norm1", rows, channels, shape.normEps()),
                new Attention(layout, workspace, shape),
                workspace.kept("middle", rows, channels), // [L, B, N, C], between the two branches
                new LayerNorm(layout, workspace, "norm2", rows, channels, shape.normEps()),
                new Mlp(layout, workspace, shape),
                workspace.scratch("normed", rows, channels), // [B, N, C]
                // [B, N, C], in backward the gradient of what a branch read
                workspace.scratch("branch", rows, channels),
                shape.dropPath() ? drops(workspace, shape) : null));
        this.norm1 = parts.norm1();
        this.attention = parts.attention();
        this.norm2 = parts.norm2();
        this.mlp = parts.mlp();
        this.stream = parts.stream();
        this.middle = parts.middle();
        this.normed = parts.normed();
        this.branch = parts.branch();
        this.drops = parts.drops();
        this.dStream = workspace.scratch(prefix + ".dStream", rows, channels); // [B, N, C]
    }

    private static Drops drops(Workspace workspace, BlockShape shape) {
        int batch = shape.attention().batch();
        return new Drops(workspace.inputPerLayer("dropPath.attention", batch),
                workspace.inputPerLayer("dropPath.mlp", batch),
                workspace.scratch("dropPath.kept", shape.rows(), shape.channels()));
    }

    /// `[L, B]` factors of the attention branches, filled by the host before each run: 0 drops the branch of a clip and
    /// 1 / (1 − rate) keeps it. Null where nothing is dropped.
    public Tensor keepAttention() {
        return drops == null ? null : drops.attention();
    }

    /// `[L, B]` factors of the MLP branches, likewise.
    public Tensor keepMlp() {
        return drops == null ? null : drops.mlp();
    }

    /// Where the caller puts the stack's input: `[B, N, C]`.
    public Tensor input() {
        return stream.layer(0);
    }

    /// The stack's output `[B, N, C]`.
    public Tensor output() {
        return stream.layer(layers);
    }

    /// The gradient of the residual stream `[B, N, C]`: the caller fills it with that of [#output]; after [#backward]
    /// it is that of [#input].
    public Tensor dStream() {
        return dStream;
    }

    public void forward(Ops ops, Params params) {
        ops.forEachLayer(layers, false, () -> {
            norm1.forward(ops, params, normed, stream);
            attention.forward(ops, params, branch, normed);
            ops.residual(middle, stream, Drops.of(drops, ops, branch, Drops::attention));
            norm2.forward(ops, params, normed, middle);
            mlp.forward(ops, params, branch, normed);
            ops.residual(stream.next(), middle, Drops.of(drops, ops, branch, Drops::mlp));
        });
    }

    /// The residual path hands dStream through as it is; each branch adds its own part.
    public void backward(Ops ops, Params params) {
        ops.forEachLayer(layers, true, () -> {
            norm2.recompute(ops, params, normed, middle);
            mlp.backward(ops, params, branch, Drops.of(drops, ops, dStream, Drops::mlp), normed);
            norm2.backward(ops, params, dStream, branch, middle);
            norm1.recompute(ops, params, normed, stream);
            attention.backward(ops, params, branch, Drops.of(drops, ops, dStream, Drops::attention), normed);
            norm1.backward(ops, params, dStream, branch, stream);
        });
    }
}
