package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.nn.file.SafeTensors;

/// A run that was killed or stopped and started again ends with the same bits as one that ran through.
class ResumeTest {
    private static final int STEPS = 60;

    @TempDir
    private static Path folder;
    private static Path clips;
    private static Path reference;

    @BeforeAll
    static void runThrough() throws IOException {
        clips = TinyRun.clips(folder);
        Path out = folder.resolve("whole");
        Cli run = Cli.run(TinyRun.pretrain(clips, out, "--steps", STEPS, "--workers", 2));
        assertEquals(0, run.exitCode(), run.err());
        reference = last(out);
    }

    @Test
    void killedAtAnyMomentAndResumed() throws IOException, InterruptedException {
        Path out = folder.resolve("killed");
        for (int killAt : new int[] {1, 7, 23, 24, 41}) {
            Process process = start(out);
            while (lines(out) < killAt && process.isAlive()) {
                process.waitFor(5, TimeUnit.MILLISECONDS);
            }
            process.destroyForcibly().waitFor();
        }
        Cli run = Cli.run(TinyRun.pretrain(clips, out, "--steps", STEPS, "--save-every", 5, "--workers", 1));
        assertEquals(0, run.exitCode(), run.err());
        assertSameTensors(reference, last(out));
        assertEquals(STEPS, lines(out), "one line of metrics per step, also after the kills");
    }

    @Test
    void sigtermFinishesTheStepAndSaves() throws IOException, InterruptedException {
        Path out = folder.resolve("stopped");
        Process process = start(out);
        while (lines(out) < 3 && process.isAlive()) {
            process.waitFor(5, TimeUnit.MILLISECONDS);
        }
        process.destroy();
        assertEquals(143, process.waitFor());
        int done = lines(out);
        assertEquals(String.format("checkpoint-%08d.safetensors", done), last(out).getFileName().toString());
        assertTrue(Files.readString(folder.resolve("stopped.log")).contains("stopped: saved at step " + done));
        assertEquals(0, Cli.run(TinyRun.pretrain(clips, out, "--steps", STEPS)).exitCode());
        assertSameTensors(reference, last(out));
    }

    /// The checkpoint of any step from now on would go to a full disk.
    @Test
    void aStopWhileTheDiskIsFullEndsWithAnError() throws IOException, InterruptedException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "needs Linux's /dev/full");
        Path out = folder.resolve("full");
        Process process = start(out);
        while (lines(out) < 3 && process.isAlive()) {
            process.waitFor(5, TimeUnit.MILLISECONDS);
        }
        for (int step = 4; step <= STEPS; step++) {
            Path temporary = out.resolve(String.format("checkpoint-%08d.safetensors.tmp", step));
            if (!Files.exists(temporary)) {
                Files.createSymbolicLink(temporary, full);
            }
        }
        process.destroy();
        assertTrue(process.waitFor(2, TimeUnit.MINUTES), "it hangs");
        assertEquals(1, process.exitValue());
        assertTrue(Files.readString(folder.resolve("full.log")).contains("could not be written"));
    }

    private static Process start(Path out) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                        "-cp", System.getProperty("java.class.path"), MaeCli.class.getName()));
        Arrays.stream(TinyRun.pretrain(clips, out, "--steps", STEPS, "--save-every", 5)).map(Object::toString)
                .forEach(command::add);
        Redirect log = Redirect.appendTo(folder.resolve(out.getFileName() + ".log").toFile());
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    }

    private static int lines(Path out) throws IOException {
        Path metrics = out.resolve("metrics.jsonl");
        return Files.exists(metrics) ? Files.readString(metrics).split("\n").length : 0;
    }

    private static Path last(Path out) throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList().getLast();
        }
    }

    private static void assertSameTensors(Path expected, Path actual) {
        try (SafeTensors a = SafeTensors.open(expected); SafeTensors b = SafeTensors.open(actual)) {
            assertEquals(a.names(), b.names());
            for (String name : a.names()) {
                assertArrayEquals(a.floats(name), b.floats(name), 0f, name);
            }
        }
    }
}
