package org.tornadomae.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Buffer.Role;
import org.tornadomae.kernels.ElementType;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;

/// For activations what [ParamLayout] is for weights: every array that a step works on, declared once, where the layer
/// that uses it is built.
///
/// From the declarations follows everything else: what a program uploads and downloads, what stays on a device, which
/// scratch arrays share memory, and the name of the first bad tensor. Arrays have no memory before [#allocate].
public final class Workspace {
    private final boolean training;
    private final List<Buffer> buffers = new ArrayList<>();
    private String prefix = "";
    private int layers = 1;

    private Workspace(boolean training) {
        this.training = training;
    }

    /// Of a model that learns: results stay on the device, where backward reads them.
    public static Workspace forTraining() {
        return new Workspace(true);
    }

    /// Of a model that only predicts: results are brought back to the host.
    public static Workspace forInference() {
        return new Workspace(false);
    }

    /// Declares parameters and arrays of one block, repeated for `depth` layers: parameters as [ParamLayout#stack]
    /// does, and what is kept for backward with a leading layer dimension. Scratch is the same for all layers.
    public <T> T stack(ParamLayout layout, String prefix, int depth, Supplier<T> declarations) {
        this.prefix = prefix + ".";
        this.layers = depth;
        List<T> declared = new ArrayList<>();
        layout.stack(prefix, depth, () -> declared.add(declarations.get()));
        this.prefix = "";
        this.layers = 1;
        return declared.getFirst();
    }

    /// What the host fills before every run.
    public Tensor input(String name, int... shape) {
        return Tensor.of(declare(name, Role.INPUT, 1, shape));
    }

    /// What the host fills before every run, for each layer of a stack.
    public Tensor inputPerLayer(String name, int... shape) {
        return Tensor.stacked(declare(name, Role.INPUT, layers, shape), Sizes.product(shape));
    }

    /// Token numbers or places that the host fills before every run.
    public Tensor indices(String name, int... shape) {
        return Tensor.of(add(Buffer.declare(prefix + name, Role.INPUT, ElementType.INT32, Sizes.product(shape))));
    }

    /// Numbers that never change.
    public Tensor constant(String name, int[] values) {
        return Tensor.of(add(Buffer.over(prefix + name, Role.CONSTANT, values)));
    }

    /// Numbers that never change.
    public Tensor constant(String name, float[] values) {
        return Tensor.of(add(Buffer.over(prefix + name, Role.CONSTANT, values)));
    }

    /// What the host reads after every run.
    public Tensor output(String name, int... shape) {
        return Tensor.of(declare(name, Role.OUTPUT, 1, shape));
    }

    /// What inference is run for: an output there, and kept for backward in training.
    public Tensor result(String name, int... shape) {
        return Tensor.of(declare(name, training ? Role.KEPT : Role.OUTPUT, 1, shape));
    }

    /// What forward writes and backward reads; inside of [#stack] one of it for each layer.
    public Tensor kept(String name, int... shape) {
        return kept(name, layers, shape);
    }

    /// What passes from layer to layer: one more of it than layers, since the last one's output is nobody's input.
    public Tensor keptBetweenLayers(String name, int... shape) {
        return kept(name, layers + 1, shape);
    }

    private Tensor kept(String name, int count, int... shape) {
        Buffer buffer = declare(name, Role.KEPT, count, shape);
        return count == 1 ? Tensor.of(buffer) : Tensor.stacked(buffer, Sizes.product(shape));
    }

    /// What only the next few operations need. Its memory is shared with other scratch whose lifetime does not meet its
    /// own.
    public Tensor scratch(String name, int... shape) {
        return Tensor.of(declare(name, Role.SCRATCH, 1, shape));
    }

    private Buffer declare(String name, Role role, int count, int... shape) {
        return add(
                Buffer.declare(prefix + name, role, ElementType.FLOAT32, Sizes.product(count, Sizes.product(shape))));
    }

    private Buffer add(Buffer buffer) {
        buffers.add(buffer);
        return buffer;
    }

    /// Gives memory to all that the programs use, and to what the host fills. Scratch is laid out by [Lifetimes].
    ///
    /// @param programs all that will ever run on this workspace
    public void allocate(Program... programs) {
        Lifetimes lifetimes = Lifetimes.of(Arrays.asList(programs));
        unshared(lifetimes).parallel().forEach(Buffer::allocate);
        lifetimes.bindScratch();
    }

    /// Bytes that [#allocate] will take.
    public long bytes(Program... programs) {
        Lifetimes lifetimes = Lifetimes.of(Arrays.asList(programs));
        return unshared(lifetimes).mapToLong(Buffer::bytes).sum() + lifetimes.scratchBytes();
    }

    private Stream<Buffer> unshared(Lifetimes lifetimes) {
        return buffers.stream().filter(buffer -> switch (buffer.role()) {
            case INPUT -> true;
            case KEPT, OUTPUT -> lifetimes.uses(buffer);
            default -> false;
        });
    }

    /// The declared arrays of one role that have memory, in the order of declaration.
    public List<Buffer> buffers(Role role) {
        return buffers.stream().filter(buffer -> buffer.role() == role && buffer.array() != null).toList();
    }
}
