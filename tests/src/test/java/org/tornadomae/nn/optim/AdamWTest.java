package org.tornadomae.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.nn.Init;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.WeightDecayRule;
import org.tornadomae.nn.Rng;

class AdamWTest {
    private static final double LR = 1e-2;

    private static Params params() {
        ParamLayout layout = new ParamLayout();
        layout.declare("a.bias", Init.NORMAL, 13);
        layout.declare("a.weight", Init.NORMAL, 6, 13);
        layout.declare("b.weight", Init.NORMAL, 207);
        layout.stack("blocks", 2, () -> {
            layout.declare("w", Init.NORMAL, 3, 5);
            layout.declare("b", Init.NORMAL, 5);
        });
        layout.declare("token", Init.NORMAL, 1, 1, 7);
        return Params.forTraining(layout).initialise(3);
    }

    /// Five steps against the formula in double: matrices (also those with sides of 1) decay, 1-D tensors do not, the
    /// gradient is clipped by its global norm (0.02 always clips here, 0 never), and it is zero for the next step. With
    /// layer decay the learning rate, that of the weight decay included, shrinks towards the input.
    ///
    /// A step moves a weight by at most about lr, from moments with a few roundings: 8·u·lr per step, and each addition
    /// rounds the weight (below 0.25) itself: together under 16·u·0.25 a step.
    @ParameterizedTest
    @CsvSource({"0,1", "0.02,1", "1e6,1", "0.02,0.65"})
    void stepsFollowTheFormula(double maxNorm, double layerDecay) {
        Params params = params();
        AdamW.Options options =
                new AdamW.Options(0.9, 0.95, 1e-8, 0.05, maxNorm, layerDecay, WeightDecayRule.PYSLOWFAST);
        AdamW adamW = new AdamW(params, options);
        Program update = adamW.update();
        double[] w = new double[params.values().length];
        double[] m = new double[w.length];
        double[] v = new double[w.length];
        for (int i = 0; i < w.length; i++) {
            w[i] = params.values()[i];
        }
        Rng rng = Rng.of(4);
        try (Plan plan = Backends.open("loop").compile(List.of(update))) {
            for (int step = 1; step <= 5; step++) {
                double squares = 0;
                for (int i = 0; i < w.length; i++) {
                    params.grads()[i] = (float) rng.nextGaussian();
                    squares += (double) params.grads()[i] * params.grads()[i];
                }
                double norm = Math.sqrt(squares);
                formula(params, w, m, v, step, maxNorm == 0 ? 1 : Math.min(1, maxNorm / (norm + 1e-6)), layerDecay);
                plan.upload(params.gradBuffer());
                adamW.prepare(step, LR);
                plan.run(update);
                plan.download(params.valueBuffer(), params.gradBuffer());
                assertEquals(norm, adamW.norm(), 16 * 0x1p-24 * norm, "a sum of squares in short partial sums");
                for (int i = 0; i < w.length; i++) {
                    assertEquals(w[i], params.values()[i], 16 * 0x1p-24 * 0.25 * step,
                            "weight " + i + " after step " + step);
                    assertEquals(0f, params.grads()[i], "gradients are zeroed");
                }
            }
        }
    }

    private static void formula(Params params, double[] w, double[] m, double[] v, int step, double clip,
            double layerDecay) {
        for (ParamLayout.Entry entry : params.layout().entries()) {
            boolean decays = Set.of("a.weight", "token", "blocks.0.w", "blocks.1.w").contains(entry.name());
            double lr = LR * Math.pow(layerDecay, 3 - levelOf(entry.name()));
            for (int k = 0; k < entry.param().size(); k++) {
                int i = params.start(entry) + k;
                double g = params.grads()[i] * clip;
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.95 * v[i] + 0.05 * g * g;
                w[i] -= decays ? lr * 0.05 * w[i] : 0;
                w[i] -= lr * (m[i] / (1 - Math.pow(0.9, step))) / (Math.sqrt(v[i] / (1 - Math.pow(0.95, step))) + 1e-8);
            }
        }
    }

    private static int levelOf(String name) {
        return name.equals("token") ? 3 : name.startsWith("blocks.") ? 1 + name.charAt(7) - '0' : 0;
    }
}
