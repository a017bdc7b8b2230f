package org.tornadomae.mae.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.loop.LoopExecutor;
import org.tornadomae.nn.optim.AdamW;

/// Two whole training steps under the checking executor: no operation reads an array that was not declared, that this
/// program has not written, or whose memory another array has taken over; and the results are those of the plain loops.
class WorkspaceCheckTest {
    private record Result(float[] values, float loss) {
    }

    private static MaskedAutoencoder model(String dialect, int keep, boolean predictAll) {
        TestConfig c = dialect.equals("slowfast") ? TestConfig.slowFast() : new TestConfig();
        if (dialect.equals("joint")) {
            c.positions = c.decoderPositions = Positions.JOINT;
            c.clsEmbed = c.qkvBias = false;
            c.normPixLoss = true;
            c.decoderDepth = 3;
        }
        if (dialect.equals("sincos")) {
            c.positions = c.decoderPositions = Positions.SINCOS;
        }
        return TestConfig.model(c.build(), new MaskedAutoencoder.BatchShape(2, keep, predictAll, 1));
    }

    private static Result train(MaskedAutoencoder model, Backend backend) {
        AdamW adamW = new AdamW(model.params(), AdamW.Options.PAPER);
        try (backend; Plan plan = backend.compile(List.of(model.forward(), model.step(), adamW.update()))) {
            for (int step = 1; step <= 2; step++) {
                TestConfig.fill(model, step, 2);
                plan.run(model.forward());
                plan.run(model.step());
                adamW.prepare(step, 1e-3);
                plan.run(adamW.update());
            }
        }
        return new Result(model.params().values(), model.loss());
    }

    /// dialect, visible tokens of 18, whether all are predicted
    @ParameterizedTest
    @CsvSource({"mae_st,4,false", "mae_st,1,true", "slowfast,17,false", "slowfast,9,true", "joint,4,false",
            "joint,10,true", "sincos,4,false"})
    void everyReadFindsWhatThisProgramWrote(String dialect, int keep, boolean predictAll) {
        Result checked = train(model(dialect, keep, predictAll), LoopExecutor.checking());
        Result plain = train(model(dialect, keep, predictAll), LoopExecutor.open());
        assertTrue(Float.isFinite(plain.loss()));
        assertEquals(plain.loss(), checked.loss());
        assertArrayEquals(plain.values(), checked.values());
    }

    /// Sharing is what keeps the memory of a deep model small: the test above would pass without any.
    @ParameterizedTest
    @CsvSource({"mae_st", "slowfast", "joint"})
    void scratchSharesMemory(String dialect) {
        MaskedAutoencoder model = model(dialect, 4, false);
        List<Buffer> scratch = model.step().buffers(Buffer.Role.SCRATCH);
        long arrays = scratch.stream().map(buffer -> System.identityHashCode(buffer.array())).distinct().count();
        assertTrue(arrays * 3 < scratch.size(), scratch.size() + " scratch arrays in " + arrays);
    }
}
