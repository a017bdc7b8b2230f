package org.tornadomae.kernels.open;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.BackendException;
import org.tornadomae.kernels.DeviceOptions;
import org.tornadomae.kernels.loop.LoopExecutor;
import org.tornadomae.kernels.tornado.TornadoExecutor;
import org.tornadomae.kernels.vector.VectorExecutor;

/// The one place where an executor is chosen.
public final class Backends {
    /// What `--device` accepts, for help texts.
    public static final String CHOICES = "auto, cpu, loop, tornado, tornado:BACKEND:DEVICE";
    private static final String TORNADO_MODULE = "tornado.runtime";

    private Backends() {}

    /// Whether `--device` could mean this, on some machine.
    public static boolean isChoice(String device) {
        return List.of("auto", "cpu", "loop", "tornado").contains(device) || device.startsWith("tornado:");
    }

    /// Bits of the vectors that device cpu computes with; the results depend on them.
    public static int vectorBits() {
        return VectorExecutor.bits();
    }

    /// What can be opened on this machine, a line each.
    public static List<String> available() {
        List<String> lines = new ArrayList<>();
        lines.add("cpu     " + VectorExecutor.obstacle().map(reason -> "not usable: " + reason)
                .orElseGet(() -> "Vector API, " + VectorExecutor.bits() + " bits, " + processors() + " threads"));
        lines.add("loop    plain Java loops, 1 thread: the reference, slow");
        if (hasTornado()) {
            try {
                lines.addAll(TornadoExecutor.available());
            } catch (BackendException e) {
                lines.add("tornado not usable: " + e.getMessage());
            }
        }
        return lines;
    }

    /// Opens the executor a user asked for, with as many threads as processors.
    ///
    /// @see #open(String, int)
    public static Backend open(String device) {
        return open(device, 0);
    }

    /// Opens the executor a user asked for.
    ///
    /// @param device  one of [#CHOICES]
    /// @param threads of the cpu executor; 0 takes as many as processors. The result does not depend on it.
    /// @see #open(String, DeviceOptions)
    public static Backend open(String device, int threads) {
        return open(device, DeviceOptions.DEFAULT.withThreads(threads));
    }

    /// Opens the executor a user asked for.
    ///
    /// `auto` is TornadoVM on the first GPU when its launcher started this JVM and there is a GPU, else the Vector API.
    /// It never takes a slower executor than these: the plain loops and a device that is no GPU run only when asked
    /// for.
    ///
    /// @param device one of [#CHOICES]
    /// @throws BackendException when the choice is unknown or not available: never another device instead
    public static Backend open(String device, DeviceOptions options) {
        if (options.threads() < 0) {
            throw new BackendException("threads " + options.threads() + " must be at least 1");
        }
        return switch (device) {
            case "auto" -> auto(options);
            case "cpu" -> cpu(options);
            case "loop" -> LoopExecutor.open();
            case String s when s.equals("tornado") || s.startsWith("tornado:") -> tornado(s, options);
            default -> throw new BackendException("unknown device '" + device + "': use one of " + CHOICES);
        };
    }

    private static Backend auto(DeviceOptions options) {
        Optional<String> gpu = hasTornado() ? gpu(options) : Optional.empty();
        if (gpu.isPresent()) {
            return TornadoExecutor.open(gpu.get(), options);
        }
        Optional<String> obstacle = VectorExecutor.obstacle();
        if (obstacle.isPresent()) {
            throw new BackendException("device auto finds no GPU through TornadoVM (" + (hasTornado()
                    ? "it knows none"
                    : "this JVM was not started with it") + "), and the cpu executor cannot run here: " + obstacle.get()
                    + "; the plain loops run as device loop, slowly");
        }
        return cpu(options);
    }

    private static Optional<String> gpu(DeviceOptions options) {
        try {
            return TornadoExecutor.firstGpu();
        } catch (BackendException e) {
            options.log().accept("no GPU: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Backend cpu(DeviceOptions options) {
        return VectorExecutor.open(options.threads() == 0 ? processors() : options.threads());
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static Backend tornado(String device, DeviceOptions options) {
        if (!hasTornado()) {
            throw new BackendException(
                    "device '" + device + "' needs a JVM started with TornadoVM: run setup-tornado.sh "
                            + "once (or set TORNADOVM_HOME), then start through bin/mae");
        }
        return TornadoExecutor.open(device, options);
    }

    private static boolean hasTornado() {
        return ModuleLayer.boot().findModule(TORNADO_MODULE).isPresent();
    }
}
