package org.tornadomae.kernels;

import java.util.Map;

/// Programs made ready for one device, with the buffers they share: those stay on the device between runs.
public interface Plan extends AutoCloseable {

    /// Sends the program's inputs, runs it, brings its outputs back.
    ///
    /// @throws BackendException when the device fails; there is no second try elsewhere
    void run(Program program);

    /// Brings buffers from the device to the host, e.g. the parameters for a checkpoint.
    void download(Buffer... buffers);

    /// Sends buffers changed by the host to the device, e.g. the parameters after loading a checkpoint.
    void upload(Buffer... buffers);

    /// How many kernels were compiled for the programs; the depth of a model does not change it. 0 where nothing is
    /// compiled.
    int compiledKernels();

    /// Seconds that each kernel ran on the device so far, largest first; empty unless [DeviceOptions#profile] asked for
    /// it.
    Map<String, Double> kernelSeconds();

    @Override
    void close();
}
