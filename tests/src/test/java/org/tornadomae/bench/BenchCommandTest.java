package org.tornadomae.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.tornadomae.mae.cli.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands of the bench module from the outside, on models that take milliseconds.
class BenchCommandTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    private Path folder;

    /// A command with the options of a tiny model before its own.
    private static Object[] tiny(String command, Object... more) {
        List<Object> args =
                new ArrayList<>(List.of("bench", command, "--input-size", 16, "--patch-size", 8, "--frames", 4,
                        "--embed-dim", 12, "--depth", 2, "--heads", 3, "--decoder-embed-dim", 8, "--decoder-depth", 1,
                        "--decoder-heads", 2,
                        "--mask-ratio", 0.5, "--steps", 2, "--warm-up", 1, "--warm-up-seconds", 0, "--device", "loop"));
        args.addAll(List.of(more));
        return args.toArray();
    }

    private JsonNode json(String name) throws IOException {
        return MAPPER.readTree(folder.resolve(name + ".json").toFile());
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "pretrain", "reconstruct", "verify", "info", "devices", "doctor", "bench",
            "bench ops", "bench step",
            "bench scaling", "bench peers", "bench sgemm", "bench loader"})
    void helpHasNoFormatError(String command) {
        Cli run = Cli.run((Object[]) (command + " --help").split(" "));
        assertEquals(0, run.exitCode());
        assertEquals("", run.err());
        assertFalse(run.out().contains("%%"), run.out());
    }

    @Test
    void stepPrintsOneJsonObject() throws IOException {
        Cli run = Cli.run(tiny("step", "--json"));
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(1, run.out().lines().count(), run.out());
        JsonNode step = MAPPER.readTree(run.out());
        Set<String> keys = new TreeSet<>();
        step.fieldNames().forEachRemaining(keys::add);
        assertEquals(Set.of("clips_per_second", "seconds_per_step", "peak_rss_bytes", "loss", "device", "threads"),
                keys);
        assertEquals(2 / step.get("seconds_per_step").asDouble(), step.get("clips_per_second").asDouble(), 1e-9);
        assertTrue(step.get("peak_rss_bytes").asLong() > 10_000_000);
        assertTrue(step.get("loss").asDouble() > 0.5 && step.get("loss").asDouble() < 3, run.out());
        assertEquals(1, step.get("threads").asInt());
    }

    @Test
    void stepIsTheSameOnEveryExecutor() throws IOException {
        double loop = MAPPER.readTree(Cli.run(tiny("step", "--json")).out()).get("loss").asDouble();
        Object[] args = tiny("step", "--json", "--threads", 2);
        args[List.of(args).indexOf("--device") + 1] = "cpu";
        JsonNode cpu = MAPPER.readTree(Cli.run(args).out());
        assertEquals(loop, cpu.get("loss").asDouble(), 1e-4);
        assertEquals(2, cpu.get("threads").asInt());
    }

    @Test
    void denseStepRuns() {
        Object[] args = tiny("step");
        args[List.of(args).indexOf("--mask-ratio") + 1] = 0;
        Cli run = Cli.run(args);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("clips/s"), run.out());
        assertFalse(run.out().contains("NaN"), run.out());
    }

    @Test
    void scalingMeasuresInProcessesOfTheirOwn() throws IOException {
        Cli run = Cli.run(tiny("scaling", "--sweeps", "ratio,frames", "--ratios", "0,0.5", "--frame-counts", "4,5",
                "--out", folder, "--no-plots"));
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("| 0.5 | 4 |"), run.out());
        assertTrue(run.out().contains("frames 5 did not run"),
                "a point that fails is told, the others stay: " + run.out());
        JsonNode results = json("scaling").get("results");
        assertEquals(3, results.size());
        assertEquals("ratio", results.get(0).get("sweep").asText());
        assertTrue(results.get(0).get("seconds_per_step").asDouble() > 0);
        assertEquals(run.out().strip(), Files.readString(folder.resolve("scaling.md")).strip());
    }

    /// A peer that claims to have PyTorch and notes what it was asked.
    private Path fakePython() throws IOException {
        String answer = "{\"clips_per_second\":4.0,\"seconds_per_step\":0.5,\"peak_rss_bytes\":1073741824,\"loss\":1.0,"
                + "\"device\":\"fake\",\"threads\":1}";
        Path python = Files.writeString(folder.resolve("python"), """
                #!/bin/sh
                echo "$2" >>"$0.log"
                echo '%s'
                """.formatted(answer));
        assertTrue(python.toFile().setExecutable(true));
        return python;
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void peersTakesTurns() throws IOException {
        Path python = fakePython();
        Cli run = Cli.run(tiny("peers", "--python", python, "--peer-env", "OPENBLAS_CORETYPE=Zen", "--rounds", 2,
                "--out", folder, "--no-plots"));
        assertEquals(0, run.exitCode(), run.err());
        JsonNode duel = json("peers").get("results").get(0);
        assertEquals(2, duel.get("rounds").size());
        double ours = Stopwatch.median(duel.get("rounds").get(0).get("ours").get("speed").asDouble(),
                duel.get("rounds").get(1).get("ours").get("speed").asDouble());
        assertEquals(ours / 4, duel.get("ratio_of_medians").asDouble(), 1e-9);
        String asked = Files.readAllLines(folder.resolve("python.log")).getLast();
        assertEquals(8, MAPPER.readTree(asked).get("tokens").asInt(), "the peer gets our sizes");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void peersRefusesAnUnknownPresetBeforeItMeasures() throws IOException {
        Cli run = Cli.run(tiny("peers", "--presets", "tiny,foo", "--python", fakePython(), "--rounds", 1, "--out",
                folder, "--no-plots"));
        assertEquals(2, run.exitCode(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains("unknown preset 'foo'"), run.err());
        assertFalse(Files.exists(folder.resolve("python.log")), "the peer was not started");
    }

    @Test
    void opsChecksAndTimes() throws IOException {
        Cli run = Cli.run("bench", "ops", "--match", "class-token.*", "--devices", "loop", "--iterations", 1,
                "--warm-up", 0, "--out", folder, "--no-plots");
        assertEquals(0, run.exitCode(), run.err());
        JsonNode result = json("ops").get("results").get(0);
        assertEquals("class-token-gradient", result.get("op").asText());
        assertTrue(result.get("seconds").asDouble() > 0 && result.get("bytes").asDouble() > 0
                && result.get("peak").asDouble() > 0);
    }

    @Test
    void mistakesGetOneLine() {
        fails("which benchmark", "bench");
        fails("--match", "bench", "ops", "--match", "no-such-op", "--out", folder, "--no-plots");
        fails("colour", "bench", "scaling", "--sweeps", "colour", "--out", folder, "--no-plots");
        fails("--rounds", "bench", "peers", "--rounds", 0, "--no-plots");
        fails("no PyTorch", "bench", "peers", "--python", folder.resolve("none"), "--out", folder, "--no-plots");
        fails("--steps", "bench", "step", "--steps", 0);
        fails("--batch-size", "bench", "step", "--batch-size", 0);
    }

    private static void fails(String word, Object... args) {
        Cli run = Cli.run(args);
        assertNotEquals(0, run.exitCode());
        assertEquals(1, run.err().lines().filter(line -> line.startsWith("mae: ")).count(), run.err());
        assertTrue(run.err().contains(word), run.err());
        assertFalse(run.err().contains("\tat "), run.err());
    }
}
