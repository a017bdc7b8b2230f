package org.tornadomae.kernels;

import java.util.List;

/// Something that runs programs: chosen once, at the door, by [Backends#open].
public interface Backend {

    /// The name to write into metrics: which executor on which device, e.g. "loop (1 thread)".
    String device();

    /// Threads of this process that compute; 1 where another device does.
    int threads();

    /// Makes programs ready to run. Call it after the arrays that stay on the device have their first contents.
    ///
    /// @param state    arrays whose contents at this moment the programs start from: parameters, moments, constants;
    ///                 all other arrays that the programs touch are scratch
    /// @param programs what [Plan#run] will be asked for
    Plan compile(List<Object> state, List<Program> programs);
}
