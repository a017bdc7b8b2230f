package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.tornadomae.kernels.Backend;
import org.tornadomae.mae.train.RunFolder;
import org.tornadomae.mae.train.Trainer;
import org.tornadomae.video.clip.SkippedVideo;
import org.tornadomae.video.codec.DamageReason;

/// A training run on a console: progress, a clean end on Ctrl-C and SIGTERM, and a closing report.
public final class TrainingSession {
    private TrainingSession() {}

    /// Runs the trainer to its end, or to the end of the step in which the process is asked to stop.
    ///
    /// @return the last checkpoint
    public static Path run(Trainer<?> trainer, Backend backend, RunFolder folder, PrintWriter err) {
        CountDownLatch done = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            trainer.stop();
            err.println("\nstopping after this step ...");
            err.flush();
            await(done);
            Runtime.getRuntime().halt(0); // an orderly stop is a success, and the JVM would report the signal instead
        }, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        err.println("device: " + backend.device());
        Path last;
        try {
            last = trainer.run();
        } catch (RuntimeException | Error e) { // out of memory too: the hook would wait for ever
            remove(hook);
            throw e;
        }
        report(trainer, backend, folder, last, err);
        if (!remove(hook)) {
            done.countDown();
            await(new CountDownLatch(1)); // the hook is about to end the process
        }
        return last;
    }

    private static void report(Trainer<?> trainer, Backend backend, RunFolder folder, Path last, PrintWriter err) {
        Map<DamageReason, Integer> reasons = new TreeMap<>();
        for (SkippedVideo video : trainer.clips().skipped()) {
            err.println("skipped " + video.place() + ": " + video.reason());
            reasons.merge(video.reason(), 1, Integer::sum);
        }
        if (!reasons.isEmpty()) {
            err.println("skipped in all: " + reasons);
        }
        trainer.kernelSeconds().forEach((kernel, seconds) -> err.printf(Locale.ROOT, "%9.3f s  %s%n", seconds, kernel));
        boolean ended = trainer.stepsDone() >= trainer.totalSteps();
        String kernels = trainer.compiledKernels() > 0 ? ", " + trainer.compiledKernels() + " kernels" : "";
        err.printf(Locale.ROOT, "%s %d of %d steps on %s%s%n", ended ? "finished" : "stopped: saved at step",
                trainer.stepsDone(),
                trainer.totalSteps(), backend.device(), kernels);
        err.println("checkpoint: " + last);
        err.println("metrics:    " + folder.metricsFile());
        err.flush();
    }

    /// @return false when the process is already shutting down
    private static boolean remove(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
