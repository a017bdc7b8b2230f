package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.util.Optional;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.kernels.DeviceOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

    @Option(names = "--vector-bits", paramLabel = "N",
            description = "width of the vectors of device cpu, 128, 256 or 512: its results repeat on another machine "
                    + "with the same width only (default: the processor's)")
    private Optional<Integer> vectorBits;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /// Opens the device; the caller prints what it is.
    public Backend open() {
        check();
        PrintWriter err = spec.commandLine().getErr();
        return Backends.open(device, new DeviceOptions(threads, selfCheck, profile, line -> {
            err.println(line);
            err.flush();
        }));
    }

    private void check() {
        if (!Backends.isChoice(device)) {
            throw new ParameterException(spec.commandLine(),
                    "unknown device '" + device + "': use one of " + Backends.CHOICES);
        }
        if (threads < 0) {
            throw new ParameterException(spec.commandLine(), "--threads " + threads + " must be at least 1");
        }
        if (vectorBits.isPresent() && vectorBits.get() != Backends.vectorBits()) {
            int bits = vectorBits.get();
            throw new ParameterException(spec.commandLine(), "--vector-bits " + bits + ": this Java computes with "
                    + Backends.vectorBits() + " bits" + (bits == 128 || bits == 256 || bits == 512
                            ? "; bin/mae chooses the width as it starts Java (-XX:MaxVectorSize=" + bits / 8
                                    + "), up to the processor's own"
                            : "; use 128, 256 or 512"));
        }
    }
}
