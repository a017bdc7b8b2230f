package org.tornadomae.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static uk.ac.manchester.tornado.api.common.TaskPackage.createPackage;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.tornadomae.kernels.BackendException;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.TornadoJvm;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/// A kernel that TornadoVM cannot compile ends the run by name; it must never run as plain Java instead.
@EnabledIf(value = "org.tornadomae.kernels.TornadoJvm#started", disabledReason = TornadoJvm.REASON)
class TornadoCompileFailureTest {
    /// A table of rows is more than TornadoVM's compiler knows.
    public static void tableOfRows(float[] out, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            float[][] table = new float[2][4];
            table[i % 2][i % 4] = 1f;
            out[i] = table[i % 2][i % 4];
        }
    }

    /// Compiles.
    public static void ones(float[] out, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            out[i] = 1f;
        }
    }

    @Test
    void theKernelIsNamedAndDoesNotRun() {
        TornadoBackend backend = (TornadoBackend) TornadoExecutor.open("tornado", TornadoJvm.UNCHECKED);
        float[] out = new float[8];
        float[] other = new float[8];
        BackendException e = assertThrows(BackendException.class, () -> {
            Recording recording = new Recording();
            recording.add(TornadoCompileFailureTest.class,
                    createPackage(recording.nextId("ones"), TornadoCompileFailureTest::ones, other, other.length),
                    Map.of());
            recording.add(TornadoCompileFailureTest.class,
                    createPackage(recording.nextId("tableOfRows"), TornadoCompileFailureTest::tableOfRows, out,
                            out.length),
                    Map.of());
            Program program = new Program("test", ops -> {});
            new TornadoPlan(backend,
                    new Recorded(Set.of(), Set.of(), Set.of(out, other), Map.of(program, recording.segments())));
        });
        assertTrue(e.getMessage().contains("cannot compile kernel tableOfRows"), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertArrayEquals(new float[8], out, "nothing ran in Java");
    }
}
