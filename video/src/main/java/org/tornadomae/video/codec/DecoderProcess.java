package org.tornadomae.video.codec;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A JVM like this one that runs [DecoderMain], and the pipes to it.
final class DecoderProcess {

    private static final Duration START = Duration.ofMinutes(1);
    private static final ScheduledThreadPoolExecutor WATCH = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().daemon().name("decoder-watch").factory());

    static {
        WATCH.setRemoveOnCancelPolicy(true);
    }

    /// Reads one answer.
    @FunctionalInterface
    interface Answer<T> {
        T from(DataInputStream in) throws IOException, DamagedVideoException;
    }

    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;
    private volatile boolean usable = true;

    private DecoderProcess(Process process) {
        this.process = process;
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
        this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
    }

    /// Starts a process and waits until it is ready.
    static DecoderProcess start() throws IOException {
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx1g", "-Xms16m", "-Xmn8m",
                "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=20", // so that memory for a large video is returned
                "--enable-native-access=ALL-UNNAMED", "-D" + LibraryFolder.PROPERTY + "=" + LibraryFolder.choose(),
                "-cp", System.getProperty("java.class.path"), DecoderMain.class.getName());
        DecoderProcess started = new DecoderProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
        try {
            started.await(START, DataInputStream::readBoolean);
            return started;
        } catch (IOException | DamagedVideoException e) {
            started.close();
            throw new IOException("it ended at once", e);
        }
    }

    DataOutputStream out() {
        return out;
    }

    /// Whether it can take another request.
    boolean usable() {
        return usable;
    }

    /// Sends what was written and waits for the answer.
    ///
    /// @throws HangException when none comes in time
    /// @throws IOException when the process has ended
    <T> T await(Duration patience, Answer<T> answer) throws IOException, DamagedVideoException {
        Watch watch = new Watch();
        long tick = patience.toNanos() / Watch.TICKS;
        ScheduledFuture<?> ticking = WATCH.scheduleWithFixedDelay(watch, tick, tick, TimeUnit.NANOSECONDS);
        boolean done = false;
        try {
            out.flush();
            T result = answer.from(in);
            done = true;
            return result;
        } catch (DamagedVideoException e) {
            done = true; // an answer, too
            throw e;
        } catch (IOException e) {
            throw watch.ended ? new HangException() : e;
        } finally {
            usable &= done;
            ticking.cancel(false);
        }
    }

    /// Ends the process after some ticks. The ticks pause while this process itself is suspended (Ctrl-Z), so that the
    /// decoder is not blamed for that pause afterwards.
    private final class Watch implements Runnable {

        private static final int TICKS = 10;

        private int ticks;
        private volatile boolean ended;

        @Override
        public void run() {
            if (++ticks == TICKS) {
                ended = true;
                process.destroyForcibly();
            }
        }
    }

    void close() {
        usable = false;
        process.destroyForcibly();
    }

    /// The process did not answer in time, and was ended.
    static final class HangException extends EOFException {
        private static final long serialVersionUID = 1L;
    }
}
