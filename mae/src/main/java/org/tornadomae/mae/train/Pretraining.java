package org.tornadomae.mae.train;

import java.util.List;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Program;
import org.tornadomae.mae.mask.Masking;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.ClipBatch;
import org.tornadomae.video.clip.ClipShape;

/// Masked autoencoding: predict the pixels of removed patches.
public final class Pretraining implements Objective<PretrainConfig> {
    /// See [#name].
    public static final String NAME = "pretraining";

    private static final long MASK = Rng.keyOf("mask");

    private final PretrainConfig config;
    private final long seed;
    private final Masking masking;
    private final MaskedAutoencoder model;

    /// @param train its batches and its seed
    public Pretraining(PretrainConfig config, TrainConfig train) {
        this.config = config;
        this.seed = train.seed();
        this.masking = config.mask().on(config.model().grid());
        this.model = MaskedAutoencoder.forTraining(config.model(), shape(config, train.batches()));
    }

    private static MaskedAutoencoder.BatchShape shape(PretrainConfig config, Batches batches) {
        return new MaskedAutoencoder.BatchShape(batches.clips(), config.mask().on(config.model().grid()).keep(), false,
                batches.accumulation());
    }

    /// Bytes that the model and its activations will take. Nothing is allocated.
    ///
    /// @throws UserException when one array would be larger than Java's can be
    public static long bytes(PretrainConfig config, Batches batches) {
        return MaskedAutoencoder.trainingBytes(config.model(), shape(config, batches));
    }

    /// Of the clips that such a model takes.
    public static ClipShape clipShape(PretrainConfig config) {
        return config.model().clip().shape();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public PretrainConfig config() {
        return config;
    }

    /// Masks may change on the way, the model may not.
    @Override
    public String refusal(PretrainConfig saved) {
        return saved.model().equals(config.model())
                ? null
                : "is a checkpoint of another model (" + saved.model() + "); use its settings or another folder";
    }

    @Override
    public ClipShape clipShape() {
        return clipShape(config);
    }

    /// Repeated clips of a video are not counted (docs/spec.md, Pre-training recipe).
    @Override
    public long samplesPerStep(Batches batches) {
        return batches.videosPerStep();
    }

    @Override
    public Params params() {
        return model.params();
    }

    @Override
    public Program step() {
        return model.step();
    }

    @Override
    public void fill(ClipBatch batch, Moment moment) {
        System.arraycopy(batch.pixels(), 0, model.clip(), 0, model.clip().length);
        for (int i = 0; i < batch.clips(); i++) {
            // by place, not by video: one that replaces damaged ones appears more than once in an epoch
            model.masks().set(i, masking.shuffle(Rng.of(seed, batch.epoch(), batch.index(), i, MASK)));
        }
    }

    @Override
    public float loss() {
        return model.loss();
    }

    @Override
    public List<Buffer> activations() {
        return model.activations();
    }
}
