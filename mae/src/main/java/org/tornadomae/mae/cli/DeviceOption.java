package org.tornadomae.mae.cli;

import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Backends;
import picocli.CommandLine.Option;

/// Where the numbers are computed.
public final class DeviceOption {
    @Option(names = "--device", defaultValue = "auto", paramLabel = "DEVICE", description = Backends.CHOICES + " (default: ${DEFAULT-VALUE})")
    private String device;

    @Option(names = "--threads", defaultValue = "0", paramLabel = "N",
            description = "threads of device cpu; the result does not depend on it (default: all processors)")
    private int threads;

    /// Opens the device; the caller prints what it is.
    public Backend open() {
        return Backends.open(device, threads);
    }
}
