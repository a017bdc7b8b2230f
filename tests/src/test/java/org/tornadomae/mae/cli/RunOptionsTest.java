package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Options given, remembered, mistyped and out of range.
class RunOptionsTest {
    @TempDir
    private static Path folder;
    private static Path clips;

    @BeforeAll
    static void makeClips() throws IOException {
        clips = TinyRun.clips(folder);
    }

    private Path trained(String name, Object... more) {
        Path out = folder.resolve(name);
        Cli run = Cli.run(TinyRun.pretrain(clips, out, more));
        assertEquals(0, run.exitCode(), run.err());
        return out;
    }

    private static void fails(int exitCode, String words, Object... command) {
        Cli run = Cli.run(command);
        assertEquals(exitCode, run.exitCode(), run.err());
        String[] lines = run.err().lines().filter(line -> line.startsWith("mae: ")).toArray(String[]::new);
        assertEquals(1, lines.length, run.err());
        assertTrue(lines[0].contains(words), () -> "'" + words + "' is missing in: " + lines[0]);
    }

    @Test
    void theFolderIsEnoughToResume() throws IOException {
        Path out = trained("enough", "--steps", 2, "--mask", "tube");
        Cli run = Cli.run("pretrain", "--resume", out, "--steps", 3, "--lr", "2e-3", "--device", "loop");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("rate.lr 0.001 -> 0.002"), run.err());
        assertFalse(run.err().contains("mask"), run.err());
        assertTrue(Files.exists(out.resolve("checkpoint-00000003.safetensors")));
        assertEquals(3, Files.readAllLines(out.resolve("metrics.jsonl")).size());
    }

    @Test
    void aFailedStartTouchesNothing() throws IOException {
        Path out = trained("untouched", "--steps", 2);
        String metrics = Files.readString(out.resolve("metrics.jsonl"));
        String options = Files.readString(out.resolve("options.yaml"));
        fails(1, "batch-size", TinyRun.pretrain(clips, out, "--batch-size", 100, "--steps", 4));
        fails(1, "has done 2 steps", TinyRun.pretrain(clips, out, "--steps", 1));
        assertEquals(metrics, Files.readString(out.resolve("metrics.jsonl")));
        assertEquals(options, Files.readString(out.resolve("options.yaml")));
        assertTrue(Files.exists(out.resolve("checkpoint-00000002.safetensors")));
    }

    @Test
    void anOlderCheckpointNeedsAnotherFolder() {
        Path out = trained("branches", "--steps", 4, "--save-every", 2);
        Path older = out.resolve("checkpoint-00000002.safetensors");
        fails(1, "later checkpoints", TinyRun.pretrain(clips, out, "--resume", older, "--steps", 5, "--keep", 1));
        assertTrue(Files.exists(older) && Files.exists(out.resolve("checkpoint-00000004.safetensors")));
        Path branch = folder.resolve("branch");
        Cli run = Cli.run("pretrain", "--resume", older, "--out", branch, "--steps", 3, "--device", "loop");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(Files.exists(branch.resolve("checkpoint-00000003.safetensors")));
    }

    @Test
    @Timeout(60)
    void valuesOutOfRangeAreWrongUsage() {
        Path out = folder.resolve("out");
        fails(2, "lower --batch-size", TinyRun.pretrain(clips, out, "--input-size", 2048, "--frames", 16));
        fails(2, "depth 1000000", TinyRun.pretrain(clips, out, "--depth", 1_000_000));
        fails(2, "1048576 frames", TinyRun.pretrain(clips, out, "--frames", 1 << 20, "--input-size", 224));
        fails(2, "repeats 1000000", TinyRun.pretrain(clips, out, "--repeats", 1_000_000));
        fails(2, "batch-size 1073741824", TinyRun.pretrain(clips, out, "--batch-size", 1 << 30));
        fails(2, "warmup-epochs NaN", TinyRun.pretrain(clips, out, "--warmup-epochs", "NaN"));
        fails(2, "epochs Infinity", TinyRun.pretrain(clips, out, "--epochs", "Infinity"));
        fails(2, "--out must not be empty", TinyRun.pretrain(clips, Path.of("")));
        fails(2, "--data must not be empty", TinyRun.pretrain(Path.of(""), out));
        fails(2, "unknown device", TinyRun.pretrain(clips, out, "--device", "abacus"));
        fails(2, "--vector-bits 77", TinyRun.pretrain(clips, out, "--vector-bits", 77));
        fails(2, "did you mean --batch-size", TinyRun.pretrain(clips, out, "--batch-sice", 2));
        assertFalse(Files.exists(out));
    }

    private static void yaml(String words, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("c.yaml"), text);
        fails(2, words, TinyRun.pretrain(clips, folder.resolve("out"), "--config", file));
    }

    @Test
    void yamlThatMeansNothing() throws IOException {
        yaml("c.yaml:2: 'batch-sice' is no option", "steps: 1\nbatch-sice: 2\n");
        yaml("c.yaml:1: must be lines", "- steps\n");
        yaml("c.yaml:1: must be lines", "steps\n");
        yaml("not one YAML document", "steps: 1\n---\nsteps: 2\n");
        yaml("c.yaml:2: 'steps' is given twice", "steps: 1\nsteps: 2\n");
        yaml("c.yaml:1: 'index-dir' has no value", "index-dir:\n");
        yaml("c.yaml:1: 'steps' takes one value", "steps: [1]\n");
        yaml("1 MiB", "a: 1\n".repeat(1 << 18));
    }

    /// `010` is ten, as on the command line and in YAML 1.2.
    @Test
    void yamlNumbersAndNegations() throws IOException {
        Path file = Files.writeString(folder.resolve("d.yaml"), "save-every: 010\nno-cls-token: true\nkeep: 07\n");
        Path out = trained("yaml", "--config", file, "--steps", 1);
        String options = Files.readString(out.resolve("options.yaml"));
        assertTrue(options.contains("save-every: '10'") && options.contains("cls-token: 'false'"), options);
    }
}
