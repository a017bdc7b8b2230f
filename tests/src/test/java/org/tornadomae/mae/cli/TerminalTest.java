package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.mae.train.RunFolder;
import org.tornadomae.nn.file.SafeTensors;

/// Ctrl-C on a terminal, a pseudo one that util-linux's `script` makes: the progress bar must not take it for itself.
class TerminalTest {
    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final char CTRL_C = 3;

    @TempDir
    private static Path folder;
    private static Path clips;

    @BeforeAll
    static void needsScript() throws IOException {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux") && Files.isExecutable(SCRIPT),
                "needs util-linux's script for a pseudo-terminal");
        Assumptions.assumeTrue(resetsSignals(), "needs an env with --default-signal (coreutils 8.31)");
        clips = TinyRun.clips(folder);
    }

    private static boolean resetsSignals() throws IOException {
        try {
            return new ProcessBuilder("env", "--default-signal=INT", "true").start().waitFor() == 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A process on a terminal, whose screen goes to `log`. What ran these tests in the background may have told its
    /// children to ignore Ctrl-C; a terminal does not.
    private record OnTerminal(Process process, Path out, Path log) {
        static OnTerminal pretrain(String name, Object... more) throws IOException {
            Path out = folder.resolve(name);
            Path log = folder.resolve(name + ".log");
            String command = Arrays.stream(TinyRun.pretrain(clips, out, more)).map(word -> "'" + word + "'")
                    .collect(Collectors.joining(" ",
                            "exec env --default-signal=INT '" + Path.of(System.getProperty("java.home"), "bin", "java")
                                    + "' --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp '"
                                    + System.getProperty("java.class.path") + "' " + MaeCli.class.getName() + " ",
                            ""));
            Process process = new ProcessBuilder(SCRIPT.toString(), "-q", "-e", "-c", command, "/dev/null")
                    .redirectErrorStream(true).redirectOutput(log.toFile()).start();
            return new OnTerminal(process, out, log);
        }

        void press() throws IOException {
            OutputStream keyboard = process.getOutputStream();
            keyboard.write(CTRL_C);
            keyboard.flush();
        }

        String screen() {
            try {
                return Files.readString(log, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        int steps() {
            try {
                Path metrics = out.resolve("metrics.jsonl");
                return Files.exists(metrics) ? Files.readAllLines(metrics).size() : 0;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        void await(BooleanSupplier condition) throws InterruptedException {
            while (!condition.getAsBoolean()) {
                assertFalse(process.waitFor(5, TimeUnit.MILLISECONDS), this::screen);
            }
        }

        int exitCode() throws InterruptedException {
            assertTrue(process.waitFor(3, TimeUnit.MINUTES), this::screen);
            return process.exitValue();
        }
    }

    @Test
    void theFirstFinishesTheStepAndSaves() throws IOException, InterruptedException {
        OnTerminal run = OnTerminal.pretrain("once", "--steps", 100_000);
        run.await(() -> run.steps() >= 3);
        run.press();
        assertEquals(130, run.exitCode(), run::screen);
        int done = run.steps();
        assertTrue(run.screen().contains("training"), "no bar: " + run.screen());
        assertTrue(run.screen().contains("stopped: saved at step " + done + " of"), run::screen);
        try (SafeTensors last = SafeTensors.open(run.out().resolve(String.format("checkpoint-%08d.safetensors",
                done)))) {
            last.verify();
        }
    }

    /// Steps long enough, so that the second comes within one.
    @Test
    void theSecondEndsAtOnceWithTheCheckpointsAsTheyAre() throws IOException, InterruptedException {
        OnTerminal run = OnTerminal.pretrain("twice", "--steps", 100_000, "--save-every", 1, "--batch-size", 6,
                "--repeats", 4, "--input-size", 32, "--depth", 4, "--embed-dim", 24);
        run.await(() -> run.steps() >= 1 && Files.exists(run.out().resolve("options.yaml")));
        run.press();
        run.await(() -> run.screen().contains("stopping after this step"));
        run.press();
        assertEquals(130, run.exitCode(), run::screen);
        assertFalse(run.screen().contains("saved at step"), run::screen);
        try (SafeTensors last = SafeTensors.open(RunFolder.open(run.out()).latest().orElseThrow())) {
            last.verify();
        }
    }
}
