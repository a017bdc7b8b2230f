package org.tornadomae.bench.loader;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.tornadomae.video.clip.ClipBatch;
import org.tornadomae.video.clip.ClipLoader;
import org.tornadomae.video.clip.LoaderConfig;
import org.tornadomae.video.clip.LoaderReport;

/// Takes batches from a loader as a training loop does, whose step does nothing for a given time.
public final class LoaderRun {
    private final ClipLoader loader;
    private final LoaderConfig config;
    private final long stepNanos;

    /// @param stepSeconds pause after each batch
    public LoaderRun(ClipLoader loader, LoaderConfig config, double stepSeconds) {
        this.loader = loader;
        this.config = config;
        this.stepNanos = Math.round(stepSeconds * 1e9);
    }

    /// What was loaded in a stretch of time.
    ///
    /// @param report what the workers did meanwhile
    /// @param videos that were delivered, in order, as indices of the list
    public record Load(LoaderReport report, List<Integer> videos) {
        public double videosPerSecond() {
            return videos.size() / report.seconds();
        }
    }

    /// Loads for a while. Without steps in between it begins with what the workers make from then on, not with what
    /// they have in stock: they had time to make it.
    public Load load(double seconds) {
        for (int i = 1; stepNanos == 0 && i < config.buffers(); i++) {
            loader.next().release();
        }
        List<Integer> videos = new ArrayList<>();
        LoaderReport before = loader.report();
        long end = System.nanoTime() + Math.round(seconds * 1e9);
        while (System.nanoTime() < end) {
            step(videos);
        }
        return new Load(loader.report().since(before), videos);
    }

    private void step(List<Integer> videos) {
        ClipBatch batch = loader.next();
        for (int clip = 0; clip < batch.clips(); clip += config.repeats()) {
            videos.add(batch.videos()[clip]);
        }
        batch.release(); // a training loop, too, copies the clips and gives the buffer back before its step
        long end = System.nanoTime() + stepNanos;
        for (long left = stepNanos; left > TimeUnit.MICROSECONDS.toNanos(1); left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
