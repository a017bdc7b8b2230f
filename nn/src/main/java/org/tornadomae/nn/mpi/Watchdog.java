package org.tornadomae.nn.mpi;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.tornadomae.nn.UserException;

/// Ends this process when it waits for the others for too long: neither library reports a machine that is gone or a
/// link that is cut, the call just never returns. The launcher then ends the rest.
final class Watchdog {
    private final long limit; // ns
    private final Consumer<Throwable> report;
    private volatile Wait waiting;

    /// What is waited for, since when (ns).
    private record Wait(String what, long since) {
    }

    /// @param report prints the line before the end
    Watchdog(Duration limit, Consumer<Throwable> report) {
        this.limit = limit.toNanos();
        this.report = report;
        Thread.ofPlatform().daemon().name("collective-timeout").start(this::watch);
    }

    /// Runs what may hang.
    ///
    /// @return how long it took, ns
    long time(String what, Runnable call) {
        long start = System.nanoTime();
        waiting = new Wait(what, start);
        call.run();
        waiting = null;
        return System.nanoTime() - start;
    }

    private void watch() {
        while (true) {
            LockSupport.parkNanos(Math.min(limit / 4, 1_000_000_000L));
            Wait wait = waiting;
            if (wait != null && System.nanoTime() - wait.since > limit) {
                report.accept(new UserException(wait.what + ": has waited " + limit / 1_000_000_000L + " s for the"
                        + " other ranks; one of them, its machine or the network is stuck. All end here, and the last"
                        + " checkpoint is whole; start again, or give a longer --collective-timeout"));
                Runtime.getRuntime().halt(1);
            }
        }
    }
}
