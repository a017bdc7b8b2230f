package org.tornadomae.kernels;

import java.util.ArrayList;
import java.util.List;
import org.tornadomae.kernels.tornado.TornadoBackend;
import org.tornadomae.kernels.vector.VectorTile;

/// The one place where an executor is chosen.
public final class Backends {
    /// What `--device` accepts, for help texts.
    public static final String CHOICES = "auto, cpu, loop, tornado, tornado:BACKEND:DEVICE";
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String TORNADO_MODULE = "tornado.runtime";

    private Backends() {
    }

    /// What can be opened on this machine, a line each.
    public static List<String> available() {
        List<String> lines = new ArrayList<>();
        if (hasVectors()) {
            lines.add("cpu     " + describe(processors()));
        }
        lines.add("loop    plain Java loops, 1 thread: the reference, slow");
        if (hasTornado()) {
            try {
                lines.addAll(TornadoBackend.available());
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
    /// @param device one of [#CHOICES]; `auto` takes the fastest that is there
    /// @throws BackendException when the choice is unknown or not available: never another device instead
    public static Backend open(String device, DeviceOptions options) {
        if (options.threads() < 0) {
            throw new BackendException("threads " + options.threads() + " must be at least 1");
        }
        int used = options.threads() == 0 ? processors() : options.threads();
        return switch (device) {
            case "auto" -> hasVectors() ? cpu(used) : loop();
            case "cpu" -> cpu(used);
            case "loop" -> loop();
            case String s when s.equals("tornado") || s.startsWith("tornado:") -> tornado(s, options);
            default -> throw new BackendException("unknown device '" + device + "': use one of " + CHOICES);
        };
    }

    private static Backend loop() {
        return new CpuBackend("loop (plain Java, 1 thread)", 1, new LoopOps());
    }

    private static Backend cpu(int threads) {
        if (!hasVectors()) {
            throw new BackendException("device cpu needs the Vector API: start java with --add-modules=" + VECTOR_MODULE);
        }
        return new CpuBackend("cpu (" + describe(threads) + ")", threads, new VectorOps(threads));
    }

    private static String describe(int threads) {
        return "Vector API, " + VectorTile.LANES * Float.SIZE + " bits, " + threads + (threads == 1 ? " thread" : " threads");
    }

    private static boolean hasVectors() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static Backend tornado(String device, DeviceOptions options) {
        if (!hasTornado()) {
            throw new BackendException("device '" + device + "' needs a JVM started with TornadoVM: run setup-tornado.sh once "
                    + "(or set TORNADOVM_HOME), then start through bin/mae");
        }
        return TornadoBackend.open(device, options, TornadoOps::record);
    }

    private static boolean hasTornado() {
        return ModuleLayer.boot().findModule(TORNADO_MODULE).isPresent();
    }
}
