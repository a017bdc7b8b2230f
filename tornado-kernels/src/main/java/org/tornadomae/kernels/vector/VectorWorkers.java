package org.tornadomae.kernels.vector;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// A fixed crew of threads that runs the tasks of one loop at a time: the caller and `threads - 1` daemons.
///
/// Tasks are handed out one by one, so a slow thread takes fewer. A loop may therefore write any element from one
/// task only, and its result must not depend on which thread ran a task; `worker` is for scratch memory alone.
/// Between loops the daemons spin for a moment (the next loop of a step is microseconds away), then sleep.
public final class VectorWorkers {
    /// The body of a parallel loop.
    public interface Body {
        /// Runs one task; `worker` is below [#threads] and is never used by two tasks at a time.
        void run(int task, int worker);
    }

    private static final long SPIN_NANOS = 200_000;
    private static final int PAUSES = 16;

    private final Thread[] daemons;
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicInteger sleeping = new AtomicInteger();
    private Body body;
    private int tasks;
    private volatile Throwable failure;

    public VectorWorkers(int threads) {
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

    /// Runs `body` for every task in 0 … count-1 and returns when all are done. One caller at a time.
    public void run(int count, Body loop) {
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

    /// Takes tasks until none is left. A claimed task keeps the loop open, so body and count are those it was claimed from.
    private void work(int worker) {
        for (int seen = left.get(); seen > 0; seen = left.get()) {
            if (!left.compareAndSet(seen, seen - 1)) {
                continue;
            }
            try {
                body.run(tasks - seen, worker);
            } catch (Throwable thrown) { // handed to the caller of run, which must not wait for ever
                failure = thrown;
            } finally {
                finished.incrementAndGet();
            }
        }
    }

    private void serve(int worker) {
        while (true) {
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
        while (left.get() <= 0) {
            LockSupport.park(this);
        }
        sleeping.decrementAndGet();
    }
}
