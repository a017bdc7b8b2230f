package org.tornadomae.nn;

import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;

/// fc2(GELU(fc1(x))).
public final class Mlp {
    private final Linear fc1;
    private final Linear fc2;
    private final int rows;
    private final int width;
    private final Tensor hidden;
    private final float[] active;
    private final float[] dHidden;

    public Mlp(ParamLayout layout, BlockShape s, Scratch scratch) {
        this.rows = s.rows();
        this.width = s.mlpWidth();
        this.fc1 = Linear.declare(layout, "mlp.fc1", s.channels(), width, true);
        this.fc2 = Linear.declare(layout, "mlp.fc2", width, s.channels(), true);
        this.hidden = Tensor.stacked(Sizes.floats(s.layers(), rows, width), rows * width); // [L, B·N, width], before GELU
        this.active = scratch.wide(); // [B·N, width]
        this.dHidden = scratch.dWide(); // [B·N, width]
    }

    /// @param out [B·N, C]
    /// @param in  [B·N, C]
    public void forward(Ops ops, Params params, float[] out, float[] in) {
        fc1.forward(ops, params, hidden, Tensor.of(in), rows);
        ops.gelu(active, hidden, rows * width);
        fc2.forward(ops, params, Tensor.of(out), Tensor.of(active), rows);
    }

    /// @param dIn  [B·N, C], overwritten
    /// @param dOut [B·N, C]
    /// @param in   what forward read
    public void backward(Ops ops, Params params, float[] dIn, float[] dOut, float[] in) {
        ops.gelu(active, hidden, rows * width);
        fc2.backward(ops, params, dHidden, dOut, Tensor.of(active), rows);
        ops.geluBackward(dHidden, hidden, rows * width);
        fc1.backward(ops, params, dIn, dHidden, Tensor.of(in), rows);
    }
}
