package org.tornadomae.nn;

import java.util.ArrayList;
import java.util.List;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;

/// out = in · weightᵀ + bias.
public final class Linear {
    private final Param weight;
    private final Param bias;
    private final int inC;
    private final int outC;
    private final int weights;

    private Linear(Param weight, Param bias, int inC, int outC) {
        this.weight = weight;
        this.bias = bias;
        this.inC = inC;
        this.outC = outC;
        this.weights = Sizes.product(outC, inC);
    }

    /// Declares `name.weight` `[outC, inC]` and, if wanted, `name.bias` `[outC]`.
    public static Linear declare(ParamLayout layout, String name, int inC, int outC, boolean withBias) {
        return declareMerged(layout, List.of(name), inC, outC, withBias);
    }

    /// Declares the same with another start for the weight; the bias starts at 0.
    public static Linear declare(ParamLayout layout, String name, int inC, int outC, Init weight) {
        return new Linear(layout.declare(name + ".weight", weight, outC, inC),
                layout.declare(name + ".bias", Init.ZEROS, outC),
                inC, outC);
    }

    /// Declares several linears of the same input that run as one product: their weights lie one after the other.
    public static Linear declareMerged(ParamLayout layout, List<String> names, int inC, int outEach, boolean withBias) {
        List<Param> weights = new ArrayList<>();
        List<Param> biases = new ArrayList<>();
        for (String name : names) {
            weights.add(layout.declare(name + ".weight", Init.XAVIER_UNIFORM, outEach, inC));
        }
        if (withBias) {
            for (String name : names) {
                biases.add(layout.declare(name + ".bias", Init.ZEROS, outEach));
            }
        }
        return new Linear(weights.getFirst(), withBias ? biases.getFirst() : null, inC, outEach * names.size());
    }

    /// Declares the patch embedding: a 3-D convolution whose kernel is its stride, so one product over flattened
    /// patches.
    public static Linear declarePatchEmbedding(ParamLayout layout, String name, int outC, int tPatchSize,
            int patchSize) {
        Param weight = layout.declare(name + ".weight", Init.XAVIER_UNIFORM, outC, 3, tPatchSize, patchSize, patchSize);
        Param bias = layout.declare(name + ".bias", Init.ZEROS, outC);
        return new Linear(weight, bias, Sizes.product(3, tPatchSize, patchSize, patchSize), outC);
    }

    /// @param out `[rows, outC]`
    /// @param in  `[rows, inC]`
    public void forward(Ops ops, Params params, Tensor out, Tensor in, int rows) {
        ops.matmul(out, in, params.value(weight, weights), params.value(bias, outC), rows, inC, outC);
    }

    /// @param dIn  `[rows, inC]`, overwritten
    /// @param dOut `[rows, outC]`
    /// @param in   what forward read
    public void backward(Ops ops, Params params, Tensor dIn, Tensor dOut, Tensor in, int rows) {
        backwardInput(ops, params, dIn, dOut, rows);
        backwardParams(ops, params, dOut, in, rows);
    }

    /// The gradient of the input only.
    void backwardInput(Ops ops, Params params, Tensor dIn, Tensor dOut, int rows) {
        ops.matmulBackwardInput(dIn, dOut, params.value(weight, weights), rows, inC, outC);
    }

    /// The gradients of the parameters only, for a layer whose input needs none.
    public void backwardParams(Ops ops, Params params, Tensor dOut, Tensor in, int rows) {
        backwardWeight(ops, params, dOut, in, rows);
        backwardBias(ops, params, dOut, rows, 0, outC);
    }

    void backwardWeight(Ops ops, Params params, Tensor dOut, Tensor in, int rows) {
        ops.matmulBackwardWeight(params.grad(weight, weights), dOut, in, rows, inC, outC);
    }

    /// The gradient of `count` biases from `first`.
    void backwardBias(Ops ops, Params params, Tensor dOut, int rows, int first, int count) {
        if (bias != null) {
            ops.matmulBackwardBias(params.grad(bias, outC), dOut, rows, outC, first, count);
        }
    }
}
