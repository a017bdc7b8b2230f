package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// How far a count is: a bar on a terminal, and a line now and then where the output goes to a file.
final class Bar implements AutoCloseable {
    private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintWriter err;
    private final String task;
    private final String unit;
    private ProgressBar bar;
    private long lastLine = System.nanoTime();

    /// @param task what is done, in a word or two
    /// @param unit what is counted
    Bar(PrintWriter err, String task, String unit) {
        this.err = err;
        this.task = task;
        this.unit = unit;
    }

    static boolean onTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    /// May be called from any thread; what comes late does not turn it back.
    synchronized void show(long done, long of) {
        if (onTerminal()) {
            if (bar == null) {
                bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(of).setUnit(" " + unit, 1).setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(500).build();
            }
            bar.stepTo(Math.max(bar.getCurrent(), done));
            return;
        }
        long now = System.nanoTime();
        if (now - lastLine > LINE_NANOS) {
            lastLine = now;
            err.printf(Locale.ROOT, "%s: %,d of %,d %s%n", task, done, of, unit);
            err.flush();
        }
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
