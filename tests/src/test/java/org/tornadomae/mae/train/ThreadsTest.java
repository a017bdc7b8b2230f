package org.tornadomae.mae.train;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.mae.model.TestConfig;
import org.tornadomae.nn.optim.AdamW;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The number of threads is no part of the result.
class ThreadsTest {
    private static final int CLIPS = 3;
    private static final int STEPS = 2;

    private record Result(float[] values, float norm, float loss) {
    }

    private static Result train(String device, int threads) {
        TestConfig c = new TestConfig();
        c.imgSize = 24;
        c.embedDim = 48;
        c.decoderEmbedDim = 40;
        c.normPixLoss = true;
        MaskedAutoencoder model = TestConfig.model(c.build(), new MaskedAutoencoder.BatchShape(CLIPS, 13, false, 1));
        TestConfig.fill(model, 0, CLIPS);
        AdamW adamW = new AdamW(model.params(), AdamW.Options.PAPER);
        Program update = adamW.update();
        try (Plan plan = Backends.open(device, threads).compile(List.of(model.step(), update))) {
            for (int step = 1; step <= STEPS; step++) {
                plan.run(model.step());
                adamW.prepare(step, 1e-3);
                plan.run(update);
            }
        }
        return new Result(model.params().values(), adamW.norm(), model.loss());
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        Result one = train("cpu", 1);
        assertTrue(one.loss > 0.1 && one.norm > 0.01, "loss " + one.loss + ", norm " + one.norm);
        for (int threads : new int[] {2, 3, 8}) {
            Result many = train("cpu", threads);
            assertArrayEquals(one.values, many.values, 0f);
            assertEquals(one.norm, many.norm);
            assertEquals(one.loss, many.loss);
        }
    }
}
