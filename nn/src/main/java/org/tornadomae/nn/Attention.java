package org.tornadomae.nn;

import java.util.List;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;

/// Multi-head self-attention with separate q, k, v parameters that run as one product (SPEC, Model 3).
public final class Attention {
    private final Linear qkvLinear;
    private final Linear proj;
    private final int batch;
    private final int tokens;
    private final int heads;
    private final int headSize;
    private final Tensor qkv;
    private final Tensor attended;
    private final Tensor logSumExp;
    private final float[] dAttended;
    private final float[] dQkv;
    private final float[] dot;

    public Attention(ParamLayout layout, BlockShape s, Scratch scratch) {
        this.qkvLinear = Linear.declareMerged(layout, List.of("attn.q", "attn.k", "attn.v"), s.channels(), s.channels(), s.qkvBias());
        this.proj = Linear.declare(layout, "attn.proj", s.channels(), s.channels(), true);
        this.batch = s.batch();
        this.tokens = s.tokens();
        this.heads = s.heads();
        this.headSize = s.channels() / s.heads();
        int n = s.rows() * s.channels();
        this.qkv = Tensor.stacked(Sizes.floats(s.layers(), s.rows(), 3, s.channels()), 3 * n); // [L, B, N, 3·C]
        this.attended = Tensor.stacked(Sizes.floats(s.layers(), s.rows(), s.channels()), n); // [L, B, N, C]
        this.logSumExp = Tensor.stacked(Sizes.floats(s.layers(), s.rows(), heads), s.rows() * heads); // [L, B, NH, N]
        this.dAttended = scratch.wide(); // [B, N, C]
        this.dQkv = scratch.dWide(); // [B, N, 3·C]
        this.dot = Sizes.floats(s.rows(), heads); // [B, NH, N]
    }

    /// @param out [B, N, C]
    /// @param in  [B, N, C]
    public void forward(Ops ops, Params params, float[] out, float[] in) {
        qkvLinear.forward(ops, params, qkv, Tensor.of(in), batch * tokens);
        ops.attention(attended, logSumExp, qkv, batch, tokens, heads, headSize);
        proj.forward(ops, params, Tensor.of(out), attended, batch * tokens);
    }

    /// @param dIn  [B, N, C], overwritten
    /// @param dOut [B, N, C]
    /// @param in   what forward read
    public void backward(Ops ops, Params params, float[] dIn, float[] dOut, float[] in) {
        proj.backward(ops, params, dAttended, dOut, attended, batch * tokens);
        ops.attentionBackward(dQkv, dot, dAttended, attended, logSumExp, qkv, batch, tokens, heads, headSize);
        qkvLinear.backwardInput(ops, params, dIn, dQkv, batch * tokens);
        qkvLinear.backwardWeight(ops, params, dQkv, Tensor.of(in), batch * tokens);
        // Softmax does not see a constant added to all keys: the gradient of k's bias is exactly zero, so it is left at
        // zero instead of summing rounding noise that Adam would turn into steps.
        int width = heads * headSize;
        qkvLinear.backwardBias(ops, params, dQkv, batch * tokens, 0, width);
        qkvLinear.backwardBias(ops, params, dQkv, batch * tokens, 2 * width, width);
    }
}
