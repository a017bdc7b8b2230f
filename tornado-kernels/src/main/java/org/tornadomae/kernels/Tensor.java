package org.tornadomae.kernels;

/// A view of a flat array as one layer sees it: layer `l` starts at `data[at + l * step]`.
///
/// @param data the array, shared by all layers
/// @param at   start of layer 0, in elements
/// @param step distance from one layer to the next, in elements; 0 when the tensor is not stacked over layers
public record Tensor(float[] data, int at, int step) {

    /// A whole array that is not stacked over layers.
    public static Tensor of(float[] data) {
        return new Tensor(data, 0, 0);
    }

    /// An array stacked over layers: `[L, step]`.
    public static Tensor stacked(float[] data, int step) {
        return new Tensor(data, 0, step);
    }

    /// The same stack seen one layer further on: what layer `l` writes here, layer `l + 1` reads.
    public Tensor next() {
        return new Tensor(data, at + step, step);
    }
}
