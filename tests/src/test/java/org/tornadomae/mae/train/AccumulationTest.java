package org.tornadomae.mae.train;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.kernels.Plan;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.mae.model.TestConfig;
import org.tornadomae.nn.ParamLayout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AccumulationTest {
    private static final int CLIPS = 6;
    private static final int KEEP = 4;

    /// @param grads of all clips together
    /// @param loss  mean over the micro-batches
    private record Result(MaskedAutoencoder model, float[] grads, double loss) {
    }

    private static Result run(MaeConfig config, int microBatches, boolean predictAll) {
        int batch = CLIPS / microBatches;
        MaskedAutoencoder model =
                TestConfig.model(config, new MaskedAutoencoder.BatchShape(batch, KEEP, predictAll, microBatches));
        double loss = 0;
        try (Plan plan = Backends.open("loop").compile(List.of(model.step()))) {
            for (int i = 0; i < microBatches; i++) {
                TestConfig.fill(model, i * batch, batch);
                plan.run(model.step());
                loss += model.loss() / microBatches;
            }
            plan.download(model.params().gradBuffer());
        }
        return new Result(model, model.params().grads(), loss);
    }

    private static MaeConfig config(String dialect) {
        TestConfig c = dialect.equals("slowfast") ? TestConfig.slowFast() : new TestConfig();
        c.normPixLoss = dialect.equals("mae_st");
        return c.build();
    }

    /// Both sides add the same terms, at most 6·18 rows of each tensor, in another order: a difference of about
    /// 0.3·√108·u ≈ 3u of the terms' size, u = 2⁻²⁴. Terms of both signs cancel to a smaller sum, most in biases before
    /// a layer norm, which sees little of them: hence 64u ≈ 4e-6 of the tensor's norm or of a hundredth of the norm of
    /// all gradients, whichever is larger. A missing clip would show as 1/6, a wrong divisor as a factor.
    private static void same(Result a, Result b) {
        double all = norm(a.grads, b.grads, 0, a.grads.length)[0];
        for (ParamLayout.Entry entry : a.model.params().layout().entries()) {
            double[] norms = norm(a.grads, b.grads, a.model.params().start(entry), entry.param().size());
            assertTrue(norms[1] <= 64 * 0x1p-24 * Math.max(norms[0], 0.01 * all),
                    entry.name() + " differs by " + norms[1] + " of " + norms[0]);
            assertEquals(!entry.name().endsWith("attn.k.bias"), norms[0] > 0, entry.name());
        }
        assertEquals(a.loss, b.loss, 64 * 0x1p-24 * a.loss);
        assertTrue(all > 0.01 && a.loss > 0.1, "gradient norm " + all + ", loss " + a.loss);
    }

    /// ‖a‖ and ‖a − b‖
    private static double[] norm(float[] a, float[] b, int start, int n) {
        double squares = 0;
        double differences = 0;
        for (int i = start; i < start + n; i++) {
            squares += (double) a[i] * a[i];
            differences += Math.pow((double) a[i] - b[i], 2);
        }
        return new double[] {Math.sqrt(squares), Math.sqrt(differences)};
    }

    @ParameterizedTest
    @ValueSource(strings = {"mae_st", "slowfast"})
    void microBatchesGiveTheGradientsOfOneBatch(String dialect) {
        Result one = run(config(dialect), 1, false);
        for (int microBatches : new int[] {2, 3, 6}) {
            same(one, run(config(dialect), microBatches, false));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mae_st", "slowfast"})
    void predictingAllTokensGivesTheSameLossAndGradients(String dialect) {
        same(run(config(dialect), 1, false), run(config(dialect), 1, true));
        same(run(config(dialect), 3, true), run(config(dialect), 1, false));
    }
}
