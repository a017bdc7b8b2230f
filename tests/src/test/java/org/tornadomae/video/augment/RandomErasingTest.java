package org.tornadomae.video.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tornadomae.golden.GoldenTable;
import org.tornadomae.nn.Rng;
import org.tornadomae.video.clip.ClipShape;

/// Random erasing against the official code, and what it may touch.
class RandomErasingTest {
    private static final ClipShape SHAPE = new ClipShape(3, 20, 24);

    private static Stream<JsonNode> cases() {
        return GoldenTable.stream(GoldenTable.of("random-erasing").get("cases"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void boxesAreTheTables(JsonNode row) {
        int[] shape = GoldenTable.ints(row.get("shape_tchw"));
        ScriptedRandom random = new ScriptedRandom(GoldenTable.doubles(row.get("tries_area_logaspect")),
                GoldenTable.ints(row.get("top_left")));
        Box box = RandomErasing.draw(shape[2], shape[3], random).orElseThrow();
        assertTrue(random.usedUp(), "a number of the script was not asked for");
        int[] expected = GoldenTable.ints(row.get("erased_box_top_left_h_w"));
        assertEquals(new Box(expected[0], expected[1], expected[2], expected[3]), box);
    }

    /// Outside one rectangle, the same in all frames, nothing changes; inside no value is kept, and they are N(0, 1).
    @Test
    void oneRectangleOfNoiseInAllFrames() {
        double sum = 0;
        double squares = 0;
        long count = 0;
        for (int key = 0; key < 200; key++) {
            float[] clips = new float[2 * SHAPE.values()];
            Arrays.fill(clips, 100);
            new RandomErasing(1).apply(clips, SHAPE.values(), SHAPE, Rng.of(1, key));
            boolean[] erased = new boolean[SHAPE.height() * SHAPE.width()];
            for (int i = 0; i < SHAPE.values(); i++) {
                assertEquals(100, clips[i], "the clip before it");
                float value = clips[SHAPE.values() + i];
                int pixel = i % erased.length;
                if (i < erased.length) {
                    erased[pixel] = value != 100;
                }
                assertEquals(erased[pixel], value != 100, "the same pixels in each frame and channel");
                if (value != 100) {
                    sum += value;
                    squares += (double) value * value;
                    count++;
                }
            }
            requireRectangle(erased);
        }
        assertEquals(0, sum / count, 4 / Math.sqrt(count), "mean within four standard errors");
        assertEquals(1, squares / count, 4 * Math.sqrt(2.0 / count), "variance within four standard errors");
    }

    private static void requireRectangle(boolean[] erased) {
        int[] pixels = IntStream.range(0, erased.length).filter(i -> erased[i]).toArray();
        int width = SHAPE.width();
        int columns = 1 + IntStream.of(pixels).map(i -> i % width).max().orElseThrow()
                - IntStream.of(pixels).map(i -> i % width).min().orElseThrow();
        int rows = 1 + pixels[pixels.length - 1] / width - pixels[0] / width;
        assertEquals(pixels.length, rows * columns, "it has no holes");
        double part = (double) pixels.length / erased.length;
        // each side is rounded to a pixel
        assertTrue(part > 0.01 && part < 0.40, "erased " + part);
    }

    @Test
    void aQuarterOfTheClips() {
        long erased = IntStream.range(0, 4000).filter(key -> {
            float[] clip = new float[SHAPE.values()];
            RandomErasing.RECIPE.apply(clip, 0, SHAPE, Rng.of(2, key));
            return !Arrays.equals(clip, new float[clip.length]);
        }).count();
        assertEquals(1000, erased, 4 * Math.sqrt(4000 * 0.25 * 0.75), "within four standard deviations");
    }

    @Test
    void noRectangleFitsASingleRow() {
        assertEquals(Optional.empty(), RandomErasing.draw(1, 1000, Rng.of(3)));
    }

    @Test
    void theKeyDecides() {
        float[] once = new float[SHAPE.values()];
        float[] again = new float[SHAPE.values()];
        new RandomErasing(1).apply(once, 0, SHAPE, Rng.of(4, 7));
        new RandomErasing(1).apply(again, 0, SHAPE, Rng.of(4, 7));
        assertArrayEquals(once, again);
    }

    @Test
    void badNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RandomErasing(1.1));
        assertThrows(IllegalArgumentException.class, () -> new RandomErasing(Double.NaN));
    }
}
