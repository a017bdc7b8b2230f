package org.tornadomae.kernels.tornado;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.tornadomae.kernels.Tensor;

/// Tensors for the self-check: only the first layer of each that a launch takes, one behind the other in a short array.
///
/// The arrays themselves hold every layer of a model, gigabytes that no single kernel touches.
final class CompactPlacement implements Placement {
    private final Map<Tensor, Integer> starts = new HashMap<>();
    private Map<Object, Integer> lengths = new IdentityHashMap<>();

    @Override
    public int at(Tensor tensor) {
        return starts.computeIfAbsent(tensor, t -> lengths.merge(t.floats(), t.size(), Integer::sum) - t.size());
    }

    @Override
    public Map<Object, Integer> lengths() {
        Map<Object, Integer> complete = lengths;
        lengths = new IdentityHashMap<>();
        starts.clear();
        return complete;
    }
}
