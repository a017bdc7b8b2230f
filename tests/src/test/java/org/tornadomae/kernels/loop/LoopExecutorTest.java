package org.tornadomae.kernels.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.ElementType;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;

/// Each fault that the checking executor is there to find, and that it finds none in a program that has none.
class LoopExecutorTest {
    private final Buffer in = buffer("in", Buffer.Role.INPUT, 4);
    private final Buffer first = buffer("first", Buffer.Role.SCRATCH, 4);
    private final Buffer second = buffer("second", Buffer.Role.SCRATCH, 4);
    private final Buffer out = buffer("out", Buffer.Role.OUTPUT, 4);

    private static Buffer buffer(String name, Buffer.Role role, int size) {
        Buffer buffer = Buffer.declare(name, role, ElementType.FLOAT32, size);
        buffer.allocate();
        return buffer;
    }

    private static void run(Consumer<Ops> body) {
        Program program = new Program("check", body);
        try (Plan plan = LoopExecutor.checking().compile(List.of(program))) {
            plan.run(program);
        }
    }

    private static void fails(String message, Consumer<Ops> body) {
        assertEquals(message, assertThrows(IllegalStateException.class, () -> run(body)).getMessage());
    }

    private static Tensor all(Buffer buffer) {
        return Tensor.of(buffer);
    }

    private void shareMemory() {
        second.bind(first.array());
    }

    @Test
    void scratchMayShareMemoryOneAfterTheOther() {
        shareMemory();
        Buffer between = buffer("between", Buffer.Role.KEPT, 4);
        System.arraycopy(new float[] {1, 2, 3, 4}, 0, in.floats(), 0, 4);
        Consumer<Ops> body = ops -> {
            ops.residual(all(first), all(in), all(in));
            ops.residual(all(between), all(first), all(in));
            ops.residual(all(second), all(between), all(in));
            ops.residual(all(out), all(second), all(between));
        };
        run(body);
        assertArrayEquals(new float[] {7, 14, 21, 28}, out.floats());
        run(body); // a second run starts anew
        assertArrayEquals(new float[] {7, 14, 21, 28}, out.floats());
    }

    @Test
    void overwrittenScratchIsNotRead() {
        shareMemory();
        fails("first is read by gelu after second overwrote element 0", ops -> {
            ops.residual(all(first), all(in), all(in));
            ops.residual(all(second), all(in), all(in));
            ops.gelu(all(out), all(first));
        });
    }

    @Test
    void scratchIsNotWrittenOverWhatTheSameOperationReads() {
        shareMemory();
        fails("second is written by gelu, which also reads first in the same memory", ops -> {
            ops.residual(all(first), all(in), all(in));
            ops.gelu(all(second), all(first));
        });
    }

    @Test
    void whatWasNotWrittenIsNotRead() {
        fails("first is read by gelu before element 2 was written", ops -> {
            ops.zero(all(first).slice(0, 2));
            ops.gelu(all(out), all(first));
        });
    }

    @Test
    void whatAnEarlierRunWroteIsNotRead() {
        run(ops -> ops.residual(all(first), all(in), all(in)));
        fails("first is read by geluBackward before element 0 was written",
                ops -> ops.geluBackward(all(first), all(in)));
        assertEquals(Float.NaN, first.floats()[0], "poisoned");
    }

    @Test
    void layersAreToldApart() {
        Buffer kept = buffer("kept", Buffer.Role.KEPT, 3 * 4);
        Tensor stack = Tensor.stacked(kept, 4);
        run(ops -> {
            ops.forEachLayer(3, false, () -> ops.residual(stack, all(in), all(in)));
            ops.forEachLayer(3, true, () -> ops.gelu(all(out), stack));
        });
        fails("kept is read by gelu before element 8 was written", ops -> {
            ops.forEachLayer(2, false, () -> ops.residual(stack, all(in), all(in)));
            ops.forEachLayer(3, true, () -> ops.gelu(all(out), stack));
        });
    }

    @Test
    void undeclaredArraysAreFound() {
        float[] array = new float[4];
        fails("array is used, but was not declared", ops -> ops.gelu(all(out), Tensor.of(array)));
    }

    @Test
    void inputsAndConstantsAreNotWritten() {
        fails("in is written by zero at element 1, but it is an input", ops -> ops.zero(all(in).slice(1, 2)));
        Buffer constant = buffer("table", Buffer.Role.CONSTANT, 4);
        fails("table is written by zero at element 0, but it is a constant", ops -> ops.zero(all(constant)));
    }

    @Test
    void whatLivesLongerThanAProgramSharesNoMemory() {
        second.bind(in.array());
        fails("second shares memory with in", ops -> ops.residual(all(second), all(in), all(in)));
    }

    @Test
    void outputsAreThereAtTheEnd() {
        fails("out is read by the host before element 2 was written", ops -> ops.zero(all(out).slice(0, 2)));
        first.bind(out.array());
        fails("out is read by the host after first overwrote element 0", ops -> {
            ops.gelu(all(out), all(in));
            ops.zero(all(first));
        });
    }

    @Test
    void stackedTensorsStandOnlyWhereTheyMay() {
        Tensor stack = Tensor.stacked(buffer("kept", Buffer.Role.KEPT, 8), 4);
        assertThrows(IllegalArgumentException.class,
                () -> run(ops -> ops.forEachLayer(2, false, () -> ops.gelu(stack, all(in)))));
    }
}
