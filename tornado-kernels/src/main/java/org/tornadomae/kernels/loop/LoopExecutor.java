package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.HostBackend;
import org.tornadomae.kernels.Trace;

/// The door to the plain loops.
public final class LoopExecutor {
    private LoopExecutor() {}

    /// The loops as they stand, in one thread: the oracle that every other executor is tested against.
    public static Backend open() {
        return new HostBackend("loop (plain Java, 1 thread)", 1, new LoopOps(), () -> {});
    }

    /// The same loops, watched: a program that reads what it must not read, or writes what it must not write, fails.
    ///
    /// Every operation is checked against [Shadow] before it runs; an [IllegalStateException] names the first that
    /// fails. What a program would read by mistake is poisoned: scratch, kept arrays and outputs start as NaN. For
    /// tests: several times slower.
    public static Backend checking() {
        return new HostBackend("checking loop (plain Java, 1 thread)", 1, program -> {
            LoopOps loops = new LoopOps();
            Shadow shadow = new Shadow(program.buffers());
            program.body().accept(Trace.around(loops, operation -> shadow.operation(operation, loops.layer())));
            shadow.end();
        }, () -> {});
    }
}
