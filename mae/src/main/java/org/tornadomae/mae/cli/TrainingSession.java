package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jline.utils.Signals;
import org.tornadomae.kernels.Backend;
import org.tornadomae.mae.train.RunFolder;
import org.tornadomae.mae.train.Trainer;
import org.tornadomae.video.clip.SkippedVideo;
import org.tornadomae.video.codec.DamageReason;

/// A training run on a console: progress, a clean end on Ctrl-C and SIGTERM, and a closing report.
public final class TrainingSession {
    private TrainingSession() {}

    /// The first signal ends the run after its step, the second ends the process at once. No shutdown hook: nothing
    /// then waits for a run that fails while it stops.
    private static final class Stop implements AutoCloseable {
        /// By the shells' convention a process that a signal ended exits with 128 + its number.
        private static final Map<String, Integer> EXIT_CODES = Map.of("INT", 130, "TERM", 143, "HUP", 129);

        private final Trainer<?> trainer;
        private final PrintWriter err;
        private final Map<String, Object> before = new HashMap<>();
        private volatile int exitCode;

        Stop(Trainer<?> trainer, PrintWriter err) {
            this.trainer = trainer;
            this.err = err;
            EXIT_CODES.forEach((signal, code) -> before.put(signal, Signals.register(signal, () -> caught(code))));
        }

        private void caught(int code) {
            if (exitCode != 0) {
                Runtime.getRuntime().halt(code);
            }
            exitCode = code;
            trainer.stop();
            err.println("\nstopping after this step ... (once more ends at once, at the last checkpoint)");
            err.flush();
        }

        @Override
        public void close() {
            before.forEach(Signals::unregister);
        }
    }

    /// Runs the trainer to its end, or to the end of the step in which the process is asked to stop.
    ///
    /// @return the command's exit code: 0, or 128 + the number of the signal that stopped it
    public static int run(Trainer<?> trainer, Backend backend, RunFolder folder, PrintWriter err) {
        err.println("device: " + backend.device());
        if (trainer.leftOutPerEpoch() > 0) {
            err.println("data: videos left out of each epoch, other ones each time, because they do not fill a batch: "
                    + trainer.leftOutPerEpoch());
        }
        try (Stop stop = new Stop(trainer, err)) {
            Path last = trainer.run();
            report(trainer, backend, folder, last, err);
            return stop.exitCode;
        }
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
}
