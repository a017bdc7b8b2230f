package org.tornadomae.nn;

import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;

/// Layer normalisation. Keeps mean and 1/std of each row for the backward pass.
public final class LayerNorm {
    private final Param weight;
    private final Param bias;
    private final Tensor stats;
    private final Tensor sums;
    private final int rows;
    private final int channels;
    private final float eps;

    /// @param eps added to the variance
    public LayerNorm(ParamLayout layout, Workspace workspace, String name, int rows, int channels, double eps) {
        this.weight = layout.declare(name + ".weight", Init.ONES, channels);
        this.bias = layout.declare(name + ".bias", Init.ZEROS, channels);
        this.stats = workspace.kept(name + ".stats", rows, 2); // [L, rows, 2]
        this.sums = workspace.scratch(name + ".sums", rows, 4); // [rows, 4]
        this.rows = rows;
        this.channels = channels;
        this.eps = (float) eps;
    }

    /// @param out `[rows, C]`
    /// @param in  `[rows, C]`
    public void forward(Ops ops, Params params, Tensor out, Tensor in) {
        ops.layerNorm(out, stats, in, params.value(weight), params.value(bias), rows, channels, eps);
    }

    /// What forward wrote to `out`, again.
    public void recompute(Ops ops, Params params, Tensor out, Tensor in) {
        ops.layerNormRecompute(out, stats, in, params.value(weight), params.value(bias), rows, channels);
    }

    /// @param dIn  `[rows, C]`, accumulated
    /// @param dOut `[rows, C]`
    public void backward(Ops ops, Params params, Tensor dIn, Tensor dOut, Tensor in) {
        ops.layerNormBackwardInput(dIn, sums, dOut, stats, in, params.value(weight), rows, channels);
        ops.layerNormBackwardParams(params.grad(weight), params.grad(bias), dOut, stats, in, rows, channels);
    }
}
