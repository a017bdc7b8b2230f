package org.tornadomae.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.bench.loader.Trend;
import org.tornadomae.mae.cli.Cli;
import org.tornadomae.video.Tars;
import org.tornadomae.video.synthetic.SyntheticClips;

/// `mae bench loader` on a handful of small clips.
class LoaderCommandTest {
    @TempDir
    private static Path folder;
    private static Path archive;

    @BeforeAll
    static void makeClips() throws IOException {
        Path clips = folder.resolve("clips");
        new SyntheticClips(48, 48, 24, 7).write(clips, 6);
        Files.writeString(clips.resolve("damaged.mp4"), "this is no video");
        archive = Tars.gzipped(folder.resolve("part_0.tar.gz"), 6, Tars.of(clips, "k400/"));
    }

    private static JsonNode json(Object... more) throws IOException {
        Object[] args = new Object[more.length + 20];
        System.arraycopy(new Object[] {"bench", "loader", "--data", archive, "--index-dir", folder.resolve("index"),
                "--input-size", 32,
                "--frames", 4, "--batch-size", 2, "--repeats", 3, "--workers", 2, "--out", folder.resolve("out"),
                "--no-plots", "--json"}, 0, args, 0, 20);
        System.arraycopy(more, 0, args, 20, more.length);
        Cli run = Cli.run(args);
        assertEquals(0, run.exitCode(), run.err());
        return new JsonMapper().readTree(run.out());
    }

    @Test
    void saysHowFastAndWhatBounds() throws IOException {
        JsonNode report = json("--rounds", 2, "--seconds", 0.3, "--warm-up-seconds", 0.1, "--no-ffmpeg");
        assertEquals(2, report.get("results").size());
        JsonNode loader = report.get("results").get(1).get("loader");
        assertTrue(loader.get("clips_per_second").asDouble() > 1, loader::toString);
        assertEquals(loader.get("clips_per_second").asDouble(), 3 * loader.get("videos_per_second").asDouble(), 1e-6);
        assertEquals(1, loader.get("reading").asDouble() + loader.get("decode").asDouble()
                + loader.get("augmentation").asDouble(), 1e-6);
        assertTrue(loader.get("data_wait").asDouble() > 0.5, "nothing but waiting is done");
        assertTrue(report.get("notes").toString().contains("not a video=1"), () -> report.get("notes").toString());
    }

    @Test
    void aSlowStepDoesNotWait() throws IOException {
        JsonNode loader = json("--rounds", 1, "--seconds", 2, "--warm-up-seconds", 0.5, "--step-ms", 400).get("results")
                .get(0).get("loader");
        assertTrue(loader.get("data_wait").asDouble() < 0.5, loader::toString);
        assertTrue(loader.get("videos_per_second").asDouble() < 12, loader::toString);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aSoakWatchesMemoryAndHandles() throws IOException {
        JsonNode trends = json("--minutes", 0.02).get("results");
        assertTrue(trends.get(0).get("mean").asDouble() > 50 && trends.get(1).get("mean").asDouble() > 3,
                trends::toString);
    }

    @Test
    void growthBeyondTheScatterIsNotFlat() {
        double[] times = {0, 1, 2, 3, 4, 5};
        assertFalse(Trend.of(times, new double[] {10, 11, 12, 13.1, 14, 15}).flat());
        assertEquals(5, Trend.of(times, new double[] {10, 11, 12, 13, 14, 15}).growth(), 1e-9);
        assertTrue(Trend.of(times, new double[] {10, 12, 9, 11, 10, 11}).flat());
        assertTrue(Trend.of(times, new double[] {7, 7, 7, 7, 7, 7}).flat());
    }
}
