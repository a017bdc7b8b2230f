package org.tornadomae.video.clip;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.clip.ClipRandom.Purpose;
import org.tornadomae.video.source.VideoList;

/// Decodes, cuts and batches clips ahead of the training loop.
///
/// A batch stream depends on the videos, the configuration and the keyed random numbers alone: it is the same for
/// any number of workers, and a loader that starts at batch k continues it exactly. An epoch is a seeded permutation of
/// all videos; those that do not fill a last batch are left out of that epoch. The clips of a batch are ordered by
/// video, then by repeat.
///
/// A damaged video, once it has been tried again if that may help, is replaced by another, drawn with the numbers of
/// the damaged one's turn; the replacement's time, crop and flip are those of that turn too.
///
/// Back-pressure: [LoaderConfig#buffers] batches exist; a released buffer is what starts the next batch. Each
/// worker holds one decoder and one frame.
public final class ClipLoader implements ClipSource {

    private static final long CLOSE_SECONDS = 30;

    private record Pending(long index, long epoch, int[] videos, float[] pixels, List<Future<?>> tasks) {
    }

    private final VideoList videos;
    private final LoaderConfig config;
    private final ClipRandom random;
    private final ClipSampler sampler;
    private final EpochOrder order;
    private final VideoHealth health;
    private final Meter meter = new Meter();
    private final ExecutorService workers;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private long nextBatch;
    private long waitedNanos;

    /// Starts decoding.
    ///
    /// @param videos     what to load
    /// @param config     how
    /// @param random     all randomness
    /// @param firstBatch index of the first batch to deliver, from 0
    /// @throws BatchSizeException when there are fewer videos than one batch needs
    public ClipLoader(VideoList videos, LoaderConfig config, ClipRandom random, long firstBatch) {
        long needed = (long) config.videosPerBatch() * config.shard().of();
        if (videos.size() < needed) {
            throw new BatchSizeException(videos.source() + " holds " + videos.size() + " videos, but a batch takes "
                    + needed + ": use a smaller batch or more videos");
        }
        if (firstBatch < 0) {
            throw new IllegalArgumentException("batches are counted from 0: " + firstBatch);
        }
        this.videos = videos;
        this.config = config;
        this.random = random;
        this.sampler = new ClipSampler(config.shape().frames(), config.samplingRate());
        this.order = new EpochOrder(videos.size(), config.videosPerBatch(), config.shard(), random);
        this.health = new VideoHealth(videos, meter, config.resources().onSkip());
        this.nextBatch = firstBatch;
        ThreadFactory threads = Thread.ofPlatform().daemon().name("clip-worker-", 0).factory();
        this.workers = Executors.newFixedThreadPool(config.resources().workers(), threads);
        for (int i = 0; i < config.buffers(); i++) {
            prepare(new float[config.clipsPerBatch() * config.shape().values()]);
        }
    }

    @Override
    public ClipBatch next() {
        Pending batch;
        synchronized (pending) {
            batch = pending.poll();
        }
        if (batch == null) {
            throw new IllegalStateException(workers.isShutdown()
                    ? "the loader is closed"
                    : "all " + config.buffers() + " batches are in use: release one before asking for another");
        }
        long start = System.nanoTime();
        for (Future<?> task : batch.tasks()) {
            await(task);
        }
        synchronized (pending) {
            waitedNanos += System.nanoTime() - start;
        }
        return new ClipBatch(batch.index(), batch.epoch(), batch.videos(), batch.pixels(),
                () -> prepare(batch.pixels()));
    }

    @Override
    public long batchesPerEpoch() {
        return order.batchesPerEpoch();
    }

    @Override
    public long waitedNanos() {
        synchronized (pending) {
            return waitedNanos;
        }
    }

    @Override
    public List<SkippedVideo> skipped() {
        return health.skipped();
    }

    @Override
    public LoaderReport report() {
        return meter.report(waitedNanos());
    }

    /// Stops the workers and waits until each has closed its decoder.
    @Override
    public void close() {
        synchronized (pending) {
            for (Runnable queued : workers.shutdownNow()) {
                ((Future<?>) queued).cancel(false); // wakes whoever waits for it
            }
            pending.clear();
        }
        try {
            if (!workers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a decoder did not stop within " + CLOSE_SECONDS + " seconds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Hands the next batch to the workers, one task per video.
    private void prepare(float[] pixels) {
        synchronized (pending) {
            if (workers.isShutdown()) {
                return;
            }
            long index = nextBatch++;
            long epoch = order.epochOf(index);
            int[] used = new int[config.clipsPerBatch()];
            List<Future<?>> tasks = new ArrayList<>();
            for (int slot = 0; slot < config.videosPerBatch(); slot++) {
                int firstClip = slot * config.repeats();
                int turn = order.video(index, slot);
                tasks.add(workers.submit(() -> fill(epoch, turn, used, pixels, firstClip)));
            }
            pending.add(new Pending(index, epoch, used, pixels, tasks));
        }
    }

    private static void await(Future<?> task) {
        try {
            task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case VideoException mistake -> throw mistake;
                case Error error -> throw error;
                case Throwable other -> throw new IllegalStateException("a clip worker failed: " + other, other);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for clips");
        }
    }

    /// Fills the clips of one turn: from the video whose turn it is, or from the first replacement that works.
    private void fill(long epoch, int turn, int[] used, float[] pixels, int firstClip) {
        RandomGenerator replacements = random.of(epoch, turn, 0, Purpose.REPLACE);
        int video = turn;
        while (!cut(epoch, turn, video, pixels, firstClip * config.shape().values())) {
            health.requireUsable();
            video = replacements.nextInt(videos.size());
        }
        for (int repeat = 0; repeat < config.repeats(); repeat++) {
            used[firstClip + repeat] = video;
        }
    }

    /// Cuts the clips of one turn from a video; false when it is damaged.
    private boolean cut(long epoch, int turn, int video, float[] pixels, int offset) {
        Variation variation = config.variation();
        ClipCutter.Planner planner = (repeat, footage) -> {
            int[] indices = sampler.random(footage.frames(), footage.fps(),
                    random.of(epoch, turn, variation.sameTime() ? 0 : repeat, Purpose.TIME));
            Crop crop = Crop.random(footage.height(), footage.width(), variation.minScale(),
                    random.of(epoch, turn, repeat, Purpose.CROP));
            boolean flip = random.of(epoch, turn, repeat, Purpose.FLIP).nextDouble() < 0.5 && variation.flips();
            return new ClipCutter.Plan(indices,
                    variation.augmentation().frames(random.of(epoch, turn, repeat, Purpose.FRAMES)),
                    new ClipTransform(config.shape(), crop, flip, footage.width()));
        };
        int values = config.shape().values();
        return health.use(video, (decoder, frames) -> {
            ClipCutter.Cut cut = ClipCutter.cut(decoder, frames, config.repeats(), planner, pixels, offset, values);
            long start = System.nanoTime();
            for (int repeat = 0; repeat < config.repeats(); repeat++) {
                variation.augmentation().finish(pixels, offset + repeat * values, config.shape(),
                        random.of(epoch, turn, repeat, Purpose.FINISH));
            }
            meter.clips(config.repeats(), cut.transformNanos() + System.nanoTime() - start);
        });
    }
}
