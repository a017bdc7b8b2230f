package org.tornadomae.nn;

import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;

/// fc2(GELU(fc1(x))).
public final class Mlp {
    private final Linear fc1;
    private final Linear fc2;
    private final int rows;
    private final Tensor hidden;
    private final Tensor active;
    private final Tensor dHidden;

    public Mlp(ParamLayout layout, Workspace workspace, BlockShape s) {
        int width = s.mlpWidth();
        this.rows = s.rows();
        this.fc1 = Linear.declare(layout, "mlp.fc1", s.channels(), width, true);
        this.fc2 = Linear.declare(layout, "mlp.fc2", width, s.channels(), true);
        this.hidden = workspace.kept("mlp.hidden", rows, width); // [L, B·N, width], before GELU
        this.active = workspace.scratch("mlp.active", rows, width); // [B·N, width]
        this.dHidden = workspace.scratch("mlp.dHidden", rows, width); // [B·N, width]
    }

    /// @param out `[B·N, C]`
    /// @param in  `[B·N, C]`
    public void forward(Ops ops, Params params, Tensor out, Tensor in) {
        fc1.forward(ops, params, hidden, in, rows);
        ops.gelu(active, hidden);
        fc2.forward(ops, params, out, active, rows);
    }

    /// @param dIn  `[B·N, C]`, overwritten
    /// @param dOut `[B·N, C]`
    /// @param in   what forward read
    public void backward(Ops ops, Params params, Tensor dIn, Tensor dOut, Tensor in) {
        ops.gelu(active, hidden);
        fc2.backward(ops, params, dHidden, dOut, active, rows);
        ops.geluBackward(dHidden, hidden);
        fc1.backward(ops, params, dIn, dHidden, in, rows);
    }
}
