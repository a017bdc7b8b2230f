package org.tornadomae.kernels.vector;

import static java.lang.Math.ceilDiv;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/// A fixed crew of threads that runs the tasks of one loop at a time: the caller and `threads - 1` daemons.
///
/// Tasks are handed out one by one, so a slow thread takes fewer. A loop may therefore write any element from one
/// task only, and its result must not depend on which thread ran a task; `worker` is for scratch memory alone.
/// Between loops the daemons spin for a moment (the next loop of a step is microseconds away), then sleep; they end
/// with [#close].
class VectorWorkers implements AutoCloseable {
    /// The body of a parallel loop.
    interface Body {
        /// Runs one task; `worker` is below [#threads] and is never used by two tasks at a time.
        void run(int task, int worker);
    }

    private static final long SPIN_NANOS = 200_000;
    private static final int PAUSES = 16;
    /// Enough that a slow thread holds nobody up, few enough that handing out costs nothing.
    private static final int TASKS_PER_THREAD = 4;

    private final Thread[] daemons;
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicInteger sleeping = new AtomicInteger();
    private Body body;
    private int tasks;
    private volatile Throwable failure;
    private volatile boolean closed;

    VectorWorkers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        daemons = new Thread[threads - 1];
        for (int i = 0; i < daemons.length; i++) {
            int worker = i + 1;
            daemons[i] = Thread.ofPlatform().daemon().name("vector-" + worker).start(() -> serve(worker));
        }
    }

    int threads() {
        return daemons.length + 1;
    }

    /// Elements of a task when `n` elements that do not depend on each other are cut for this crew: some tasks per
    /// thread.
    ///
    /// @param least elements below which a task is not worth its hand-out; the result is a multiple of it
    /// @param most  elements above which a task gains nothing; a multiple of `least`
    int part(int n, int least, int most) {
        return Math.min(most, Math.max(1, ceilDiv(n, TASKS_PER_THREAD * threads() * least)) * least);
    }

    /// Parts of each of `pieces` equal pieces of work so that the busiest thread has least to do and no thread is left
    /// over.
    ///
    /// @param units of a piece: it can be cut between any two
    /// @param least parts that there shall be at least, as far as there are units
    int parts(int pieces, int units, int least) {
        int best = Math.min(units, Math.max(least, ceilDiv(threads(), pieces)));
        for (int parts = best + 1; parts <= units; parts++) {
            if (busiest(pieces, units, parts) < busiest(pieces, units, best)) {
                best = parts;
            }
        }
        return best;
    }

    /// Units of work of the busiest thread when each of `pieces` pieces of `units` is cut in `parts`. A part costs a
    /// unit more than its own: what it prepares for itself.
    int busiest(int pieces, int units, int parts) {
        return ceilDiv(pieces * parts, threads()) * (ceilDiv(units, parts) + 1);
    }

    /// Runs `loop` for every task in 0 … count-1 and returns when all are done. One caller at a time.
    ///
    /// Tasks are started in ascending order, so a task may wait for an earlier one: [#awaitTurn].
    ///
    /// @throws IllegalStateException when a task threw, or after [#close]
    void run(int count, Body loop) {
        if (closed) {
            throw new IllegalStateException("the executor is closed");
        }
        if (daemons.length == 0 || count == 1) {
            for (int task = 0; task < count; task++) {
                loop.run(task, 0);
            }
            return;
        }
        body = loop;
        tasks = count;
        finished.set(0);
        left.set(count);
        if (sleeping.get() > 0) {
            for (Thread daemon : daemons) {
                LockSupport.unpark(daemon);
            }
        }
        work(0);
        while (finished.get() < count) {
            pause();
        }
        body = null; // what it holds must not outlive the step
        Throwable thrown = failure;
        if (thrown != null) {
            failure = null;
            throw new IllegalStateException("a parallel loop failed: " + thrown.getMessage(), thrown);
        }
    }

    /// Waits in a task until an earlier task of the same loop has set `turns[at]` to `turn`.
    void awaitTurn(AtomicIntegerArray turns, int at, int turn) {
        while (turns.get(at) != turn) {
            if (failure != null) {
                throw new IllegalStateException("an earlier task failed");
            }
            pause();
        }
    }

    /// Takes tasks until none is left. A claimed task keeps the loop open, so body and count are those it was claimed
    /// from.
    private void work(int worker) {
        for (int seen = left.get(); seen > 0; seen = left.get()) {
            if (!left.compareAndSet(seen, seen - 1)) {
                continue;
            }
            try {
                body.run(tasks - seen, worker);
            } catch (Throwable thrown) { // handed to the caller of run, which must not wait for ever
                fail(thrown);
            } finally {
                finished.incrementAndGet();
            }
        }
    }

    /// Keeps the first failure: later ones are those of tasks that waited for it.
    private synchronized void fail(Throwable thrown) {
        if (failure == null) {
            failure = thrown;
        }
    }

    private void serve(int worker) {
        while (!closed) {
            if (spin()) {
                work(worker);
            } else {
                sleep();
            }
        }
    }

    /// Waits a moment for work; false when none came.
    private boolean spin() {
        long end = System.nanoTime() + SPIN_NANOS;
        do {
            if (left.get() > 0) {
                return true;
            }
            pause();
        } while (System.nanoTime() < end);
        return false;
    }

    /// A short wait. On a busy machine the yield lets the very thread run that is waited for.
    private static void pause() {
        for (int i = 0; i < PAUSES; i++) {
            Thread.onSpinWait();
        }
        Thread.yield();
    }

    private void sleep() {
        sleeping.incrementAndGet();
        while (left.get() <= 0 && !closed) {
            LockSupport.park(this);
        }
        sleeping.decrementAndGet();
    }

    /// Ends the daemons and waits until they are gone. Not while a loop runs.
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        for (Thread daemon : daemons) {
            LockSupport.unpark(daemon);
            interrupted |= !joined(daemon);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for a daemon that is about to end; false when the waiting thread was interrupted meanwhile.
    private static boolean joined(Thread daemon) {
        boolean quiet = true;
        while (daemon.isAlive()) {
            try {
                daemon.join();
            } catch (InterruptedException _) {
                quiet = false; // the daemon ends within microseconds
            }
        }
        return quiet;
    }
}
