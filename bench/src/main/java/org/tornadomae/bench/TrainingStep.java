package org.tornadomae.bench;

import java.util.List;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.mae.mask.MaskKind;
import org.tornadomae.mae.mask.Masking;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.nn.optim.AdamW;
import org.tornadomae.nn.Rng;

/// A whole training step on random clips: masks, forward, backward, clipping, AdamW. Nothing is decoded.
final class TrainingStep implements AutoCloseable {
    private static final double LR = 1e-4;

    private final Masking masking;
    private final MaskedAutoencoder model;
    private final AdamW adamW;
    private final Program update;
    private final Plan plan;
    private final int batch;
    private long steps;

    /// @param ratio share of the tokens that is removed; 0 is the dense step that masking is compared to: it keeps all
    ///              tokens but one, because a loss needs something to predict, and predicts all of them
    TrainingStep(MaeConfig config, int batch, double ratio, Backend backend) {
        this.batch = batch;
        this.masking = masking(config, ratio);
        this.model = MaskedAutoencoder.forTraining(config,
                new MaskedAutoencoder.BatchShape(batch, masking.keep(), ratio == 0, 1));
        this.adamW = new AdamW(model.params(), AdamW.Options.PAPER);
        this.update = adamW.update();
        model.params().initialise(0);
        fill(model.clip());
        this.plan = backend.compile(List.of(model.step(), update));
    }

    /// The masks of a ratio, see the constructor for 0.
    static Masking masking(MaeConfig config, double ratio) {
        return new Masking(MaskKind.RANDOM, ratio == 0 ? 0.5 / config.grid().tokens() : ratio, config.grid());
    }

    /// Numbers with the mean and variance of normalised pixels.
    private static void fill(float[] clips) {
        Rng random = Rng.of(Rng.keyOf("clips"));
        for (int i = 0; i < clips.length; i++) {
            clips[i] = (2 * random.nextFloat() - 1) * 1.7320508f;
        }
    }

    /// Runs one step and returns its loss.
    float run() {
        for (int b = 0; b < batch; b++) {
            model.masks().set(b, masking.shuffle(Rng.of(Rng.keyOf("mask"), steps, b)));
        }
        plan.run(model.step());
        adamW.prepare(++steps, LR);
        plan.run(update);
        return model.loss();
    }

    @Override
    public void close() {
        plan.close();
    }
}
