package org.tornadomae.kernels;

import java.util.List;

/// The one place where an executor is chosen.
public final class Backends {
    /// What `--device` accepts, for help texts.
    public static final String CHOICES = "auto, loop";

    private Backends() {
    }

    /// What can be opened on this machine, a line each.
    public static List<String> available() {
        return List.of("loop    plain Java loops, 1 thread: the reference, slow");
    }

    /// Opens the executor a user asked for.
    ///
    /// @param device one of [#CHOICES]; `auto` takes the fastest that is there
    /// @throws BackendException when the choice is unknown or not available: never another device instead
    public static Backend open(String device) {
        return switch (device) {
            case "loop", "auto" -> new CpuBackend("loop (plain Java, 1 thread)", new LoopOps());
            default -> throw new BackendException("unknown device '" + device + "': use one of " + CHOICES);
        };
    }
}
