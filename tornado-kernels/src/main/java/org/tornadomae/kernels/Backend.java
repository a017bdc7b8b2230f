package org.tornadomae.kernels;

import java.util.List;

/// Something that runs programs: chosen once, at the door, by [org.tornadomae.kernels.open.Backends].
public interface Backend extends AutoCloseable {

    /// The name to write into metrics: which executor on which device, e.g. "loop (1 thread)".
    String device();

    /// Threads of this process that compute; 1 where another device does.
    int threads();

    /// Makes programs ready to run. Call it after their buffers have memory, and after those that stay on the device
    /// ([Buffer.Role#STATE] and [Buffer.Role#CONSTANT]) have their first contents.
    ///
    /// @param programs what [Plan#run] will be asked for
    Plan compile(List<Program> programs);

    /// Ends the threads that compute. Its plans must not run any more.
    @Override
    void close();
}
