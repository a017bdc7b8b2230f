package org.tornadomae.kernels;

import java.util.Objects;

/// A view of a flat array as one layer sees it: layer `l` starts at `data[at + l * step]`.
///
/// @param data the array, shared by all layers
/// @param at   start of layer 0, in elements
/// @param step distance from one layer to the next, in elements; 0 when the tensor is not stacked over layers
/// @param size elements of one layer
public record Tensor(float[] data, int at, int step, int size) {
    public Tensor {
        Objects.checkFromIndexSize(at, size, data.length);
    }

    /// A whole array that is not stacked over layers.
    public static Tensor of(float[] data) {
        return new Tensor(data, 0, 0, data.length);
    }

    /// An array stacked over layers: `[L, step]`.
    public static Tensor stacked(float[] data, int step) {
        return new Tensor(data, 0, step, step);
    }

    /// The same stack seen one layer further on: what layer `l` writes here, layer `l + 1` reads.
    public Tensor next() {
        return new Tensor(data, at + step, step, size);
    }
}
