package org.tornadomae.video.views;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.golden.GoldenTable;
import org.tornadomae.video.clip.ClipSampler;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.clip.Normalisation;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.DamagedVideoException;
import org.tornadomae.video.codec.Decoder;
import org.tornadomae.video.codec.VideoFrames;
import org.tornadomae.video.synthetic.SyntheticClips;

/// The test's views against the official codes, and their way out of a file.
class ViewsTest {
    private static final ClipShape SHAPE = new ClipShape(4, 32, 32);
    private static final int FRAMES = 40;

    @TempDir
    private static Path folder;
    private static ByteSource video;

    @BeforeAll
    static void write() throws Exception {
        video = ByteSource.of(new SyntheticClips(80, 48, FRAMES, 3).write(folder, 1).getFirst());
    }

    @Test
    void indicesAreTheTables() {
        JsonNode cases = GoldenTable.of("test-views").get("cases");
        for (JsonNode row : cases) {
            Spacing spacing = row.get("use_offset").booleanValue() ? Spacing.WHOLE : Spacing.FRACTIONAL;
            TestViews views = new TestViews(row.get("views").intValue(), 1, spacing);
            int[] indices = views.indices(row.get("view").intValue(), new ClipSampler(16, 4),
                    row.get("frames").intValue(), row.get("fps").doubleValue());
            assertArrayEquals(GoldenTable.ints(row.get("indices")), indices, row::toString);
        }
        assertEquals(234, cases.size());
    }

    private static Stream<JsonNode> crops() {
        return GoldenTable.stream(GoldenTable.of("test-crops").get("cases"));
    }

    @ParameterizedTest
    @MethodSource("crops")
    void sizesAndOffsetsAreTheTables(JsonNode row) {
        int crop = row.get("crop").intValue();
        Resized size = Resized.of(row.get("height").intValue(), row.get("width").intValue(), crop);
        int[] resized = GoldenTable.ints(row.get("resized"));
        assertEquals(new Resized(resized[0], resized[1], crop), size);
        for (int place = 0; place < 3; place++) {
            int[] offsets = GoldenTable.ints(row.get("offsets_y_x").get(place));
            assertArrayEquals(offsets, new int[] {size.top(place), size.left(place)});
        }
    }

    private static Stream<JsonNode> pictures() {
        return GoldenTable.stream(GoldenTable.of("test-crops").get("small"));
    }

    /// The table's pictures have values in [0, 1) of 24 bits: one byte of each goes through each colour channel, which
    /// must give the table's values, since resizing is linear.
    @ParameterizedTest
    @MethodSource("pictures")
    void pixelsAreTheTables(JsonNode row) {
        int crop = row.get("crop").intValue();
        JsonNode image = row.get("image");
        int height = image.get(0).size();
        int width = image.get(0).get(0).size();
        Resized size = Resized.of(height, width, crop);
        Map<Integer, float[]> frames = new HashMap<>();
        for (int t = 0; t < image.size(); t++) {
            double[] values = GoldenTable.doubles(image.get(t));
            byte[] rgb = new byte[values.length * 3];
            for (int i = 0; i < values.length; i++) {
                int bits = (int) Math.rint(values[i] * (1 << 24));
                rgb[3 * i] = (byte) (bits >> 16);
                rgb[3 * i + 1] = (byte) (bits >> 8);
                rgb[3 * i + 2] = (byte) bits;
            }
            frames.put(t, ViewReader.resize(rgb, height, width,
                    new ClipShape(1, size.height(), size.width())));
        }
        ClipShape shape = new ClipShape(image.size(), crop, crop);
        VideoViews views = new VideoViews(new TestViews(1, 3), shape, size, new int[][] {{0, 1}}, frames);
        int channel = shape.values() / 3;
        float[] out = new float[shape.values()];
        for (int view = 0; view < 3; view++) {
            views.copy(view, out, 0);
            double[] expected = GoldenTable.doubles(row.get("views").get(view));
            for (int i = 0; i < channel; i++) {
                double value = (byteOf(out[i]) + byteOf(out[channel + i]) / 256 + byteOf(out[2 * channel + i]) / 65536)
                        / 256;
                assertEquals(expected[i], value, 1e-6, "view " + view + " value " + i);
            }
        }
    }

    private static double byteOf(float normalised) {
        return ((double) normalised * 0.225 + 0.45) * 255;
    }

    /// Counts how often a decoder opens a video, and lets its container promise what it likes.
    private static Decoder counting(AtomicInteger opened, int promised) {
        return new Decoder() {
            @Override
            public VideoFrames open(ByteSource source) throws DamagedVideoException {
                opened.incrementAndGet();
                VideoFrames real = Decoder.IN_THREAD.open(source);
                if (promised < 0) {
                    return real;
                }
                return (VideoFrames) Proxy.newProxyInstance(getClass().getClassLoader(),
                        new Class<?>[] {VideoFrames.class}, (_, method, args) -> method.getName().equals("promised")
                                ? promised
                                : method.invoke(real, args));
            }

            @Override
            public void close() {
                // holds nothing
            }
        };
    }

    private static float[] all(VideoViews views) {
        float[] out = new float[views.count() * SHAPE.values()];
        for (int view = 0; view < views.count(); view++) {
            views.copy(view, out, view * SHAPE.values());
        }
        return out;
    }

    private static float[] read(TestViews views, AtomicInteger opened, int promised, int known) throws Exception {
        return all(new ViewReader(views, SHAPE, 4).read(counting(opened, promised), video, known));
    }

    @Test
    void aVideoIsDecodedOnceForAllOfItsViews() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        float[] views = read(new TestViews(3, 3), opened, -1, 0);
        assertEquals(1, opened.get());
        assertArrayEquals(views, read(new TestViews(3, 3), opened, -1, FRAMES));
        assertEquals(2, opened.get());
        float[] quick = read(new TestViews(1, 1), opened, -1, 0);
        assertEquals(SHAPE.values(), quick.length);
        for (int i = 0; i < quick.length; i++) { // 24 frames of room: ⌊24/2⌋ is also where the second of three starts
            assertEquals(quick[i], views[4 * SHAPE.values() + i], "the middle one of nine");
        }
    }

    /// A container that says nothing, too much or too little costs a second pass, and changes nothing.
    @ParameterizedTest
    @ValueSource(ints = {0, 7, FRAMES - 1, FRAMES + 1, 100_000})
    void wrongPromisesChangeNothing(int promised) throws Exception {
        AtomicInteger opened = new AtomicInteger();
        float[] honest = read(new TestViews(2, 3), opened, -1, 0);
        assertArrayEquals(honest, read(new TestViews(2, 3), opened, promised, 0));
        assertEquals(3, opened.get());
        assertArrayEquals(honest, read(new TestViews(2, 3), opened, -1, FRAMES + 3), "a manifest of another time");
    }

    @Test
    void viewsDiffer() throws Exception {
        float[] views = read(new TestViews(2, 3), new AtomicInteger(), -1, 0);
        for (int a = 0; a < 6; a++) {
            for (int b = 0; b < a; b++) {
                double difference = 0;
                for (int i = 0; i < SHAPE.values(); i++) {
                    difference += Math.abs(views[a * SHAPE.values() + i] - views[b * SHAPE.values() + i]);
                }
                assertTrue(difference / SHAPE.values() > 0.01, "views " + a + " and " + b + " are the same");
            }
        }
    }

    @Test
    void badInputIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TestViews(0, 3));
        assertThrows(IllegalArgumentException.class, () -> new TestViews(5, 2));
        assertThrows(IllegalArgumentException.class,
                () -> new ViewReader(new TestViews(1, 1), new ClipShape(4, 32, 16), 4));
        ViewReader reader = new ViewReader(new TestViews(1, 1), SHAPE, 4);
        ByteSource noVideo = ByteSource.of("no video".getBytes(), "text.mp4");
        assertThrows(DamagedVideoException.class, () -> reader.read(Decoder.IN_THREAD, noVideo, 0));
    }
}
