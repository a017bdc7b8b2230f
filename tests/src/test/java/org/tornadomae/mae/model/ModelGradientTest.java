package org.tornadomae.mae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.kernels.Plan;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Rng;

/// The whole model's gradient against differences of its loss, tensor by tensor, in both dialects.
class ModelGradientTest {
    private static final MaskedAutoencoder.BatchShape SHAPE = new MaskedAutoencoder.BatchShape(2, 4, false, 1);
    private static final int DIRECTIONS = 4;
    /// Of the tensor's norm. The loss is a float, good to a few u = 2⁻²⁴ of itself, and the difference quotient
    /// divides that by the step: 4·u·loss/h. Steps of 3 % keep it under a tenth of the slopes, and the four-point
    /// formula keeps the curvature's share (h⁴) under 3 % of them, most where a tensor feeds a layer norm. A gradient
    /// that is missing, doubled or of the wrong sign is off by 100 %.
    private static final double RELATIVE_STEP = 0.03;

    /// Along random directions of each tensor: slope = gradient · direction.
    ///
    /// dialect, normPixLoss
    @ParameterizedTest
    @CsvSource({"mae_st,false", "mae_st,true", "slowfast,false", "slowfast,true", "joint,false", "joint,true",
            "sincos,false", "sincos,true"})
    void everyTensorAgreesWithDifferencesOfTheLoss(String dialect, boolean normPix) {
        TestConfig c = dialect.equals("slowfast") ? TestConfig.slowFast() : new TestConfig();
        c.normPixLoss = normPix;
        if (dialect.equals("joint")) { // joint positions in both, no class token, no biases of q, k and v
            c.positions = c.decoderPositions = Positions.JOINT;
            c.clsEmbed = c.qkvBias = false;
            c.predTDim = 4;
        }
        if (dialect.equals("sincos")) { // a table in front of both stacks, and layer norms that feel their eps
            c.positions = c.decoderPositions = Positions.SINCOS;
            c.normEps = 0.1;
        }
        MaskedAutoencoder model = TestConfig.model(c.build(), SHAPE);
        TestConfig.fill(model, 0, 2);
        TestConfig.run(model, model.step());
        float[] grads = model.params().grads().clone();
        try (Plan plan = Backends.open("loop").compile(List.of(model.forward()))) {
            for (ParamLayout.Entry entry : model.params().layout().entries()) {
                check(model, plan, entry, grads);
            }
        }
    }

    private static void check(MaskedAutoencoder model, Plan plan, ParamLayout.Entry entry, float[] grads) {
        float[] values = model.params().values();
        int start = model.params().start(entry);
        int n = entry.param().size();
        Rng rng = Rng.of(5, Rng.keyOf(entry.name()));
        double length = 0;
        for (int i = start; i < start + n; i++) {
            length += (double) values[i] * values[i];
        }
        double h = RELATIVE_STEP * Math.sqrt(length);
        double wrong = 0;
        double size = 0;
        for (int k = 0; k < DIRECTIONS; k++) {
            double[] d = new double[n]; // a random direction of length 1
            double slope = 0;
            for (int i = 0; i < n; i++) {
                d[i] = (rng.nextBoolean() ? 1 : -1) / Math.sqrt(n);
                slope += d[i] * grads[start + i];
            }
            double[] loss = new double[5];
            float[] before = java.util.Arrays.copyOfRange(values, start, start + n);
            for (int step = -2; step <= 2; step++) {
                for (int i = 0; i < n; i++) {
                    values[start + i] = (float) (before[i] + step * h * d[i]);
                }
                plan.upload(model.params().valueBuffer());
                plan.run(model.forward());
                loss[step + 2] = model.loss();
            }
            System.arraycopy(before, 0, values, start, n);
            double difference = (8 * (loss[3] - loss[1]) - (loss[4] - loss[0])) / (12 * h);
            wrong += Math.pow(difference - slope, 2);
            size += slope * slope;
        }
        plan.upload(model.params().valueBuffer());
        double error = Math.sqrt(wrong / DIRECTIONS);
        double slope = Math.sqrt(size / DIRECTIONS);
        double bound = 0.03 * slope + 4 * 0x1p-24 * model.loss() / h;
        assertTrue(error <= bound, entry.name() + ": differences of the loss are off by " + error + " of " + slope);
        if (entry.name().endsWith("attn.k.bias")) {
            assertEquals(0, slope, "softmax does not see a constant added to all keys");
        } else {
            assertTrue(bound < slope / 3, entry.name() + ": the check could not tell " + slope + " from zero");
        }
    }
}
