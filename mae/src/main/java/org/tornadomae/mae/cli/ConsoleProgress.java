package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.tornadomae.mae.train.RunFolder;
import org.tornadomae.mae.train.Trainer;

/// A progress bar on a terminal, and a line now and then where the output goes to a file.
final class ConsoleProgress implements Trainer.Progress, AutoCloseable {
    private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintWriter err;
    private ProgressBar bar;
    private long first;
    private long total;
    private long started;
    private long lastLine;

    ConsoleProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void start(Trainer trainer) {
        first = trainer.stepsDone();
        total = trainer.totalSteps();
        started = System.nanoTime();
        err.printf(Locale.ROOT, "model: %,d parameters; %d steps of %d clips, %d steps an epoch%s%n", trainer.model().params().values().length,
                total, trainer.clipsPerStep(), trainer.stepsPerEpoch(), first > 0 ? "; resumed at step " + first : "");
        err.flush();
        if (Bar.onTerminal()) {
            bar = new ProgressBarBuilder().setTaskName("").setInitialMax(total).startsFrom(first, Duration.ZERO)
                    .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(500).build();
        }
    }

    @Override
    public void step(RunFolder.Metrics m) {
        if (bar != null) {
            bar.stepTo(m.step());
            bar.setExtraMessage(String.format(Locale.ROOT, "loss %.4f lr %.1e %.1f clips/s wait %.0f%%",
                    m.loss(), m.lr(), m.clipsPerSecond(), 100 * m.dataWait()));
            return;
        }
        long now = System.nanoTime();
        if (m.step() == first + 1 || m.step() == total || now - lastLine > LINE_NANOS) {
            lastLine = now;
            Duration left = Duration.ofNanos((now - started) / (m.step() - first) * (total - m.step()));
            err.printf(Locale.ROOT, "step %d/%d  loss %.4f  lr %.2e  grad %.3f  %.1f clips/s  wait %.0f%%  ETA %d:%02d%n", m.step(), total,
                    m.loss(), m.lr(), m.gradNorm(), m.clipsPerSecond(), 100 * m.dataWait(), left.toMinutes(), left.toSecondsPart());
            err.flush();
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
