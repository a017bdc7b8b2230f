package org.tornadomae.mae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tornadomae.nn.file.SafeTensors;

/// From labelled clips to an answer: pre-train, fine-tune, test, predict, extract, probe, by the commands a user types.
class FinetuneTest {
    private static final int STEPS = 6;

    @TempDir
    private static Path folder;
    private static Path train;
    private static Path val;
    private static Path pretrained;
    private static Path classifier;

    @BeforeAll
    static void fineTune() {
        good("synthesize", "--out", folder.resolve("shapes"), "--classes", 3, "--clips", 15);
        train = folder.resolve("shapes/train.csv");
        val = folder.resolve("shapes/val.csv");
        Path run = folder.resolve("pretrained");
        assertEquals(0, Cli.run(TinyRun.pretrain(train, run, "--steps", 2, "--mask-ratio", 0.75)).exitCode());
        pretrained = run.resolve("checkpoint-00000002.safetensors");
        Path out = folder.resolve("whole");
        Cli ended = good(finetune(out, "--val", val, "--workers", 2));
        assertTrue(ended.err().contains("step 6, one view: top-1 "), ended.err());
        classifier = last(out);
    }

    private static Cli good(Object... words) {
        Cli run = Cli.run(words);
        assertEquals(0, run.exitCode(), run.err());
        return run;
    }

    private static Object[] finetune(Path out, Object... more) {
        List<Object> words = new ArrayList<>(List.of("finetune", "--data", train, "--checkpoint", pretrained, "--out",
                out,
                "--device", "loop", "--batch-size", 3, "--steps", STEPS, "--lr", "1e-2", "--drop-path", 0.2,
                "--dropout", 0.3,
                "--mask-ratio", 0.5));
        return replaced(words, more);
    }

    /// With other options, or others' values.
    private static Object[] replaced(List<Object> words, Object... more) {
        List<Object> all = new ArrayList<>(words);
        for (Object word : more) {
            int at = word.toString().startsWith("--") ? all.indexOf(word) : -1;
            if (at >= 0) {
                all.subList(at, at + 2).clear();
            }
            all.add(word);
        }
        return all.toArray();
    }

    private static Path last(Path out) {
        return out.resolve(String.format("checkpoint-%08d.safetensors", STEPS));
    }

    private static void sameTensors(Path expected, Path actual) {
        try (SafeTensors a = SafeTensors.open(expected); SafeTensors b = SafeTensors.open(actual)) {
            assertEquals(a.names(), b.names());
            for (String name : a.names()) {
                assertArrayEquals(a.floats(name), b.floats(name), 0f, name);
            }
        }
    }

    /// Drops, mixes, masks and augmentation are drawn by their places in the run: a stop in the middle, another number
    /// of loader threads leave no trace.
    @Test
    void stoppedAndResumedItEndsWithTheSameBits() throws IOException {
        Path out = folder.resolve("resumed");
        good(finetune(out, "--save-every", 4, "--keep", 9, "--workers", 1));
        Files.delete(last(out)); // as if it had been killed in one of the last steps
        good(finetune(out, "--workers", 2));
        sameTensors(classifier, last(out));
    }

    /// The encoder comes from the file; only the head is new.
    @Test
    void startsFromTheEncoder() {
        Path out = folder.resolve("still");
        good(finetune(out, "--steps", 1, "--lr", "1e-30", "--weight-decay", 0));
        try (SafeTensors before = SafeTensors.open(pretrained);
                SafeTensors after = SafeTensors.open(out.resolve("checkpoint-00000001.safetensors"))) {
            for (String name : after.names()) {
                if (!name.startsWith("optimizer.") && !name.startsWith("head.")) {
                    assertArrayEquals(before.floats(name), after.floats(name), 0f, name);
                }
            }
            double largest = 0;
            for (float weight : after.floats("head.weight")) {
                largest = Math.max(largest, Math.abs(weight));
            }
            assertTrue(largest > 0 && largest < 2e-4, "a normal of std 2e-5 has " + largest);
        }
    }

    /// Larger clips get resized positions; patches stay.
    @Test
    void takesOtherClips() {
        Path out = folder.resolve("larger");
        good(finetune(out, "--steps", 1, "--input-size", 24, "--frames", 6));
        try (SafeTensors after = SafeTensors.open(out.resolve("checkpoint-00000001.safetensors"))) {
            assertArrayEquals(new int[] {1, 9, 12}, after.entry("pos_embed_spatial").shape());
            assertArrayEquals(new int[] {1, 3, 12}, after.entry("pos_embed_temporal").shape());
        }
    }

    @Test
    void fromScratch() {
        Path out = folder.resolve("scratch");
        good("finetune", "--data", train, "--from-scratch", "--out", out, "--device", "loop", "--steps", 1,
                "--batch-size", 2,
                "--input-size", 16, "--patch-size", 8, "--frames", 4, "--embed-dim", 12, "--depth", 2, "--heads", 3);
        assertTrue(Files.exists(out.resolve("checkpoint-00000001.safetensors")));
    }

    @Test
    void testsAndGoesOnWhereItStopped() throws IOException {
        Path damaged = folder.resolve("shapes/damaged.csv");
        List<String> lines = new ArrayList<>(Files.readAllLines(val));
        lines.add("clips/nowhere.mp4 1");
        Files.write(damaged, lines);
        Path out = folder.resolve("test/predictions.csv");
        Object[] words = {"test", "--checkpoint", classifier, "--data", damaged, "--views", "2x3", "--out", out,
                "--device", "loop"};
        Cli run = good(words);
        assertTrue(run.out().contains("top-1 ") && run.out().contains("of 3 videos, 2x3 views each; 1 without result"),
                run.out());
        assertTrue(run.out().contains("without result: clips/nowhere.mp4"), run.out());
        assertTrue(Files.exists(folder.resolve("test/predictions-confusion.png")));
        assertEquals(4, Files.readAllLines(folder.resolve("test/predictions-classes.csv")).size());
        String whole = Files.readString(out);
        assertEquals(2 + 4, whole.lines().count());
        Files.writeString(out, whole.substring(0, whole.length() * 3 / 4));
        assertEquals(run.out(), good(words).out());
        assertEquals(whole, Files.readString(out));
        words[6] = "1x1";
        Cli other = Cli.run(words);
        assertNotEquals(0, other.exitCode());
        assertTrue(other.err().contains("holds something else than this test"), other.err());
    }

    @Test
    void predicts() throws IOException {
        Path video = folder.resolve("shapes/clips/clip-0000.mp4");
        List<String> names = Files.readAllLines(folder.resolve("shapes/classes.txt"));
        Cli run = good("predict", "--checkpoint", classifier, video, "--top", 2, "--device", "loop");
        assertTrue(run.out().startsWith(video + ": ") && names.stream().filter(run.out()::contains).count() == 2,
                run.out());
        JsonNode json = new ObjectMapper().readTree(good("predict", "--checkpoint", classifier, video, "--json",
                "--device", "loop").out());
        double sum = 0;
        for (JsonNode each : json.get("classes")) {
            sum += each.get("share").doubleValue();
        }
        assertEquals(1, sum, 1e-6);
        Path text = folder.resolve("shapes/classes.txt");
        Cli bad = Cli.run("predict", "--checkpoint", classifier, text, video, "--device", "loop");
        assertEquals(1, bad.exitCode());
        assertTrue(bad.err().contains("classes.txt: cannot be used") && bad.out().contains("clip-0000"), bad.err()
                + bad.out());
    }

    @Test
    void extractsAndProbes() throws IOException {
        Path known = folder.resolve("train.safetensors");
        Path unknown = folder.resolve("val.safetensors");
        good("extract", "--checkpoint", pretrained, "--data", train, "--out", known, "--device", "loop");
        good("extract", "--checkpoint", pretrained, "--data", val, "--out", unknown, "--device", "loop");
        try (SafeTensors features = SafeTensors.open(known)) {
            assertArrayEquals(new int[] {12, 12}, features.entry("features").shape());
        }
        for (String kind : List.of("knn", "linear")) {
            Cli run = good("probe", "--train", known, "--val", unknown, "--kind", kind, "--epochs", 3);
            assertTrue(run.out().contains("top-1 ") && run.out().contains("of 3 features"), run.out());
        }
        Path itself = folder.resolve("train.npy");
        good("extract", "--checkpoint", classifier, "--data", val, "--out", itself, "--device", "loop");
        byte[] bytes = Files.readAllBytes(itself);
        assertEquals(0, (bytes.length - 3 * 12 * 4) % 64, "numpy aligns its numbers");
        assertTrue(new String(Arrays.copyOf(bytes, 128),
                java.nio.charset.StandardCharsets.ISO_8859_1).contains("'shape': (3, 12)"));
        assertTrue(good("probe", "--train", known, "--val", known, "--neighbours", 1).out().contains("top-1 100.00 %"));
    }

    /// Every mistake gets one line that says what and where.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"--checkpoint nowhere.safetensors|no such file", "--from-scratch|give either",
            "--classes SHAPES/train.csv --val SHAPES/val.csv --mask-ratio 1|mask ratios", "--depth 3|--from-scratch",
            "--decoder-depth 1|no decoder",
            "--magnitude 11|--magnitude", "--drop-path 1|drop path", "--layer-decay 0|layer-decay",
            "--classes SHAPES/one.txt|one class",
            "--data SHAPES/clips|no labels", "--input-size 20|not divisible",
            "--data SHAPES/val.csv --classes SHAPES/two.txt|label 2"})
    void mistakesGetOneLine(String more, String expected) throws IOException {
        Files.write(folder.resolve("shapes/one.txt"), List.of("alone"));
        Files.write(folder.resolve("shapes/two.txt"), List.of("a", "b"));
        Object[] changed = more.replace("SHAPES", folder.resolve("shapes").toString()).split(" ");
        Cli run = Cli.run(finetune(folder.resolve("bad"), changed));
        assertNotEquals(0, run.exitCode(), more);
        List<String> lines = run.err().lines().filter(line -> line.startsWith("mae: ")).toList();
        assertEquals(1, lines.size(), run.err());
        assertTrue(lines.getFirst().contains(expected), lines.getFirst());
        assertFalse(run.err().contains("\tat "), run.err());
    }

    @Test
    void aPretrainedModelHasNoAnswers() {
        Cli run = Cli.run("test", "--checkpoint", pretrained, "--data", val, "--device", "loop");
        assertNotEquals(0, run.exitCode());
        assertTrue(run.err().contains("has no classifier's head"), run.err());
    }
}
