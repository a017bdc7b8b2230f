package org.tornadomae.mae.classify;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Program;
import org.tornadomae.mae.model.Classifier;
import org.tornadomae.mae.model.ClassifierConfig;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.mae.train.Batches;
import org.tornadomae.mae.train.Objective;
import org.tornadomae.mae.train.TrainConfig;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.Checkpoints;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import org.tornadomae.video.clip.ClipBatch;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.clip.Variation;
import org.tornadomae.video.source.VideoList;

/// Fine-tuning: tell classes apart, from an encoder that was pre-trained or from nothing (docs/finetune.md).
///
/// All that is random is keyed by the seed and a clip's place in the run: the same bits for any number of threads, and
/// after kill and resume.
public final class Classification implements Objective<FinetuneConfig> {
    /// See [#name].
    public static final String NAME = "classification";

    private static final long MIX = Rng.keyOf("mix");
    private static final long DROP = Rng.keyOf("drop");
    private static final long MASK = Rng.keyOf("mask");

    private final FinetuneConfig config;
    private final long seed;
    private final int[] labels;
    private final Optional<Path> start;
    private Classifier model;
    private int keep;

    /// @param train  its batches and its seed
    /// @param videos with their labels
    /// @param start  file of the encoder to start from; empty to start from nothing
    /// @throws UserException when a video has no label, or one that is none of the classes
    public Classification(FinetuneConfig config, TrainConfig train, VideoList videos, Optional<Path> start) {
        this.config = config;
        this.seed = train.seed();
        this.labels = labels(videos, config.model().classes());
        this.start = start;
        this.keep = config.masking().keep(config.model().grid().tokens(), 0);
        this.model = Classifier.forTraining(config.model(),
                new Classifier.BatchShape(train.batches().clips(), keep, train.batches().accumulation()));
    }

    /// The class of every video of a list.
    ///
    /// @throws UserException naming the first video that has none
    public static int[] labels(VideoList videos, int classes) {
        int[] labels = new int[videos.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = videos.label(i);
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new UserException(videos.source() + ": " + videos.name(i) + (labels[i] < 0
                        ? " has no label"
                        : " has label " + labels[i]) + "; each needs a class from 0 to " + (classes - 1));
            }
        }
        return labels;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public FinetuneConfig config() {
        return config;
    }

    /// Augmentation and masks may change on the way, the classifier may not.
    @Override
    public String refusal(FinetuneConfig saved) {
        return saved.model().equals(config.model())
                ? null
                : "is a checkpoint of another classifier (" + saved.model() + "); use its settings or another folder";
    }

    @Override
    public ClipShape clipShape() {
        ClipGeometry clip = config.model().clip();
        return clip.shape();
    }

    @Override
    public Variation variation() {
        return config.augment().variation();
    }

    /// Repeated clips of a video are counted, unlike in pre-training.
    @Override
    public long samplesPerStep(Batches batches) {
        return batches.clipsPerStep();
    }

    @Override
    public Params params() {
        return model.params();
    }

    /// A new head in any case; the rest from the file, where there is one.
    @Override
    public void initialise(long runSeed) {
        params().initialise(runSeed);
        if (start.isPresent()) {
            try (TensorFile file = TensorFiles.open(start.get())) {
                TensorFile weights = Backbone.of(file).weights(file, config.model().clip());
                Checkpoints.loadWeights(weights, params(), name -> !name.startsWith("head."));
            }
        }
    }

    /// With annealed masks, now and then a batch has another shape.
    @Override
    public boolean prepare(Moment moment) {
        int wanted = config.masking().keep(config.model().grid().tokens(), moment.epoch() / moment.epochs());
        if (wanted == keep) {
            return false;
        }
        keep = wanted;
        model = model.withShape(new Classifier.BatchShape(model.shape().batch(), keep, model.shape().microBatches()));
        return true;
    }

    @Override
    public Program step() {
        return model.step();
    }

    @Override
    public void fill(ClipBatch batch, Moment moment) {
        System.arraycopy(batch.pixels(), 0, model.clip(), 0, model.clip().length);
        int[] classes = Arrays.stream(batch.videos()).map(video -> labels[video]).toArray();
        config.augment().mixup().apply(model.clip(), clipShape(), classes, config.model().classes(), model.targets(),
                Rng.of(seed, batch.epoch(), batch.index(), MIX));
        for (int i = 0; i < batch.clips(); i++) {
            drop(i, batch.clips(), Rng.of(seed, batch.epoch(), batch.index(), i, DROP));
            if (keep < config.model().grid().tokens()) {
                Rng random = Rng.of(seed, batch.epoch(), batch.index(), i, MASK);
                model.masks().set(i, random.permutation(config.model().grid().tokens()));
            }
        }
    }

    /// Draws what is dropped of one clip: first its branches, block by block, then elements of its feature.
    private void drop(int clip, int clips, Rng rng) {
        ClassifierConfig.Drop drop = config.model().drop();
        int depth = config.model().encoder().depth();
        if (model.keepAttention() != null) {
            for (int layer = 0; layer < depth; layer++) {
                model.keepAttention()[layer * clips + clip] = factor(drop.path(layer, depth), rng);
                model.keepMlp()[layer * clips + clip] = factor(drop.path(layer, depth), rng);
            }
        }
        if (model.keepFeature() != null) {
            int channels = config.model().encoder().embedDim();
            for (int c = 0; c < channels; c++) {
                model.keepFeature()[clip * channels + c] = factor(drop.head(), rng);
            }
        }
    }

    private static float factor(double rate, Rng rng) {
        return rng.nextDouble() < rate ? 0 : (float) (1 / (1 - rate));
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
