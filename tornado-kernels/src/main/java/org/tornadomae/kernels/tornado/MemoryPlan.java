package org.tornadomae.kernels.tornado;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.List;
import org.tornadomae.kernels.BackendException;

/// What a plan will allocate on the device, known before it is allocated.
///
/// @param state   bytes that are uploaded once: parameters, gradients, moments, constants
/// @param inputs  bytes sent before each run; they are held twice, for sending and in the pool
/// @param scratch bytes computed and kept on the device: activations, gradients of activations, outputs
/// @param largest bytes of the largest array
record MemoryPlan(long state, long inputs, long scratch, long largest) {

    /// Adds up arrays; what is in several collections counts where it comes first.
    static MemoryPlan of(Collection<Object> state, Collection<Object> inputs, Collection<Object> scratch) {
        long largest = 0;
        for (Collection<Object> arrays : List.of(state, inputs, scratch)) {
            for (Object array : arrays) {
                largest = Math.max(largest, bytes(array));
            }
        }
        return new MemoryPlan(sum(state), 2 * sum(inputs), sum(scratch), largest);
    }

    private static long sum(Collection<Object> arrays) {
        return arrays.stream().mapToLong(MemoryPlan::bytes).sum();
    }

    private static long bytes(Object array) {
        return 4L * Array.getLength(array);
    }

    long total() {
        return state + inputs + scratch;
    }

    /// @throws BackendException when a device with this much memory cannot hold it
    void check(long deviceBytes, long largestAllocation) {
        if (total() > deviceBytes) {
            throw new BackendException("the model does not fit: " + this + ", the device has " + gb(deviceBytes)
                    + "; lower --batch-size or choose a smaller model");
        }
        if (largest > largestAllocation) {
            throw new BackendException("the model does not fit: its largest array has " + gb(largest)
                    + ", the device allocates at most " + gb(largestAllocation)
                    + " at once; lower --batch-size or choose a smaller model");
        }
    }

    private static String gb(long bytes) {
        return "%.2f GB".formatted(bytes / 1e9);
    }

    @Override
    public String toString() {
        return "device memory %s = %s state + %s inputs + %s activations".formatted(gb(total()), gb(state), gb(inputs),
                gb(scratch));
    }
}
