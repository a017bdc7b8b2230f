package org.tornadomae.mae.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.mae.mask.Masking;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.nn.AdamW;
import org.tornadomae.nn.CosineSchedule;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.Checkpoints;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import org.tornadomae.video.clip.ClipBatch;
import org.tornadomae.video.clip.ClipLoader;
import org.tornadomae.video.clip.ClipRandom;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.clip.ClipSource;
import org.tornadomae.video.clip.LoaderConfig;
import org.tornadomae.video.clip.LoaderResources;
import org.tornadomae.video.source.VideoList;

/// The training loop, the only one: clips → masks → step → update → metrics → checkpoint.
///
/// The same configuration and data give the same bits for any number of loader threads and across kill and resume.
public final class Trainer implements AutoCloseable {
    private static final long MASK = Rng.keyOf("mask");

    private final PretrainConfig config;
    private final TrainConfig train;
    private final Backend backend;
    private final RunFolder folder;
    private final VideoList videos;
    private final String dataset;
    private final Masking masking;
    private final MaskedAutoencoder model;
    private final AdamW adamW;
    private final Program update;
    private final Plan plan;
    private final ClipSource clips;
    private final long stepsPerEpoch;
    private final long totalSteps;
    private final CosineSchedule schedule;
    private long step;
    private volatile boolean stopping;

    /// Prepares a run.
    ///
    /// @param resume  checkpoint to continue from, or empty to start from the seed
    /// @param resources  threads and memory for loading
    /// @throws UserException when checkpoint, data and configuration do not fit together
    public Trainer(PretrainConfig config, TrainConfig train, VideoList videos, Backend backend, RunFolder folder,
            Optional<Path> resume, LoaderResources resources) {
        this.config = config;
        this.train = train;
        Batches batches = train.batches();
        this.backend = backend;
        this.folder = folder;
        this.videos = videos;
        this.dataset = videos.fingerprint(); // looks at every file, so once
        this.masking = config.mask().on(config.model().grid());
        this.model = MaskedAutoencoder.forTraining(config.model(),
                new MaskedAutoencoder.BatchShape(batches.clips(), masking.keep(), false, batches.accumulation()));
        this.adamW = new AdamW(model.params(), train.optimizer());
        this.update = adamW.update();
        if (resume.isPresent()) {
            load(resume.get());
        } else {
            model.params().initialise(train.seed());
        }
        folder.rewindMetrics(step);
        ClipGeometry clip = config.model().clip();
        ClipShape shape = new ClipShape(clip.numFrames(), clip.imgSize(), clip.imgSize());
        LoaderConfig loader = new LoaderConfig(shape, batches.samplingRate(), batches.batchSize(), batches.repeatAug(), resources);
        this.clips = new ClipLoader(videos, loader, random(train.seed()), step * batches.accumulation());
        this.stepsPerEpoch = Math.max(1, clips.batchesPerEpoch() / batches.accumulation());
        this.totalSteps = train.length().totalSteps(stepsPerEpoch);
        double epochs = (double) totalSteps / stepsPerEpoch;
        this.schedule = train.rate().over(epochs, batches.videosPerStep());
        this.plan = backend.compile(List.of(model.step(), update));
    }

    /// The loader's random numbers: counter-based, keyed by (seed, epoch, video, repeat, purpose).
    public static ClipRandom random(long seed) {
        return (epoch, video, repeat, purpose) -> Rng.of(seed, epoch, video, repeat, Rng.keyOf(purpose.name()));
    }

    private void load(Path file) {
        try (TensorFile tensors = TensorFiles.open(file)) {
            SavedRun saved = SavedRun.of(tensors);
            if (!saved.config().model().equals(config.model())) {
                throw new UserException(file + ": is a checkpoint of another model (" + saved.config().model()
                        + "); use its settings or another folder");
            }
            if (!saved.dataset().equals(dataset)) {
                throw new UserException(file + ": was trained on other videos than " + videos.source()
                        + "; give that data, or start anew in another folder");
            }
            Batches before = saved.train().batches();
            if (saved.train().seed() != train.seed() || !before.sameOrder(train.batches())) {
                throw new UserException(file + ": its place in the data only holds for seed " + saved.train().seed() + ", batch-size "
                        + before.batchSize() + ", repeats " + before.repeatAug() + " and accumulation " + before.accumulation());
            }
            Checkpoints.loadWeights(tensors, model.params());
            Checkpoints.loadMoments(tensors, model.params());
            step = saved.at().step();
        }
    }

    /// Trains to the end or until [#stop]; the last state is always saved.
    ///
    /// @return the last checkpoint
    /// @throws UserException when the loss is no longer finite; earlier checkpoints stay
    public Path run(Progress progress) {
        Path saved = null;
        progress.start(this);
        while (step < totalSteps && !stopping) {
            RunFolder.Metrics metrics = step();
            folder.append(metrics);
            progress.step(metrics);
            saved = null;
            if (step % train.saving().every() == 0 && step < totalSteps) {
                saved = save();
            }
        }
        return saved == null ? save() : saved;
    }

    /// Asks the loop to finish its step, save and return. May be called from any thread.
    public void stop() {
        stopping = true;
    }

    private RunFolder.Metrics step() {
        long start = System.nanoTime();
        long waited = clips.waitedNanos();
        double loss = 0;
        for (int micro = 0; micro < train.batches().accumulation(); micro++) {
            fill(clips.next());
            plan.run(model.step());
            loss += model.loss() / train.batches().accumulation();
            if (!Float.isFinite(model.loss())) {
                throw nonFinite("the loss is " + model.loss());
            }
        }
        double epoch = (double) step / stepsPerEpoch;
        double lr = schedule.lr(epoch);
        adamW.prepare(step + 1, lr);
        plan.run(update);
        if (!Float.isFinite(adamW.norm())) {
            throw nonFinite("the gradient's norm is " + adamW.norm());
        }
        step++;
        double seconds = (System.nanoTime() - start) / 1e9;
        double wait = (clips.waitedNanos() - waited) / 1e9 / seconds;
        return new RunFolder.Metrics(step, epoch, loss, lr, adamW.norm(),
                train.batches().clipsPerStep() / seconds, Math.min(1, wait), backend.device());
    }

    private void fill(ClipBatch batch) {
        System.arraycopy(batch.pixels(), 0, model.clip(), 0, model.clip().length);
        for (int i = 0; i < train.batches().clips(); i++) {
            // by place, not by video: one that replaces damaged ones appears more than once in an epoch
            model.masks().set(i, masking.shuffle(Rng.of(train.seed(), batch.epoch(), batch.index(), i, MASK)));
        }
        batch.release();
    }

    private Path save() {
        Params params = model.params();
        plan.download(params.valueBuffer(), params.mBuffer(), params.vBuffer());
        SavedRun run = new SavedRun(config, train,
                new SavedRun.Cursor(step, (double) step / stepsPerEpoch, step * train.batches().accumulation()), dataset,
                backend.device());
        return folder.save(params, run, train.saving().keepLast());
    }

    /// Finds the first bad number in the order of the data flow: parameters, then activations.
    private UserException nonFinite(String what) {
        Params params = model.params();
        plan.download(params.valueBuffer());
        String where = params.layout().entries().stream()
                .filter(e -> !finite(params.values(), params.start(e), params.start(e) + e.param().size()))
                .map(e -> "parameter " + e.name()).findFirst()
                .or(() -> model.activations().stream().filter(this::notFinite).map(Buffer::name).findFirst())
                .orElse("the loss itself");
        return new UserException("step " + (step + 1) + ": " + what + "; first bad tensor: " + where
                + ". Nothing was saved after step " + step + " and all checkpoints in " + folder.path() + " are kept; try a lower learning rate");
    }

    private boolean notFinite(Buffer buffer) {
        plan.download(buffer);
        return !finite(buffer.floats(), 0, buffer.size());
    }

    private static boolean finite(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Float.isFinite(values[i])) {
                return false;
            }
        }
        return true;
    }

    public long totalSteps() {
        return totalSteps;
    }

    /// Optimizer steps done, those before a resume included.
    public long stepsDone() {
        return step;
    }

    public long stepsPerEpoch() {
        return stepsPerEpoch;
    }

    /// Clips that one optimizer step sees, repeated ones counted.
    public long clipsPerStep() {
        return train.batches().clipsPerStep();
    }

    /// Where the clips come from, for the report of skipped ones.
    public ClipSource clips() {
        return clips;
    }

    /// Seconds spent in each kernel so far, where the device was asked to measure them.
    public Map<String, Double> kernelSeconds() {
        return plan.kernelSeconds();
    }

    /// See [Plan#compiledKernels].
    public int compiledKernels() {
        return plan.compiledKernels();
    }

    public MaskedAutoencoder model() {
        return model;
    }

    @Override
    public void close() {
        clips.close();
        plan.close();
    }

    /// Whoever shows how a run goes.
    public interface Progress {
        void start(Trainer trainer);

        void step(RunFolder.Metrics metrics);
    }
}
