package org.tornadomae.mae.verify;

import java.util.Arrays;
import java.util.List;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Plan;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.mae.mask.MaskKind;
import org.tornadomae.mae.mask.Masking;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.mae.model.Targets;
import org.tornadomae.mae.weights.Dialect;
import org.tornadomae.nn.optim.AdamW;
import org.tornadomae.nn.WeightDecayRule;

/// A dump of masked autoencoding. The forward pass is checked on the model that predicts all tokens, gradients and
/// steps on the one that trains.
final class PretrainingCheck {
    private final Dump dump;
    private final MaeConfig config;
    private final int batch;
    private final Masking masking;
    private final Comparison comparison;

    private PretrainingCheck(Dump dump) {
        this.dump = dump;
        this.batch = dump.count("batch");
        this.config = config(dump);
        this.masking = new Masking(MaskKind.RANDOM, dump.json("mask_ratio").asDouble(), config.grid());
        this.comparison = new Comparison(dump);
        dump.floats("in.noise", batch, config.grid().tokens());
        dump.floats("in.clip", batch, 3, config.clip().numFrames(), config.clip().imgSize(), config.clip().imgSize());
    }

    static List<ReferenceCheck.Line> run(Dump dump, Backend backend) {
        PretrainingCheck check = new PretrainingCheck(dump);
        check.masks();
        check.forward(backend);
        check.train(backend);
        return check.comparison.lines();
    }

    /// PySlowFast predicts one frame of each patch and takes over the encoder's class token.
    private static MaeConfig config(Dump dump) {
        ClipGeometry clip = dump.clip();
        boolean slowfast = dump.params("param.").from() == Dialect.SLOWFAST;
        int predicted = dump.model().has("pred_t_dim") ? dump.size("pred_t_dim") : clip.grid().times();
        return new MaeConfig(clip, dump.stack(""), dump.stack("decoder_"), dump.cls(), slowfast && dump.cls(),
                new Targets(dump.model().path("norm_pix_loss").asBoolean(), predicted, !slowfast));
    }

    private MaskBatch fill(MaskedAutoencoder model) {
        int tokens = config.grid().tokens();
        float[] noise = dump.floats("in.noise", batch, tokens);
        for (int b = 0; b < batch; b++) {
            model.masks().set(b, Masking.argsort(noise, b * tokens, tokens));
        }
        int side = config.clip().imgSize();
        float[] clip = dump.floats("in.clip", batch, 3, config.clip().numFrames(), side, side);
        System.arraycopy(clip, 0, model.clip(), 0, clip.length);
        dump.load(model.params());
        return model.masks();
    }

    private MaskedAutoencoder.BatchShape shape(boolean predictAll) {
        return new MaskedAutoencoder.BatchShape(batch, masking.keep(), predictAll, 1);
    }

    private void masks() {
        int tokens = config.grid().tokens();
        MaskBatch masks = fill(MaskedAutoencoder.forInference(config, shape(true)));
        long[] restore = dump.longs("out.ids_restore", batch, tokens);
        float[] mask = dump.floats("out.mask", batch, tokens);
        int[] ours = masks.idsRestore().ints();
        comparison.exact("out.ids_restore", ours.length, i -> ours[i] == restore[i]);
        comparison.exact("out.mask", ours.length, i -> masks.mask().floats()[i] == mask[i]);
    }

    private void forward(Backend backend) {
        MaskedAutoencoder model = MaskedAutoencoder.forInference(config, shape(true));
        MaskBatch masks = fill(model);
        try (Plan plan = backend.compile(List.of(model.forward()))) {
            plan.run(model.forward());
        }
        int channels = config.encoder().embedDim();
        int tokens = config.grid().tokens();
        if (dump.shape("out.latent", 3)[1] == masking.keep()) { // mae_st's has no class token
            comparison.values("out.latent", withoutClassRows(model.latent()), batch, masking.keep(), channels);
        } else {
            comparison.values("out.latent", model.latent(), batch, config.cls() + masking.keep(), channels);
        }
        if (dump.has("out.pred_masked")) {
            int removed = batch * (tokens - masking.keep());
            comparison.values("out.pred_masked", removed(model.pred(), masks), removed, config.predValues());
        } else {
            comparison.values("out.pred", model.pred(), batch, tokens, config.predValues());
        }
        comparison.values("out.loss", new float[] {model.loss()}, 1);
    }

    private float[] withoutClassRows(float[] latent) {
        int rows = config.cls() + masking.keep();
        int width = masking.keep() * config.encoder().embedDim();
        float[] patches = new float[batch * width];
        for (int b = 0; b < batch; b++) {
            System.arraycopy(latent, (b * rows + config.cls()) * config.encoder().embedDim(), patches, b * width,
                    width);
        }
        return patches;
    }

    /// The rows of the removed tokens, clip by clip in the order of the tokens.
    private float[] removed(float[] pred, MaskBatch masks) {
        int width = config.predValues();
        float[] rows = new float[pred.length];
        int n = 0;
        for (int row = 0; row < masks.mask().floats().length; row++) {
            if (masks.mask().floats()[row] == 1) { // 0 kept, 1 removed
                System.arraycopy(pred, row * width, rows, n++ * width, width);
            }
        }
        return Arrays.copyOf(rows, n * width);
    }

    private void train(Backend backend) {
        boolean stepped = dump.has("out.step_losses"); // some dumps end with the gradients
        int steps = stepped ? dump.count("steps") : 1;
        AdamW.Options options = stepped ? dump.optimizer(WeightDecayRule.PYSLOWFAST) : AdamW.Options.PAPER;
        double lr = stepped ? dump.number("optim", "lr") : 0;
        float[] losses = stepped ? dump.floats("out.step_losses", steps) : new float[steps];
        MaskedAutoencoder model = MaskedAutoencoder.forTraining(config, shape(false));
        fill(model);
        double[] rates = new double[steps];
        Arrays.fill(rates, lr);
        comparison.train(backend, model.step(), new AdamW(model.params(), options), rates,
                step -> losses[step] = model.loss());
        if (stepped) {
            comparison.values("out.step_losses", losses, steps);
            comparison.stepped(model.params(), steps, steps * lr, Double.NaN);
        }
    }
}
