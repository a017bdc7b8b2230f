package org.tornadomae.nn;

import org.tornadomae.kernels.Tensor;

/// What is learned: one flat array each for values, gradients and AdamW's moments, over one [ParamLayout].
public final class Params {
    private final ParamLayout layout;
    private final float[] values;
    private final float[] grads;
    private final float[] m;
    private final float[] v;

    private Params(ParamLayout layout, int trained) {
        this.layout = layout;
        this.values = new float[layout.size()];
        this.grads = new float[trained];
        this.m = new float[trained];
        this.v = new float[trained];
    }

    /// Zeroed arrays for training.
    public static Params forTraining(ParamLayout layout) {
        return new Params(layout, layout.size());
    }

    /// Values only: nothing backward may run.
    public static Params forInference(ParamLayout layout) {
        return new Params(layout, 0);
    }

    /// Fills the values as the paper starts them; each tensor has its own stream, keyed by its name.
    public Params initialise(long seed) {
        for (ParamLayout.Entry entry : layout.entries()) {
            entry.param().init().fill(values, layout.start(entry), entry.param().shape(), Rng.of(seed, Rng.keyOf(entry.name())));
        }
        return this;
    }

    public ParamLayout layout() {
        return layout;
    }

    /// A parameter as kernels read it; null stays null (an absent bias).
    public Tensor value(Param param) {
        return tensor(values, param);
    }

    /// The gradient of a parameter as kernels accumulate it.
    public Tensor grad(Param param) {
        return tensor(grads, param);
    }

    private Tensor tensor(float[] array, Param param) {
        return param == null ? null : new Tensor(array, layout.start(param, 0), param.step());
    }

    public float[] values() {
        return values;
    }

    public float[] grads() {
        return grads;
    }

    public float[] m() {
        return m;
    }

    public float[] v() {
        return v;
    }

    /// Start of an official tensor in each of the flat arrays.
    public int start(ParamLayout.Entry entry) {
        return layout.start(entry);
    }
}
