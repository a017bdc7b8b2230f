package org.tornadomae.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Buffer.Role;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;

class WorkspaceTest {
    private final Workspace workspace = Workspace.forTraining();
    private final Tensor in = workspace.input("in", 8);
    private final Tensor a = workspace.scratch("a", 8);
    private final Tensor b = workspace.scratch("b", 6);
    private final Tensor c = workspace.scratch("c", 4);
    private final Tensor out = workspace.output("out", 8);

    private static Object memory(Tensor tensor) {
        return tensor.buffer().array();
    }

    @Test
    void scratchThatIsReadLaterKeepsItsMemory() {
        workspace.allocate(new Program("p", ops -> {
            ops.gelu(a, in);
            ops.gelu(b, in.slice(0, 6));
            ops.gelu(c, b.slice(0, 4)); // last use of b
            ops.residual(out, a, in);
            ops.gelu(out.slice(0, 4), c);
        }));
        assertNotSame(memory(a), memory(b));
        assertNotSame(memory(a), memory(c));
        assertNotSame(memory(b), memory(c), "read and written by one operation");
    }

    @Test
    void scratchWhoseLifetimesDoNotMeetSharesMemory() {
        Program program = new Program("p", ops -> {
            ops.gelu(a, in);
            ops.gelu(out, a); // last use of a
            ops.gelu(b, in.slice(0, 6));
            ops.gelu(out.slice(0, 6), b); // last use of b
            ops.gelu(c, in.slice(0, 4));
            ops.gelu(out.slice(0, 4), c);
        });
        long bytes = workspace.bytes(program);
        workspace.allocate(program);
        assertSame(memory(a), memory(b));
        assertSame(memory(a), memory(c));
        assertEquals(8, a.floats().length, "the largest tenant");
        assertEquals(Float.BYTES * (in.size() + out.size() + a.size()), bytes);
    }

    /// Between its last use and the next time it is overwritten an array holds nothing, as from forward to backward.
    @Test
    void scratchThatIsOverwrittenLaterSharesInBetween() {
        workspace.allocate(new Program("p", ops -> {
            ops.gelu(b, in.slice(0, 6));
            ops.gelu(out.slice(0, 6), b);
            ops.gelu(c, in.slice(0, 4));
            ops.gelu(out.slice(0, 4), c);
            ops.gelu(b, in.slice(0, 6));
            ops.gelu(out.slice(0, 6), b);
        }));
        assertSame(memory(b), memory(c));
    }

    /// Half of it is still what was written before.
    @Test
    void overwritingAPartKeepsTheRestAlive() {
        workspace.allocate(new Program("p", ops -> {
            ops.gelu(b, in.slice(0, 6));
            ops.gelu(c, in.slice(0, 4));
            ops.gelu(out.slice(0, 4), c);
            ops.gelu(b.slice(0, 3), in.slice(0, 3));
            ops.gelu(out.slice(0, 6), b);
        }));
        assertNotSame(memory(b), memory(c));
    }

    /// What a later layer reads of an earlier one must survive the rest of the loop's body, where nobody mentions it.
    @Test
    void scratchCarriedFromLayerToLayerLivesForTheWholeLoop() {
        workspace.allocate(new Program("p", ops -> {
            ops.zero(c);
            ops.forEachLayer(3, false, () -> {
                ops.geluBackward(c, in.slice(0, 4));
                ops.gelu(b, in.slice(0, 6));
                ops.gelu(out.slice(0, 6), b);
            });
        }));
        assertNotSame(memory(b), memory(c));
    }

    @Test
    void scratchOfOneLayerAloneSharesWithinTheLoop() {
        workspace.allocate(new Program("p", ops -> ops.forEachLayer(3, true, () -> {
            ops.gelu(b, in.slice(0, 6));
            ops.gelu(out.slice(0, 6), b);
            ops.gelu(c, in.slice(0, 4));
            ops.gelu(out.slice(0, 4), c);
        })));
        assertSame(memory(b), memory(c));
    }

    /// Two programs on one workspace: an array may be short-lived in one and long-lived in the other.
    @Test
    void lifetimesOfAllProgramsCount() {
        Program apart = new Program("apart", ops -> {
            ops.gelu(b, in.slice(0, 6));
            ops.gelu(out.slice(0, 6), b);
            ops.gelu(c, in.slice(0, 4));
            ops.gelu(out.slice(0, 4), c);
        });
        Program together = new Program("together", ops -> {
            ops.gelu(b, in.slice(0, 6));
            ops.gelu(c, in.slice(0, 4));
            ops.residual(out.slice(0, 4), b.slice(0, 4), c);
        });
        workspace.allocate(apart, together);
        assertNotSame(memory(b), memory(c));
    }

    @Test
    void whatNoProgramUsesHasNoMemory() {
        workspace.allocate(new Program("p", ops -> ops.gelu(out, in)));
        assertNull(memory(a));
        assertEquals(8, in.floats().length);
    }

    @Test
    void stacksRepeatWhatIsKeptButNotScratch() {
        Tensor[] declared = new Tensor[3];
        workspace.stack(new ParamLayout(), "blocks", 5, () -> {
            declared[0] = workspace.kept("hidden", 2, 3);
            declared[1] = workspace.keptBetweenLayers("stream", 2, 3);
            declared[2] = workspace.scratch("tmp", 2, 3);
            return declared;
        });
        assertEquals("blocks.hidden", declared[0].buffer().name());
        assertEquals(List.of(30, 36, 6),
                List.of(declared[0].buffer().size(), declared[1].buffer().size(), declared[2].buffer().size()));
        assertEquals(List.of(6, 6, 0), List.of(declared[0].step(), declared[1].step(), declared[2].step()));
        assertEquals(30, declared[1].layer(5).at(), "the last layer's output");
    }

    @Test
    void resultsAreReadBackOnlyWhereNothingTrains() {
        assertEquals(Role.KEPT, Workspace.forTraining().result("latent", 4).buffer().role());
        assertEquals(Role.OUTPUT, Workspace.forInference().result("latent", 4).buffer().role());
    }

    @Test
    void programsKnowWhatTheyTouchByRole() {
        Program program = new Program("p", (Ops ops) -> {
            ops.gelu(a, in);
            ops.gelu(out, a);
        });
        assertEquals(List.of(in.buffer()), program.buffers(Role.INPUT));
        assertEquals(List.of(out.buffer()), program.buffers(Role.OUTPUT));
        assertEquals(List.of(a.buffer()), List.copyOf(program.buffers(Role.SCRATCH)));
        assertEquals(List.of("a", "in", "out"), program.buffers().stream().map(Buffer::name).sorted().toList());
    }
}
