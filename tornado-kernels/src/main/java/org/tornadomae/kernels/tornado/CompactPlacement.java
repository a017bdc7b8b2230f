package org.tornadomae.kernels.tornado;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.tornadomae.kernels.Tensor;

/// Tensors for the self-check: only the first layer of each, close together at the start of its array.
///
/// The arrays themselves hold every layer of a model, gigabytes that no single kernel touches. A tensor that starts its
/// array stays there, because many kernels and all plain arrays start at 0.
final class CompactPlacement implements ToIntFunction<Tensor> {
    private final Map<Tensor, Integer> starts = new HashMap<>();
    private final Map<float[], Integer> lengths = new HashMap<>();

    @Override
    public int applyAsInt(Tensor tensor) {
        return starts.computeIfAbsent(tensor, t -> {
            int end = length(t.data(), 0);
            int start = t.at() == 0 ? 0 : end;
            lengths.put(t.data(), Math.max(end, start + t.size()));
            return start;
        });
    }

    /// Elements of an array that kernels touch.
    ///
    /// @param unknown the answer for an array that holds no tensor
    int length(float[] array, int unknown) {
        return lengths.getOrDefault(array, unknown);
    }
}
