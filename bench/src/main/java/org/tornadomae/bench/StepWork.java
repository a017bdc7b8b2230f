package org.tornadomae.bench;

import org.tornadomae.mae.model.MaeConfig;

/// The arithmetic of a training step as it is usually counted: a multiply-add is two operations, a backward pass is two
/// forward passes, and only matrix products and attention count. What an executor computes twice counts once.
final class StepWork {
    private StepWork() {}

    /// Floating-point operations of a step.
    ///
    /// @param batch clips
    /// @param ratio share of the tokens that is removed; see [TrainingStep] for 0
    static double flops(MaeConfig c, int batch, double ratio) {
        long tokens = c.grid().tokens();
        long keep = TrainingStep.masking(c, ratio).keep();
        long predicted = ratio == 0 ? tokens : tokens - keep;
        double embed = product(keep, c.grid().patchValues(), c.encoder().embedDim());
        double encoder = c.encoder().depth() * block(c.cls() + keep, c.encoder().embedDim(), c.encoder().mlpWidth());
        double bridge = product(c.cls() + keep, c.encoder().embedDim(), c.decoder().embedDim());
        double decoder = c.decoder().depth() * block(c.cls() + tokens, c.decoder().embedDim(), c.decoder().mlpWidth());
        double head = product(predicted, c.decoder().embedDim(), c.predValues());
        return 3 * batch * (embed + encoder + bridge + decoder + head);
    }

    private static double product(double rows, double in, double out) {
        return 2 * rows * in * out;
    }

    /// q, k, v and projection; scores and weighted values; the MLP.
    private static double block(double tokens, double channels, double mlp) {
        return product(tokens, channels, 4 * channels) + 2 * product(tokens, channels, tokens)
                + 2 * product(tokens, channels, mlp);
    }
}
