package org.tornadomae.nn;

import java.util.List;
import java.util.stream.Stream;
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
        // gigabytes, and Java clears them: side by side
        List<float[]> arrays = Stream.of(layout.size(), trained, trained, trained).parallel().map(float[]::new).toList();
        this.values = arrays.get(0);
        this.grads = arrays.get(1);
        this.m = arrays.get(2);
        this.v = arrays.get(3);
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
        layout.entries().parallelStream().forEach(entry ->
                entry.param().init().fill(values, layout.start(entry), entry.param().shape(), Rng.of(seed, Rng.keyOf(entry.name()))));
        return this;
    }

    public ParamLayout layout() {
        return layout;
    }

    /// A parameter as kernels read it; null stays null (an absent bias).
    public Tensor value(Param param) {
        return param == null ? null : value(param, param.size());
    }

    /// The gradient of a parameter as kernels accumulate it.
    public Tensor grad(Param param) {
        return param == null ? null : grad(param, param.size());
    }

    /// A parameter together with those that lie behind it, `size` elements in all; null stays null.
    Tensor value(Param first, int size) {
        return tensor(values, first, size);
    }

    /// The gradients of a parameter and of those that lie behind it.
    Tensor grad(Param first, int size) {
        return tensor(grads, first, size);
    }

    private Tensor tensor(float[] array, Param first, int size) {
        return first == null ? null : new Tensor(array, layout.start(first, 0), first.step(), size);
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
