package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.HostBackend;

/// The door to the plain loops.
public final class LoopExecutor {
    private LoopExecutor() {}

    /// The loops as they stand, in one thread: the oracle that every other executor is tested against.
    public static Backend open() {
        return new HostBackend("loop (plain Java, 1 thread)", 1, new LoopOps(), () -> {});
    }

    /// The same loops, watched: a program that reads what it must not read, or writes what it must not write, fails.
    ///
    /// @see CheckingBackend
    public static Backend checking() {
        return new CheckingBackend();
    }
}
