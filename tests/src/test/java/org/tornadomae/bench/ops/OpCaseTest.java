package org.tornadomae.bench.ops;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.model.Positions;
import org.tornadomae.mae.model.Stack;
import org.tornadomae.mae.model.Targets;

/// The benchmarks of single operations: none is missing, right ones pass their check, wrong ones do not.
class OpCaseTest {
    private static OpShapes small() {
        MaeConfig config =
                new MaeConfig(new ClipGeometry(4, 48, 2, 8), new Stack(24, 2, 3, 4, Positions.SEPARABLE, true),
                        new Stack(16, 1, 2, 4, Positions.SEPARABLE, true), true, false, new Targets(true, 2, true));
        return OpShapes.of(config, 2, 0.6);
    }

    private static void run(String device, Consumer<Ops> body) {
        Program program = new Program("op", body);
        try (Backend backend = Backends.open(device, 2); Plan plan = backend.compile(List.of(program))) {
            plan.run(program);
        }
    }

    @Test
    void everyOperationIsThere() {
        Set<String> measured = Arrays.stream(OpCase.values()).filter(op -> op != OpCase.SGEMM_2048)
                .map(op -> op.prepare(small()).operation()).collect(Collectors.toCollection(TreeSet::new));
        Set<String> all = Arrays.stream(Ops.class.getDeclaredMethods()).map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        all.remove("forEachLayer");
        assertEquals(all, measured);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SGEMM_2048")
    void rightResultsPass(OpCase op) {
        for (String device : List.of("loop", "cpu")) {
            OpRun run = op.prepare(small());
            run(device, run.body());
            assertDoesNotThrow(run.check()::verify, device);
            assertTrue(run.work().amount() > 0);
        }
    }

    /// What an operation left out would leave behind: the arrays as they were.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SGEMM_2048")
    void nothingDoneIsCaught(OpCase op) {
        assertThrows(WrongResultException.class, op.prepare(small()).check()::verify);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SGEMM_2048")
    void nonsenseIsCaught(OpCase op) {
        OpRun run = op.prepare(small());
        run("loop", run.body());
        float[] output = run.written().getFirst().floats();
        output[output.length - 1] = Float.NaN;
        output[0] = Float.NaN;
        assertThrows(WrongResultException.class, run.check()::verify);
    }

    @Test
    void smallMistakesAreCaught() {
        OpRun product = new Products(70, 33, 17).forward(small());
        run("loop", product.body());
        product.written().getFirst().floats()[5] *= 1.001f;
        WrongResultException e = assertThrows(WrongResultException.class, product.check()::verify);
        assertTrue(e.getMessage().startsWith("out[5] is "), e.getMessage());

        OpRun gelu = BlockRuns.gelu(small(), small().encoder());
        Tensor out = gelu.written().getFirst();
        run("loop", ops -> ops.residual(out, Tensor.of(new float[out.size()]), Tensor.of(new float[out.size()])));
        assertThrows(WrongResultException.class, gelu.check()::verify);
    }
}
