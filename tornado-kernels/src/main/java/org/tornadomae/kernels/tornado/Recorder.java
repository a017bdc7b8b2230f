package org.tornadomae.kernels.tornado;

import java.util.function.ToIntFunction;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;

/// Emits programs into tasks: the one thing that this package asks of the executor.
public interface Recorder {
    /// @param layer     the cursor that all programs of a plan share; it lives on the device and is 0 outside of loops
    /// @param tiled     matrix products and attention in the form for GPUs, see [TiledMatmulKernels] and [TiledAttentionKernels]
    /// @param placement the start of layer 0 of a tensor in its array: [Tensor#at], or [CompactPlacement]
    Recording record(Program program, int[] layer, boolean tiled, ToIntFunction<Tensor> placement);
}
