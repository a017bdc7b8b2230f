package org.tornadomae.video.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.Videos;
import org.tornadomae.video.augment.FinetuneAugmentation;
import org.tornadomae.video.augment.Interpolation;
import org.tornadomae.video.augment.RandAugment;
import org.tornadomae.video.augment.RandomErasing;
import org.tornadomae.video.clip.ClipRandom.Purpose;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.source.VideoList;
import org.tornadomae.video.synthetic.SyntheticClips;

class ClipLoaderTest {

    private static final ClipShape SHAPE = new ClipShape(4, 24, 32);
    private static final int GOOD = 7;

    @TempDir
    private static Path folder;

    private static Path goodFolder;
    private static VideoList good;
    private static VideoList mixed; // the same and four that are damaged

    @BeforeAll
    static void makeVideos() throws Exception {
        goodFolder = folder.resolve("good");
        new SyntheticClips(48, 40, 30, 9).write(goodFolder, GOOD);
        good = VideoList.of(goodFolder);
        Path mixedFolder = folder.resolve("mixed");
        new SyntheticClips(48, 40, 30, 9).write(mixedFolder, GOOD);
        Videos.text(mixedFolder.resolve("a-text.mp4"));
        Videos.empty(mixedFolder.resolve("clip-0002b.mp4"));
        Videos.sound(mixedFolder.resolve("clip-0004b.mp4"));
        Videos.head(goodFolder.resolve(good.name(0)), 500, mixedFolder.resolve("z-cut.mp4"));
        mixed = VideoList.of(mixedFolder);
    }

    private static LoaderConfig config(int videosPerBatch, int repeats, int workers) {
        return new LoaderConfig(SHAPE, 2, videosPerBatch, repeats, new LoaderResources(workers));
    }

    /// One line per batch: everything about it.
    private static List<String> stream(VideoList videos, LoaderConfig config, long first, int batches) {
        List<String> lines = new ArrayList<>();
        try (ClipLoader loader = new ClipLoader(videos, config, Videos.random(4), first)) {
            for (int i = 0; i < batches; i++) {
                ClipBatch batch = loader.next();
                lines.add(batch.index() + " " + batch.epoch() + " " + Arrays.toString(batch.videos()) + " "
                        + Arrays.hashCode(batch.pixels()));
                batch.release();
            }
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8})
    void theStreamIsTheSameForAnyNumberOfWorkers(int workers) {
        List<String> one = stream(mixed, config(2, 2, 1), 0, 12);
        assertEquals(one, stream(mixed, config(2, 2, workers), 0, 12));
        assertEquals(12, new HashSet<>(one).size());
    }

    @Test
    void theStreamGoesOnFromAnyBatch() {
        List<String> whole = stream(mixed, config(2, 2, 2), 0, 12);
        for (int first : new int[] {1, 4, 5, 6, 11}) { // 5 batches in an epoch
            assertEquals(whole.subList(first, 12), stream(mixed, config(2, 2, 2), first, 12 - first), "from " + first);
        }
    }

    @Test
    void theStreamDoesNotDependOnTheBuffers() {
        LoaderConfig single = new LoaderConfig(SHAPE, 2, 2, 2, new LoaderResources(2, 0, _ -> {}));
        assertEquals(stream(mixed, config(2, 2, 2), 0, 7), stream(mixed, single, 0, 7));
    }

    @Test
    void anEpochVisitsEachVideoOnceAndDropsTheRest() {
        List<Set<Integer>> epochs = new ArrayList<>();
        List<String> orders = new ArrayList<>();
        try (ClipLoader loader = new ClipLoader(good, config(2, 3, 2), Videos.random(4), 0)) {
            assertEquals(3, loader.batchesPerEpoch());
            for (int epoch = 0; epoch < 4; epoch++) {
                List<Integer> seen = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    ClipBatch batch = loader.next();
                    assertEquals(epoch, batch.epoch());
                    assertEquals(6, batch.clips());
                    int[] v = batch.videos();
                    assertArrayEquals(new int[] {v[0], v[0], v[0], v[3], v[3], v[3]}, v, "repeats are neighbours");
                    seen.addAll(List.of(v[0], v[3]));
                    batch.release();
                }
                epochs.add(new HashSet<>(seen));
                orders.add(seen.toString());
            }
            assertTrue(loader.skipped().isEmpty());
            assertTrue(loader.waitedNanos() > 0);
        }
        epochs.forEach(epoch -> assertEquals(6, epoch.size()));
        assertEquals(4, new HashSet<>(orders).size(), "each epoch has its own order");
        assertEquals(GOOD, epochs.stream().flatMap(Set::stream).collect(Collectors.toSet()).size(),
                "it is not always the same video that is left out");
    }

    /// The same clips, made the plain way: all frames in memory, then sampler, frames' operations, transform, finish.
    private static void sameAsThePlainWay(Variation variation) throws Exception {
        ClipRandom random = Videos.random(4);
        int repeats = 3;
        LoaderConfig config = new LoaderConfig(SHAPE, 2, 2, repeats, variation, Shard.WHOLE, new LoaderResources(2));
        try (ClipLoader loader = new ClipLoader(good, config, random, 3)) {
            ClipBatch batch = loader.next();
            float[] expected = new float[batch.pixels().length];
            for (int clip = 0; clip < batch.clips(); clip++) {
                int video = batch.videos()[clip];
                int repeat = clip % repeats;
                byte[][] frames = Videos.frames(goodFolder.resolve(good.name(video)));
                int[] indices = new ClipSampler(4, 2).random(frames.length, 30,
                        random.of(batch.epoch(), video, variation.sameTime() ? 0 : repeat, Purpose.TIME));
                Crop crop = Crop.random(40, 48, variation.minScale(),
                        random.of(batch.epoch(), video, repeat, Purpose.CROP));
                boolean flip = random.of(batch.epoch(), video, repeat, Purpose.FLIP).nextDouble() < 0.5;
                ClipTransform transform = new ClipTransform(SHAPE, crop, flip && variation.flips(), 48);
                for (int t = 0; t < 4; t++) {
                    byte[] frame = variation.augmentation()
                            .frames(random.of(batch.epoch(), video, repeat, Purpose.FRAMES))
                            .apply(frames[indices[t]], 40, 48);
                    transform.apply(frame, t, expected, clip * SHAPE.values());
                }
                variation.augmentation().finish(expected, clip * SHAPE.values(), SHAPE,
                        random.of(batch.epoch(), video, repeat, Purpose.FINISH));
            }
            assertArrayEquals(expected, batch.pixels());
        }
    }

    @Test
    void eachClipIsWhatSamplerAndTransformSay() throws Exception {
        sameAsThePlainWay(Variation.PRETRAINING);
    }

    @Test
    void eachClipForFineTuningIsAugmentedToo() throws Exception {
        RandAugment three = new RandAugment(3, 7, 0.5, Interpolation.BICUBIC);
        sameAsThePlainWay(new Variation(0.08, true, false, new FinetuneAugmentation(three, new RandomErasing(1))));
    }

    @Test
    void damagedVideosAreReplacedAndReported() {
        try (ClipLoader loader = new ClipLoader(mixed, config(11, 1, 2), Videos.random(4), 0)) {
            ClipBatch batch = loader.next();
            Set<Integer> bad = loader.skipped().stream().map(SkippedVideo::index).collect(Collectors.toSet());
            for (int video : batch.videos()) {
                assertTrue(!bad.contains(video), "video " + video + " is damaged");
            }
            assertEquals(List.of("a-text.mp4 NOT_A_VIDEO", "clip-0002b.mp4 EMPTY", "clip-0004b.mp4 NO_VIDEO_STREAM",
                    "z-cut.mp4 TRUNCATED"),
                    loader.skipped().stream()
                            .map(skipped -> Path.of(skipped.place()).getFileName() + " " + skipped.reason().name())
                            .toList());
            assertEquals(DamageReason.EMPTY, loader.skipped().get(1).reason());
        }
    }

    @Test
    void nothingUsableStopsWithOneLine() throws Exception {
        Path bad = folder.resolve("bad");
        Files.createDirectories(bad);
        Videos.text(bad.resolve("1.mp4"));
        Videos.text(bad.resolve("2.mp4"));
        Videos.sound(bad.resolve("3.mp4"));
        try (ClipLoader loader = new ClipLoader(VideoList.of(bad), config(2, 2, 2), Videos.random(4), 0)) {
            assertEquals("none of the 3 videos in " + bad + " can be used: 2 not a video, 1 no video stream",
                    assertThrows(VideoException.class, loader::next).getMessage());
        }
    }

    @Test
    void tooFewVideosForABatchAreRefused() {
        VideoException refused = assertThrows(VideoException.class,
                () -> new ClipLoader(good, config(8, 1, 2), Videos.random(4), 0));
        assertEquals(good.source() + " holds 7 videos, but a batch takes 8: use a smaller batch or more videos",
                refused.getMessage());
        assertThrows(VideoException.class,
                () -> new LoaderConfig(new ClipShape(16, 224, 224), 4, 1000, 1, new LoaderResources(1)));
        assertThrows(IllegalArgumentException.class, () -> config(0, 1, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void theShardsOfAllRanksAreTheGlobalBatch(int ranks) {
        LoaderConfig global = config(ranks, 2, 2);
        List<List<String>> expected = new ArrayList<>();
        try (ClipLoader loader = new ClipLoader(mixed, global, Videos.random(4), 0)) {
            for (int i = 0; i < 7; i++) {
                ClipBatch batch = loader.next();
                int values = batch.pixels().length / ranks;
                List<String> pieces = new ArrayList<>();
                for (int rank = 0; rank < ranks; rank++) {
                    pieces.add(batch.videos()[2 * rank] + " "
                            + Arrays.hashCode(Arrays.copyOfRange(batch.pixels(), rank * values, (rank + 1) * values)));
                }
                expected.add(pieces);
                batch.release();
            }
        }
        for (int rank = 0; rank < ranks; rank++) {
            LoaderConfig part = new LoaderConfig(SHAPE, 2, 1, 2, Variation.PRETRAINING, new Shard(rank, ranks),
                    new LoaderResources(2));
            try (ClipLoader loader = new ClipLoader(mixed, part, Videos.random(4), 0)) {
                assertEquals(mixed.size() / ranks, loader.batchesPerEpoch());
                for (List<String> pieces : expected) {
                    ClipBatch batch = loader.next();
                    assertEquals(pieces.get(rank), batch.videos()[0] + " " + Arrays.hashCode(batch.pixels()));
                    batch.release();
                }
            }
        }
        assertThrows(IllegalArgumentException.class, () -> new Shard(ranks, ranks));
    }

    @Test
    void prefetchIsBytesNotBatches() {
        long batch = 2L * 3 * 4 * 24 * 32 * Float.BYTES;
        assertEquals(2, new LoaderConfig(SHAPE, 2, 2, 1, new LoaderResources(1, 0, _ -> {})).buffers());
        assertEquals(1 + 5, new LoaderConfig(SHAPE, 2, 2, 1, new LoaderResources(1, 5 * batch + 1, _ -> {})).buffers());
        assertEquals(1 + 2, new LoaderConfig(SHAPE, 2, 4, 1, new LoaderResources(1, 5 * batch + 1, _ -> {})).buffers());
        assertThrows(IllegalArgumentException.class, () -> new LoaderResources(0));
        assertThrows(IllegalArgumentException.class, () -> new LoaderResources(1, -1, _ -> {}));
    }

    @Test
    void theReportSaysWhatWasDone() {
        try (ClipLoader loader = new ClipLoader(good, config(2, 3, 2), Videos.random(4), 0)) {
            loader.next().release();
            LoaderReport report = loader.report();
            assertTrue(report.clips() >= 6 && report.frames() >= 2 * 30, report::toString);
            assertTrue(report.seconds() > 0 && report.decodeSeconds() > 0 && report.augmentSeconds() > 0
                    && report.readSeconds() > 0, report::toString);
            assertTrue(report.toString().contains("bound by "), report::toString);
        }
    }

    @Test
    void aBatchStaysUntouchedUntilItIsReleased() {
        LoaderConfig two = new LoaderConfig(SHAPE, 2, 2, 1, new LoaderResources(2, 0, _ -> {}));
        try (ClipLoader loader = new ClipLoader(good, two, Videos.random(4), 0)) {
            ClipBatch kept = loader.next();
            float[] copy = kept.pixels().clone();
            for (int i = 0; i < 5; i++) {
                ClipBatch batch = loader.next();
                assertNotEquals(kept.pixels(), batch.pixels());
                batch.release();
                assertThrows(IllegalStateException.class, batch::release);
            }
            loader.next();
            String message = assertThrows(IllegalStateException.class, loader::next).getMessage();
            assertTrue(message.contains("release one"), message);
            assertArrayEquals(copy, kept.pixels());
        }
    }

    @Test
    void aClosedLoaderGivesNothing() {
        ClipLoader loader = new ClipLoader(good, config(2, 2, 2), Videos.random(4), 0);
        ClipBatch batch = loader.next();
        loader.close();
        loader.close();
        batch.release();
        assertEquals("the loader is closed", assertThrows(IllegalStateException.class, loader::next).getMessage());
    }

    @Test
    void theReaderTakesTheMiddleOfTheCentre() throws Exception {
        Path video = goodFolder.resolve(good.name(3));
        byte[][] frames = Videos.frames(video);
        ClipReader.Clip clip = new ClipReader(new ClipShape(4, 20, 20), 2).middle(video);
        assertEquals(30, clip.sourceFrames());
        assertEquals(30, clip.sourceFps(), 1e-9);
        assertEquals(15, clip.fps(), 1e-9);
        assertArrayEquals(new int[] {11, 13, 15, 18}, clip.indices()); // 11 + 7/3 k
        float[] expected = new float[3 * 4 * 20 * 20];
        ClipTransform transform = new ClipTransform(new ClipShape(4, 20, 20), new Crop(0, 4, 40, 40), false, 48);
        for (int t = 0; t < 4; t++) {
            transform.apply(frames[clip.indices()[t]], t, expected, 0);
        }
        assertArrayEquals(expected, clip.pixels());
        assertArrayEquals(new int[] {29, 29, 29, 29},
                new ClipReader(new ClipShape(4, 20, 20), 2).from(video, 29).indices());
    }

    @Test
    void theReaderRefusesInOneLine() throws Exception {
        ClipReader reader = new ClipReader(SHAPE, 2);
        Path text = Videos.text(folder.resolve("reader.mp4"));
        assertEquals("cannot use " + text + ": not a video",
                assertThrows(VideoException.class, () -> reader.middle(text)).getMessage());
        assertEquals(goodFolder.resolve(good.name(0)) + " has frames 0 to 29, not 30",
                assertThrows(VideoException.class, () -> reader.from(goodFolder.resolve(good.name(0)), 30))
                        .getMessage());
    }
}
