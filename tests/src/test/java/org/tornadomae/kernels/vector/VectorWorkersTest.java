package org.tornadomae.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;

/// The crew: every task once, failures handed on, threads gone after closing.
@Timeout(60)
class VectorWorkersTest {
    private static Set<Thread> crew() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("vector-"))
                .collect(Collectors.toSet());
    }

    @Test
    void everyTaskRunsOnce() {
        try (VectorWorkers workers = new VectorWorkers(7)) {
            for (int tasks : new int[] {0, 1, 2, 6, 7, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
                workers.run(tasks, (task, worker) -> runs.incrementAndGet(task));
                for (int task = 0; task < tasks; task++) {
                    assertEquals(1, runs.get(task), "task " + task + " of " + tasks);
                }
            }
        }
    }

    @Test
    void threadsEndWithTheBackend() {
        Set<Thread> others = crew();
        Backend backend = VectorExecutor.open(5);
        Set<Thread> own = crew();
        own.removeAll(others);
        assertEquals(4, own.size());
        Tensor values = Tensor.of(new float[1 << 20]);
        Program program = new Program("zero", ops -> ops.zero(values));
        backend.compile(List.of(program)).run(program);
        backend.close();
        own.forEach(thread -> assertFalse(thread.isAlive(), thread.getName()));
        backend.close(); // a second time does no harm
        assertThrows(IllegalStateException.class, () -> backend.compile(List.of(program)).run(program));
    }

    @Test
    void aFailureReachesTheCallerAndReleasesThoseWhoWait() {
        try (VectorWorkers workers = new VectorWorkers(3)) {
            AtomicIntegerArray turns = new AtomicIntegerArray(1);
            IllegalStateException failure = assertThrows(IllegalStateException.class, () -> workers.run(40, (task,
                    worker) -> {
                if (task == 0) {
                    throw new ArithmeticException("the first");
                }
                workers.awaitTurn(turns, 0, task);
            }));
            assertTrue(failure.getMessage().contains("the first"), failure.getMessage());
            workers.run(40, (task, worker) -> turns.incrementAndGet(0));
            assertEquals(40, turns.get(0), "the crew works on");
        }
    }

    @Test
    void turnsPassThroughTasksInOrder() {
        try (VectorWorkers workers = new VectorWorkers(8)) {
            AtomicIntegerArray turns = new AtomicIntegerArray(1);
            workers.run(200, (task, worker) -> {
                workers.awaitTurn(turns, 0, task);
                turns.set(0, task + 1);
            });
            assertEquals(200, turns.get(0));
        }
    }
}
