package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every mistake gets one line that says what, where and what to do, and a non-zero exit.
class BadInputTest {
    @TempDir
    private static Path folder;
    private static Path clips;
    private static Path checkpoint;

    @BeforeAll
    static void prepare() throws IOException {
        clips = TinyRun.clips(folder);
        Path out = folder.resolve("good");
        assertEquals(0, Cli.run(TinyRun.pretrain(clips, out, "--steps", 1)).exitCode());
        checkpoint = out.resolve("checkpoint-00000001.safetensors");
    }

    /// Runs a command that must fail with one line holding all of the words.
    private static void fails(Object[] command, String... words) {
        Cli run = Cli.run(command);
        assertNotEquals(0, run.exitCode());
        String[] lines = run.err().lines().filter(line -> line.startsWith("mae: ")).toArray(String[]::new);
        assertEquals(1, lines.length, run.err());
        assertFalse(run.err().contains("\tat "), run.err());
        for (String word : words) {
            assertTrue(lines[0].contains(word), () -> "'" + word + "' is missing in: " + lines[0]);
        }
    }

    private static void pretrainFails(Path data, Object[] more, String... words) {
        fails(TinyRun.pretrain(data, folder.resolve("out"), more), words);
    }

    private static Object[] args(Object... args) {
        return args;
    }

    @Test
    void missingFolder() {
        pretrainFails(folder.resolve("nowhere"), args(), "nowhere", "no such");
    }

    @Test
    void emptyFolder() throws IOException {
        pretrainFails(Files.createDirectories(folder.resolve("empty")), args(), "empty");
    }

    @Test
    void folderWithoutVideos() throws IOException {
        Path text = Files.createDirectories(folder.resolve("text"));
        for (int i = 0; i < 4; i++) {
            Files.writeString(text.resolve(i + ".mp4"), "this is no video");
        }
        pretrainFails(text, args("--steps", 2), "none of the 4 videos");
    }

    @Test
    void csvWithABrokenRow() throws IOException {
        Path csv =
                Files.writeString(folder.resolve("train.csv"), "clips/clip-0000.mp4 1\nclips/clip-0001.mp4 one two\n");
        pretrainFails(csv, args(), "train.csv", "2");
    }

    @Test
    void shapesThatDoNotFit() {
        pretrainFails(clips, args("--input-size", 18), "image size 18", "patch size 8");
        pretrainFails(clips, args("--heads", 5), "heads 5", "width 12");
        pretrainFails(clips, args("--frames", 5), "frames 5");
        pretrainFails(clips, args("--preset", "giant"), "giant", "base");
    }

    @Test
    void ratiosThatLeaveOrMaskNothing() {
        pretrainFails(clips, args("--mask-ratio", 0.999), "leaves none");
        pretrainFails(clips, args("--mask-ratio", 0), "removes none");
        pretrainFails(clips, args("--mask-ratio", 1.5), "1.5");
        pretrainFails(clips, args("--mask", "stripes"), "stripes", "tube");
    }

    @Test
    void wrongUsage() {
        fails(args("pretrain"), "--data");
        fails(args("pretrain", "--data", clips, "--out", folder.resolve("out"), "--batch-size", "many"), "many");
        fails(args("polish"), "polish");
        pretrainFails(clips, args("--batch-size", 100), "--batch-size");
        pretrainFails(clips, args("--device", "abacus"), "abacus");
        pretrainFails(clips, args("--lr", "-1"), "--lr");
    }

    @Test
    void configFiles() throws IOException {
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, "batch-sice: 3\n");
        pretrainFails(clips, args("--config", config), "batch-sice");
        Files.writeString(config, "batch-size: [3\n");
        pretrainFails(clips, args("--config", config), "config.yaml:");
        pretrainFails(clips, args("--config", folder.resolve("none.yaml")), "none.yaml", "no such file");
        Files.writeString(config, "steps: 2\nkeep: 1\n");
        Path out = folder.resolve("configured");
        assertEquals(0, Cli.run(TinyRun.pretrain(clips, out, "--config", config)).exitCode());
        assertTrue(Files.exists(out.resolve("checkpoint-00000002.safetensors")));
    }

    @Test
    void checkpointOfAnotherModelOrData() throws IOException {
        fails(TinyRun.pretrain(clips, folder.resolve("good"), "--depth", 3), "another model");
        fails(TinyRun.pretrain(clips, folder.resolve("good"), "--seed", 5), "seed 0", "batch-size 2");
        fails(TinyRun.pretrain(clips, folder.resolve("good"), "--resume", "never"), "already holds a run");
        Path other = Files.createDirectories(folder.resolve("other"));
        for (int i = 0; i < 2; i++) {
            Files.copy(clips.resolve("clip-000" + i + ".mp4"), other.resolve(i + ".mp4"));
        }
        fails(TinyRun.pretrain(other, folder.resolve("good")), "other videos");
    }

    @Test
    void damagedCheckpoints() throws IOException {
        byte[] whole = Files.readAllBytes(checkpoint);
        Path bad = folder.resolve("bad.safetensors");
        Files.write(bad, Arrays.copyOf(whole, whole.length - 1000));
        fails(args("info", bad), "bad.safetensors", "cut off");
        Files.write(bad, Arrays.copyOf(whole, 5));
        fails(args("info", bad), "5 bytes");
        Files.write(bad, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE).array());
        fails(args("info", bad), "header claims");
        Files.writeString(bad, "this is text, and no checkpoint at all");
        fails(args("info", bad), "bad.safetensors");
        fails(args("info", folder.resolve("gone.safetensors")), "no such file");
        fails(args("verify", checkpoint), "not a reference dump");
        fails(TinyRun.pretrain(clips, folder.resolve("out2"), "--resume", bad), "bad.safetensors");
    }

    @Test
    void unwritableOutput() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        fails(TinyRun.pretrain(clips, file), "file");
        fails(TinyRun.pretrain(clips, Path.of("/proc/none")), "/proc/none");
    }

    @Test
    void nonFiniteLossStopsAndNamesTheTensor() throws IOException {
        Path out = folder.resolve("diverged");
        fails(TinyRun.pretrain(clips, out, "--steps", 20, "--lr", "1e30", "--warmup-epochs", 0, "--save-every", 1),
                "step ", "first bad tensor: ");
        assertTrue(Files.exists(out.resolve("checkpoint-00000001.safetensors")), "checkpoints are kept");
    }
}
