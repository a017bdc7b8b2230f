package org.tornadomae.kernels;

import java.util.Objects;

/// A view of a [Buffer] as one layer sees it: layer `l` starts at element `at + l * step`.
///
/// @param buffer the array, shared by all layers
/// @param at     start of layer 0, in elements
/// @param step   distance from one layer to the next, in elements; 0 when the tensor is not stacked over layers
/// @param size   elements of one layer: exactly those that an operation touches
public record Tensor(Buffer buffer, int at, int step, int size) {
    public Tensor {
        Objects.checkFromIndexSize(at, size, buffer.size());
    }

    /// A whole buffer that is not stacked over layers.
    public static Tensor of(Buffer buffer) {
        return new Tensor(buffer, 0, 0, buffer.size());
    }

    /// A buffer stacked over layers: `[L, size]`.
    public static Tensor stacked(Buffer buffer, int size) {
        return new Tensor(buffer, 0, size, size);
    }

    /// A whole array of a test or a benchmark.
    public static Tensor of(float[] array) {
        return of(Buffer.over("array", Buffer.Role.UNDECLARED, array));
    }

    /// A whole array of integers of a test or a benchmark.
    public static Tensor of(int[] array) {
        return of(Buffer.over("array", Buffer.Role.UNDECLARED, array));
    }

    /// The same stack seen one layer further on: what layer `l` writes here, layer `l + 1` reads.
    public Tensor next() {
        return new Tensor(buffer, at + step, step, size);
    }

    /// One layer of a stack as a tensor of its own.
    public Tensor layer(int layer) {
        return new Tensor(buffer, start(layer), 0, size);
    }

    /// Elements `from` to `from + count` of every layer.
    public Tensor slice(int from, int count) {
        Objects.checkFromIndexSize(from, count, size);
        return new Tensor(buffer, at + from, step, count);
    }

    /// Where a layer starts.
    public int start(int layer) {
        return at + layer * step;
    }

    /// Where the tensor starts, for an operation that does not take it stacked.
    ///
    /// @param looping whether the operation stands in a loop over layers
    /// @throws IllegalArgumentException in a loop when the tensor is stacked
    public int fixedAt(boolean looping) {
        if (looping && step != 0) {
            throw new IllegalArgumentException(
                    buffer.name() + " is stacked over layers, which this operation does not take");
        }
        return at;
    }

    /// Where the tensor starts, for an operation that takes it from the buffer of another.
    ///
    /// @throws IllegalArgumentException when it is in another buffer
    public int atIn(Tensor other) {
        if (buffer != other.buffer) {
            throw new IllegalArgumentException(buffer.name() + " must be in the buffer of " + other.buffer.name());
        }
        return at;
    }

    /// Where the tensor starts, for an operation that takes it from the buffer of another and moves on with that.
    ///
    /// @throws IllegalArgumentException when it is in another buffer or has another step
    public int atBeside(Tensor other) {
        if (step != other.step) {
            throw new IllegalArgumentException(buffer.name() + " must have the step of " + other.buffer.name());
        }
        return atIn(other);
    }

    /// Which of two tensors are stacked, for an operation that takes them layer after layer without gaps.
    ///
    /// @return 1 if only `first` is, 2 if only `second` is, 3 for both, 0 for none
    /// @throws IllegalArgumentException when there are gaps between layers
    public static int stacked(Tensor first, Tensor second) {
        return first.gapless() + 2 * second.gapless();
    }

    private int gapless() {
        if (step != 0 && step != size) {
            throw new IllegalArgumentException(buffer.name() + " must lie layer after layer without gaps");
        }
        return step == 0 ? 0 : 1;
    }

    public ElementType type() {
        return buffer.type();
    }

    /// The whole array: the tensor is part of it.
    public float[] floats() {
        return buffer.floats();
    }

    /// The whole array of integers: the tensor is part of it.
    public int[] ints() {
        return buffer.ints();
    }
}
