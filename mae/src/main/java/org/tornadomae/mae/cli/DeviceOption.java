package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.kernels.DeviceOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Where the numbers are computed.
public final class DeviceOption {
    @Option(names = "--device", defaultValue = "auto", paramLabel = "DEVICE",
            description = Backends.CHOICES + " (default: ${DEFAULT-VALUE})")
    private String device;

    @Option(names = "--threads", defaultValue = "0", paramLabel = "N",
            description = "threads of device cpu; the result does not depend on it (default: all processors)")
    private int threads;

    @Option(names = "--self-check", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "compare a tornado device's kernels with plain Java before the first step (default: on)")
    private boolean selfCheck;

    @Option(names = "--profile", description = "print the time of each kernel of a tornado device at the end")
    private boolean profile;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /// Opens the device; the caller prints what it is.
    public Backend open() {
        PrintWriter err = spec.commandLine().getErr();
        return Backends.open(device, new DeviceOptions(threads, selfCheck, profile, line -> {
            err.println(line);
            err.flush();
        }));
    }
}
