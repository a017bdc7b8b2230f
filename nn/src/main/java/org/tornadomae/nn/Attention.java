package org.tornadomae.nn;

import java.util.List;
import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;

/// Multi-head self-attention with separate q, k, v parameters that run as one product (docs/spec.md, Model 3).
public final class Attention {
    private final Linear qkvLinear;
    private final Linear proj;
    private final AttentionShape shape;
    private final int rows;
    private final Tensor qkv;
    private final Tensor attended;
    private final Tensor logSumExp;
    private final Tensor dAttended;
    private final Tensor dQkv;
    private final Tensor dots;

    public Attention(ParamLayout layout, Workspace workspace, BlockShape s) {
        int channels = s.channels();
        this.shape = s.attention();
        this.rows = s.rows();
        this.qkvLinear =
                Linear.declareMerged(layout, List.of("attn.q", "attn.k", "attn.v"), channels, channels, s.qkvBias());
        this.proj = Linear.declare(layout, "attn.proj", channels, channels, true);
        this.qkv = workspace.kept("attn.qkv", rows, 3, channels); // [L, B, N, 3·C]
        this.attended = workspace.kept("attn.attended", rows, channels); // [L, B, N, C]
        this.logSumExp = workspace.kept("attn.logSumExp", rows, shape.heads()); // [L, B, NH, N]
        this.dAttended = workspace.scratch("attn.dAttended", rows, channels); // [B, N, C]
        this.dQkv = workspace.scratch("attn.dQkv", rows, 3, channels); // [B, N, 3·C]
        this.dots = workspace.scratch("attn.dots", rows, shape.heads(), 2); // [B, NH, N, 2]
    }

    /// @param out `[B, N, C]`
    /// @param in  `[B, N, C]`
    public void forward(Ops ops, Params params, Tensor out, Tensor in) {
        qkvLinear.forward(ops, params, qkv, in, rows);
        ops.attention(attended, logSumExp, qkv, shape);
        proj.forward(ops, params, out, attended, rows);
    }

    /// @param dIn  `[B, N, C]`, overwritten
    /// @param dOut `[B, N, C]`
    /// @param in   what forward read
    public void backward(Ops ops, Params params, Tensor dIn, Tensor dOut, Tensor in) {
        proj.backward(ops, params, dAttended, dOut, attended, rows);
        ops.attentionBackward(dQkv, dots, dAttended, attended, logSumExp, qkv, shape);
        qkvLinear.backwardInput(ops, params, dIn, dQkv, rows);
        qkvLinear.backwardWeight(ops, params, dQkv, in, rows);
        // Softmax does not see a constant added to all keys: the gradient of k's bias is exactly zero, so it is left at
        // zero instead of summing rounding noise that Adam would turn into steps.
        int width = shape.channels();
        qkvLinear.backwardBias(ops, params, dQkv, rows, 0, width);
        qkvLinear.backwardBias(ops, params, dQkv, rows, 2 * width, width);
    }
}
