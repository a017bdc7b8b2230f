package org.tornadomae.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The profiler's log, as TornadoVM's `TimeProfiler.createJson` writes it.
class KernelTimesTest {
    private static String run(long matmul, long gelu) {
        return """
                {
                    "step2": {
                        "TOTAL_KERNEL_TIME": "%d",
                        "step2.matmulForward_0": {
                            "METHOD": "MatmulKernels.matmulForward",
                            "TASK_KERNEL_TIME": "%d"
                        },\s
                        "step2.geluForward_1": {
                            "DEVICE": "pthread {x}",
                            "TASK_KERNEL_TIME": "%d",
                            "TASK_COMPILE_TIME": "7"
                        }
                    }
                }
                """.formatted(matmul + gelu, matmul, gelu);
    }

    @Test
    void eachRunCountsOnceAlthoughTheLogKeepsThemAll() {
        KernelTimes times = new KernelTimes();
        times.add(2, run(1_000_000_000, 500_000_000));
        times.add(2, run(1_000_000_000, 500_000_000) + run(2_000_000_000, 250_000_000));
        times.add(3, run(4_000_000_000L, 0));
        Map<String, Double> seconds = times.seconds();
        assertEquals(Map.of("matmulForward", 7.0, "geluForward", 0.75), seconds);
        assertEquals(List.of("matmulForward", "geluForward"), List.copyOf(seconds.keySet()), "largest first");
    }

    @Test
    void aGraphWithoutTimedTasksCountsNothing() {
        KernelTimes times = new KernelTimes();
        times.add(0, "{\n    \"pool\": {\n        \"TOTAL_KERNEL_TIME\": \"9\",\n    }\n}\n");
        assertEquals(Map.of(), times.seconds());
    }

    @Test
    void aLogThatIsCutOffIsNotTakenForAWholeOne() {
        assertThrows(IllegalStateException.class, () -> new KernelTimes().add(0, run(1, 1).substring(0, 120)));
    }
}
