package org.tornadomae.bench.loader;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tornadomae.nn.UserException;

/// The ffmpeg command, which decodes files one per process and thread.
///
/// @param version as it calls itself
public record Ffmpeg(String version) {
    private static final Pattern FRAMES = Pattern.compile("frame=\\s*(\\d+)");
    private static final Pattern SECONDS = Pattern.compile("rtime=([\\d.]+)s");

    /// A file to decode.
    ///
    /// @param frames to stop after; 0 for the end of the file
    public record Job(Path file, int frames) {
    }

    /// @param frames  that came out
    /// @param seconds that it took, without the start of the process and the probing of the file, as ffmpeg measures it
    public record Decoded(int frames, double seconds) {
    }

    /// @param seconds from the first start to the last end
    /// @param files   what was decoded, in the order of the jobs
    public record Pass(double seconds, List<Decoded> files) {
        public long frames() {
            return files.stream().mapToLong(Decoded::frames).sum();
        }

        /// Of all processes together, without their starts.
        public double busySeconds() {
            return files.stream().mapToDouble(Decoded::seconds).sum();
        }
    }

    /// What ffmpeg makes of the frames.
    public enum Form {
        /// Raw RGB, as it is written for other programs to read.
        RGB("-f", "rawvideo", "-pix_fmt", "rgb24", "-"),
        /// Nothing.
        NONE("-f", "null", "-");

        private final List<String> arguments;

        Form(String... arguments) {
            this.arguments = List.of(arguments);
        }
    }

    /// The command on the PATH, if there is one.
    public static Optional<Ffmpeg> find() {
        try {
            String said = run(List.of("ffmpeg", "-hide_banner", "-version"), false);
            return said.lines().findFirst().map(line -> new Ffmpeg(line.replaceFirst(" Copyright.*", "").strip()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Decodes files.
    ///
    /// @param processes at a time, with one decoder thread each
    public Pass decode(List<Job> jobs, int processes, Form form) {
        long start = System.nanoTime();
        try (ExecutorService pool = Executors.newFixedThreadPool(processes)) {
            List<Future<Decoded>> running = jobs.stream().map(job -> pool.submit(() -> decode(job, form))).toList();
            List<Decoded> done = new ArrayList<>();
            for (Future<Decoded> file : running) {
                done.add(file.get());
            }
            return new Pass((System.nanoTime() - start) / 1e9, done);
        } catch (ExecutionException e) {
            throw new UserException("ffmpeg failed (" + e.getCause().getMessage() + "): give --no-ffmpeg", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("interrupted", e);
        }
    }

    private static Decoded decode(Job job, Form form) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-benchmark", "-threads", "1",
                        "-i", job.file().toString(), "-map", "0:V:0", "-fps_mode", "passthrough"));
        if (job.frames() > 0) {
            command.addAll(List.of("-frames:v", String.valueOf(job.frames())));
        }
        command.addAll(form.arguments);
        String said = run(command, true);
        return new Decoded(Integer.parseInt(last(FRAMES, said, job)), Double.parseDouble(last(SECONDS, said, job)));
    }

    private static String last(Pattern pattern, String said, Job job) throws IOException {
        Matcher matcher = pattern.matcher(said);
        String found = null;
        while (matcher.find()) {
            found = matcher.group(1);
        }
        if (found == null) {
            throw new IOException(
                    job.file() + ": " + said.strip().lines().reduce("it said nothing", (_, line) -> line));
        }
        return found;
    }

    /// @param report whether what it says goes to standard error, and standard output is not wanted
    private static String run(List<String> command, boolean report) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        Process process = (report
                ? builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                : builder.redirectError(ProcessBuilder.Redirect.DISCARD)).start();
        try (BufferedReader in =
                report ? process.errorReader(StandardCharsets.UTF_8) : process.inputReader(StandardCharsets.UTF_8)) {
            return in.readAllAsString();
        } finally {
            process.destroy();
        }
    }
}
