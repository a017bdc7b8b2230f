package org.tornadomae.nn;

import java.util.Optional;
import java.util.stream.Stream;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.ElementType;
import org.tornadomae.kernels.Tensor;

/// What is learned: one flat array each for values, gradients and AdamW's moments, over one [ParamLayout].
public final class Params {
    private final ParamLayout layout;
    private final Buffer values;
    private final Buffer grads;
    private final Buffer m;
    private final Buffer v;

    private Params(ParamLayout layout, int trained) {
        this.layout = layout;
        this.values = state("params", layout.size());
        this.grads = state("grads", trained);
        this.m = state("adam.m", trained);
        this.v = state("adam.v", trained);
    }

    /// Gives the arrays memory: gigabytes that Java clears, so side by side.
    public Params allocate() {
        Stream.of(values, grads, m, v).parallel().forEach(Buffer::allocate);
        return this;
    }

    /// Bytes that [#allocate] will take.
    public long bytes() {
        return Stream.of(values, grads, m, v).mapToLong(Buffer::bytes).sum();
    }

    private static Buffer state(String name, int size) {
        return Buffer.declare(name, Buffer.Role.STATE, ElementType.FLOAT32, size);
    }

    /// Declares arrays that have no memory before [#allocate].
    ///
    /// @param training with gradients and moments; without them nothing backward may run
    public static Params declare(ParamLayout layout, boolean training) {
        return new Params(layout, training ? layout.size() : 0);
    }

    /// Zeroed arrays for training.
    public static Params forTraining(ParamLayout layout) {
        return declare(layout, true).allocate();
    }

    /// Fills the values as the paper starts them; each tensor has its own stream, keyed by its name.
    public Params initialise(long seed) {
        layout.entries().parallelStream().forEach(entry -> entry.param().init().fill(values.floats(),
                layout.start(entry), entry.param().shape(), Rng.of(seed, Rng.keyOf(entry.name()))));
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

    private Tensor tensor(Buffer buffer, Param first, int size) {
        return first == null ? null : new Tensor(buffer, layout.start(first, 0), first.step(), size);
    }

    /// The values, as the host sees them.
    public float[] values() {
        return values.floats();
    }

    /// The gradients, as the host sees them.
    public float[] grads() {
        return grads.floats();
    }

    /// AdamW's first moments, as the host sees them.
    public float[] m() {
        return m.floats();
    }

    /// AdamW's second moments, as the host sees them.
    public float[] v() {
        return v.floats();
    }

    /// The values, as programs and devices see them.
    public Buffer valueBuffer() {
        return values;
    }

    /// The gradients, as programs and devices see them.
    public Buffer gradBuffer() {
        return grads;
    }

    /// AdamW's first moments, as programs and devices see them.
    public Buffer mBuffer() {
        return m;
    }

    /// AdamW's second moments, as programs and devices see them.
    public Buffer vBuffer() {
        return v;
    }

    /// Start of an official tensor in each of the flat arrays.
    public int start(ParamLayout.Entry entry) {
        return layout.start(entry);
    }

    /// The official name of the first tensor with a number that is not finite.
    ///
    /// @param array [#values], [#grads], [#m] or [#v]
    public Optional<String> firstNotFinite(float[] array) {
        return layout.entries().stream().filter(e -> !finite(array, start(e), e.param().size()))
                .map(ParamLayout.Entry::name).findFirst();
    }

    private static boolean finite(float[] array, int start, int size) {
        for (int i = start; i < start + size; i++) {
            if (!Float.isFinite(array[i])) {
                return false;
            }
        }
        return true;
    }
}
