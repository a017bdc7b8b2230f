package org.tornadomae.nn;

/// One declared parameter: its place in the flat arrays, once for all layers of a stack.
///
/// Places are relative to the region it lives in (decayed or not, see [ParamLayout]); [Params] turns them into tensors.
public final class Param {
    private final String prefix;
    private final String name;
    private final int[] shape;
    private final Init init;
    private final int at;
    private final int level;
    private int layers = 1;
    private int step;

    Param(String prefix, String name, int[] shape, Init init, int at, int level) {
        this.prefix = prefix;
        this.name = name;
        this.shape = shape;
        this.init = init;
        this.at = at;
        this.level = level;
    }

    void stack(int layers, int step) {
        this.layers = layers;
        this.step = step;
    }

    /// The official name of the tensor in one layer, e.g. `blocks.3.attn.q.weight`.
    public String name(int layer) {
        return prefix.isEmpty() ? name : prefix + "." + layer + "." + name;
    }

    public int[] shape() {
        return shape.clone();
    }

    public int size() {
        return Sizes.product(shape);
    }

    public int layers() {
        return layers;
    }

    /// Biases and 1-D tensors are not decayed (docs/spec.md, Pre-training recipe).
    public boolean decayed() {
        return shape.length > 1;
    }

    /// Depth of the tensor in the network, for learning rates that shrink towards the input: 0 in front of the first
    /// block, i + 1 in block i, one more behind the last; a second stack counts on.
    public int level(int layer) {
        return level + layer;
    }

    Init init() {
        return init;
    }

    int at() {
        return at;
    }

    int step() {
        return step;
    }
}
