package org.tornadomae.mae.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Plan;
import org.tornadomae.nn.optim.AdamW;
import org.tornadomae.nn.Collective;
import org.tornadomae.nn.optim.CosineSchedule;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.Checkpoints;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import org.tornadomae.video.clip.ClipBatch;
import org.tornadomae.video.clip.ClipLoader;
import org.tornadomae.video.clip.ClipRandom;
import org.tornadomae.video.clip.ClipSource;
import org.tornadomae.video.clip.LoaderConfig;
import org.tornadomae.video.clip.LoaderResources;
import org.tornadomae.video.clip.Shard;
import org.tornadomae.video.source.VideoList;

/// The training loop, the only one: clips → [Objective] → gradients → update → listeners → checkpoint.
///
/// The same configuration and data give the same bits for any number of loader threads and across kill and resume.
///
/// @param <C> the objective's configuration
public final class Trainer<C extends Record> implements AutoCloseable {
    /// What to train on, and the threads and memory for loading it.
    public record Data(VideoList videos, LoaderResources resources) {
    }

    /// Where a run happens.
    ///
    /// @param backend computes
    /// @param ranks   train the same model in step
    /// @param folder  takes checkpoints
    public record Place(Backend backend, Collective ranks, RunFolder folder) {
    }

    private final Objective<C> objective;
    private final TrainConfig train;
    private final Data data;
    private final Place place;
    private final Collective ranks;
    private final List<RunListener> listeners;
    private final String dataset;
    private final AdamW adamW;
    private Plan plan;
    private final ClipSource clips;
    private final double stepsPerEpoch;
    private final long totalSteps;
    private final double epochs;
    private final CosineSchedule schedule;
    private Optional<Path> resumedFrom = Optional.empty();
    private List<String> changes = List.of();
    private long step;
    private boolean proven; // a step has trained on the weights of the last checkpoint
    private volatile boolean stopping;

    /// Prepares a run.
    ///
    /// @param resume checkpoint to continue from, or empty to start from the seed
    /// @throws UserException when checkpoint, data and configuration do not fit together
    public Trainer(Objective<C> objective, TrainConfig train, Data data, Place place, Optional<Path> resume,
            List<RunListener> listeners) {
        this.objective = objective;
        this.train = train;
        this.data = data;
        this.place = place;
        this.ranks = place.ranks();
        this.listeners = List.copyOf(listeners);
        Batches batches = train.batches();
        if (batches.accumulation() % ranks.size() != 0) {
            throw new UserException("accumulation " + batches.accumulation() + " cannot be shared by " + ranks.size()
                    + " ranks: make it a multiple of their number");
        }
        this.dataset = data.videos().fingerprint(); // looks at every file, so once
        ranks.requireSame("list of videos", Rng.keyOf(dataset));
        this.adamW = new AdamW(objective.params(), train.optimizer());
        if (resume.isPresent()) {
            load(resume.get());
        } else {
            objective.initialise(train.seed());
        }
        LoaderConfig loader = new LoaderConfig(objective.clipShape(), batches.samplingRate(), batches.batchSize(),
                batches.repeatAug(), objective.variation(), Shard.WHOLE, data.resources());
        this.clips = new ClipLoader(data.videos(), loader, random(train.seed()), step * batches.accumulation());
        this.stepsPerEpoch = (double) clips.batchesPerEpoch() / batches.accumulation();
        this.totalSteps = train.length().totalSteps(stepsPerEpoch);
        if (step > totalSteps) {
            clips.close();
            throw new UserException(resume.orElseThrow() + ": has done " + step + " steps already, more than the "
                    + totalSteps + " that are asked for");
        }
        this.epochs = (double) totalSteps / stepsPerEpoch;
        this.schedule = train.rate().over(epochs, objective.samplesPerStep(batches));
        objective.prepare(new Objective.Moment(step, (double) step / stepsPerEpoch, epochs));
        this.plan = compile();
    }

    private Plan compile() {
        return place.backend().compile(List.of(objective.step(), adamW.update()));
    }

    /// Goes on with another program of the objective, from what the old one has learned.
    private void recompile() {
        Params params = objective.params();
        plan.download(params.valueBuffer(), params.gradBuffer(), params.mBuffer(), params.vBuffer());
        plan.close();
        plan = compile();
    }

    /// The loader's random numbers: counter-based, keyed by (seed, epoch, video, repeat, purpose).
    public static ClipRandom random(long seed) {
        return (epoch, video, repeat, purpose) -> Rng.of(seed, epoch, video, repeat, Rng.keyOf(purpose.name()));
    }

    private void load(Path file) {
        try (TensorFile tensors = TensorFiles.open(file)) {
            @SuppressWarnings("unchecked") // an object's class is that of its type
            Class<C> type = (Class<C>) objective.config().getClass();
            SavedRun<C> saved = SavedRun.of(tensors, objective.name(), type);
            String refusal = objective.refusal(saved.config());
            if (refusal != null) {
                throw new UserException(file + ": " + refusal);
            }
            if (!saved.dataset().equals(dataset)) {
                throw new UserException(file + ": was trained on other videos than " + data.videos().source()
                        + ", or with another autorotate; give that data, or start anew in another folder");
            }
            Batches before = saved.train().batches();
            if (saved.train().seed() != train.seed() || !before.sameOrder(train.batches())) {
                throw new UserException(file + ": its place in the data only holds for seed " + saved.train().seed()
                        + ", batch-size " + before.batchSize() + ", repeats " + before.repeatAug()
                        + " and accumulation " + before.accumulation());
            }
            Checkpoints.loadWeights(tensors, objective.params());
            Checkpoints.loadMoments(tensors, objective.params());
            step = saved.at().step();
            resumedFrom = Optional.of(file);
            changes = changes(saved);
        }
    }

    private List<String> changes(SavedRun<C> saved) {
        List<String> all = new ArrayList<>(saved.changes(objective.config(), train));
        String device = place.backend().device();
        if (!withoutThreads(device).equals(withoutThreads(saved.device()))) {
            all.add("device " + saved.device() + " -> " + device
                    + " (another kind or vector width: sums are rounded in another order)");
        }
        return all;
    }

    /// Results do not depend on how many threads there are.
    private static String withoutThreads(String device) {
        return device.replaceAll("\\d+ threads?", "threads");
    }

    /// Trains to the end or until [#stop]; the last state is always saved.
    ///
    /// @return the last checkpoint
    /// @throws UserException when loss or weights are no longer finite; earlier checkpoints stay
    public Path run() {
        Path saved = null;
        resumedFrom.ifPresent(file -> tell(listener -> listener.resumed(file, changes)));
        tell(listener -> listener.start(new RunListener.Start(objective.params().values().length, step, totalSteps,
                stepsPerEpoch, train.batches().clipsPerStep())));
        while (step < totalSteps && !ranks.any(stopping)) {
            Metrics metrics = step();
            if (!proven && ranks.rank() == 0) {
                place.folder().prune(train.saving().keepLast());
            }
            proven = true;
            tell(listener -> listener.step(metrics));
            saved = null;
            if (step % train.saving().every() == 0 && step < totalSteps) {
                saved = save();
            }
        }
        Path last = saved == null ? save() : saved;
        tell(listener -> listener.end(step));
        return last;
    }

    private void tell(Consumer<RunListener> event) {
        listeners.forEach(event);
    }

    /// Asks the loop to finish its step, save and return. May be called from any thread.
    public void stop() {
        stopping = true;
    }

    private Metrics step() {
        long start = System.nanoTime();
        long waited = clips.waitedNanos();
        double epoch = (double) step / stepsPerEpoch;
        Objective.Moment moment = new Objective.Moment(step, epoch, epochs);
        if (objective.prepare(moment)) {
            recompile();
        }
        double loss = accumulate(moment);
        double lr = schedule.lr(epoch);
        adamW.prepare(step + 1, lr);
        plan.run(adamW.update());
        if (!Float.isFinite(adamW.norm())) {
            throw nonFinite("the gradient's norm is " + adamW.norm());
        }
        step++;
        double seconds = (System.nanoTime() - start) / 1e9;
        double wait = (clips.waitedNanos() - waited) / 1e9 / seconds;
        return new Metrics(step, epoch, loss, lr, adamW.norm(),
                new Metrics.Speed(train.batches().clipsPerStep() / seconds, Math.min(1, wait),
                        place.backend().device()));
    }

    /// Adds up the gradients of the step's micro-batches. All ranks load all of them and each computes its run of
    /// neighbours, so that clips and masks do not depend on how many ranks there are.
    ///
    /// @return their mean loss
    private double accumulate(Objective.Moment moment) {
        int microBatches = train.batches().accumulation();
        int mine = microBatches / ranks.size();
        double loss = 0;
        for (int micro = 0; micro < microBatches; micro++) {
            ClipBatch batch = clips.next();
            if (micro / mine == ranks.rank()) {
                objective.fill(batch, moment);
                plan.run(objective.step());
                loss += objective.loss() / microBatches;
                if (ranks.any(!Float.isFinite(objective.loss()))) {
                    throw nonFinite("the loss is " + objective.loss());
                }
            }
            batch.release();
        }
        if (ranks.size() > 1) {
            Params params = objective.params();
            plan.download(params.gradBuffer());
            ranks.sum(params.grads());
            plan.upload(params.gradBuffer());
        }
        return ranks.sum(loss);
    }

    private Path save() {
        Params params = objective.params();
        plan.download(params.valueBuffer(), params.mBuffer(), params.vBuffer());
        for (float[] array : List.of(params.values(), params.m(), params.v())) {
            params.firstNotFinite(array).ifPresent(name -> {
                throw ruined("an update ruined the weights", "parameter " + name + " or its moments", step - 1);
            });
        }
        SavedRun.Cursor at = new SavedRun.Cursor(step, (double) step / stepsPerEpoch,
                step * train.batches().accumulation());
        SavedRun<C> run = new SavedRun<>(objective.name(), objective.config(), train, at, dataset,
                place.backend().device());
        Path file = place.folder().checkpoint(step);
        if (ranks.rank() == 0) {
            place.folder().save(params, run, train.saving().keepLast());
        }
        proven = false;
        ranks.barrier();
        tell(listener -> listener.checkpoint(step, file));
        return file;
    }

    /// Finds the first bad number in the order of the data flow: parameters, then activations.
    private UserException nonFinite(String what) {
        Params params = objective.params();
        plan.download(params.valueBuffer());
        String where = params.firstNotFinite(params.values()).map(name -> "parameter " + name)
                .or(() -> objective.activations().stream().filter(this::notFinite).map(Buffer::name).findFirst())
                .orElse("the loss itself");
        return ruined(what, where, step);
    }

    /// @param good the last step that went well
    private UserException ruined(String what, String where, long good) {
        return new UserException("step " + (good + 1) + ": " + what + "; first bad tensor: " + where
                + ". Nothing was saved after step " + good + " and all checkpoints in " + place.folder().path()
                + " are kept; try a lower learning rate");
    }

    private boolean notFinite(Buffer buffer) {
        plan.download(buffer);
        for (int i = 0; i < buffer.size(); i++) {
            if (!Float.isFinite(buffer.floats()[i])) {
                return true;
            }
        }
        return false;
    }

    /// Videos that an epoch leaves out, other ones each time, because they do not fill a batch.
    public long leftOutPerEpoch() {
        return data.videos().size() - clips.batchesPerEpoch() * train.batches().batchSize();
    }

    public long totalSteps() {
        return totalSteps;
    }

    /// Optimizer steps done, those before a resume included.
    public long stepsDone() {
        return step;
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

    @Override
    public void close() {
        clips.close();
        plan.close();
    }
}
