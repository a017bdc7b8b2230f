package org.tornadomae.mae.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.tornadomae.mae.train.Metrics;
import org.tornadomae.mae.train.RunListener;

/// How far a count or a run is: a bar on a terminal, and a line now and then where the output goes to a file.
public final class Bar implements RunListener, AutoCloseable {
    private static final int NARROW = 20; // columns; a terminal that says less does not know
    private static final int USUAL_WIDTH = 79;
    private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintWriter err;
    private final String task;
    private final String unit;
    private ProgressBar bar;
    private Start run;
    private long started;
    private long lastLine = System.nanoTime();

    /// @param task what is done, in a word or two
    /// @param unit what is counted
    public Bar(PrintWriter err, String task, String unit) {
        this.err = err;
        this.task = task;
        this.unit = unit;
    }

    private static boolean onTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    /// Columns that a bar may fill. The library's own terminal would take Ctrl-C for itself and end the process, where
    /// [TrainingSession] finishes the step.
    private static int width() {
        try (Terminal terminal = TerminalBuilder.builder().dumb(true).nativeSignals(false).build()) {
            return terminal.getWidth() > NARROW ? terminal.getWidth() - 1 : USUAL_WIDTH;
        } catch (IOException e) {
            return USUAL_WIDTH;
        }
    }

    /// May be called from any thread; a count that arrives late does not turn it back.
    public void show(long done, long of) {
        show(done, of, "", false, () -> String.format(Locale.ROOT, "%s: %,d of %,d %s", task, done, of, unit));
    }

    /// @param message behind the bar
    /// @param now     whether the line is due whatever the time
    /// @param line    where there is no terminal
    private synchronized void show(long done, long of, String message, boolean now, Supplier<String> line) {
        if (onTerminal()) {
            if (bar == null) {
                bar = new ProgressBarBuilder().setTaskName(task).setInitialMax(of).setUnit(" " + unit, 1)
                        .startsFrom(run == null ? 0 : run.stepsDone(), Duration.ZERO)
                        .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(500)
                        .setConsumer(new ConsoleProgressBarConsumer(System.err, width())).build();
            }
            bar.stepTo(Math.max(bar.getCurrent(), done));
            bar.setExtraMessage(message);
            return;
        }
        long time = System.nanoTime();
        if (now || time - lastLine > LINE_NANOS) {
            lastLine = time;
            err.println(line.get());
            err.flush();
        }
    }

    @Override
    public void resumed(Path checkpoint, List<String> changes) {
        err.println("resuming from " + checkpoint + (changes.isEmpty() ? "" : ", from now on with"));
        changes.forEach(change -> err.println("  " + change));
        err.flush();
    }

    @Override
    public void start(Start start) {
        run = start;
        started = System.nanoTime();
        err.printf(Locale.ROOT, "model: %,d parameters; %d steps of %d clips, %s steps an epoch%s%n", run.parameters(),
                run.totalSteps(), run.clipsPerStep(),
                new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(run.stepsPerEpoch()),
                run.stepsDone() > 0 ? "; resumed at step " + run.stepsDone() : "");
        err.flush();
    }

    @Override
    public void step(Metrics m) {
        String message = String.format(Locale.ROOT, "loss %.4f lr %.1e %.1f clips/s wait %.0f%%", m.loss(), m.lr(),
                m.speed().clipsPerSecond(), 100 * m.speed().dataWait());
        boolean firstOrLast = m.step() == run.stepsDone() + 1 || m.step() == run.totalSteps();
        show(m.step(), run.totalSteps(), message, firstOrLast, () -> line(m));
    }

    private String line(Metrics m) {
        long perStep = (System.nanoTime() - started) / (m.step() - run.stepsDone());
        Duration left = Duration.ofNanos(perStep * (run.totalSteps() - m.step()));
        return String.format(Locale.ROOT,
                "step %d/%d  loss %.4f  lr %.2e  grad %.3f  %.1f clips/s  wait %.0f%%  ETA %d:%02d",
                m.step(), run.totalSteps(), m.loss(), m.lr(), m.gradNorm(), m.speed().clipsPerSecond(),
                100 * m.speed().dataWait(), left.toMinutes(), left.toSecondsPart());
    }

    @Override
    public void end(long stepsDone) {
        close();
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
