package org.tornadomae.video.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.golden.GoldenTable;
import org.tornadomae.nn.Rng;
import org.tornadomae.video.clip.ClipShape;

/// Mixup and cutmix against the official codes, and their distributions.
class MixupTest {
    private static final JsonNode TABLE = GoldenTable.of("mixup");
    private static final int CLASSES = TABLE.get("classes").intValue();
    private static final int[] LABELS = GoldenTable.ints(TABLE.get("labels"));
    private static final int HEIGHT = 6;
    private static final int WIDTH = 8;
    /// What float32 loses of a number below 1; the table has twelve digits.
    private static final double ROUNDING = 1e-7;

    private static Stream<JsonNode> batches() {
        return GoldenTable.stream(TABLE.get("cases"));
    }

    private static Stream<JsonNode> modes() {
        return GoldenTable.stream(TABLE.get("modes"));
    }

    private static Mix mix(boolean cutmix, JsonNode lambda, JsonNode centre) {
        double share = lambda.doubleValue();
        return cutmix
                ? Mix.cutmix(share, centre.get(0).intValue(), centre.get(1).intValue(), HEIGHT, WIDTH)
                : Mix.mixup(share);
    }

    /// The table's clips are `[1][T][H][W]`: each of the three channels gets the same values.
    private static void check(JsonNode row, Mix[] mixes) {
        float[] one = GoldenTable.floats(row.get("clip"));
        float[] clips = new float[one.length * 3];
        int frames = one.length / LABELS.length / (HEIGHT * WIDTH);
        ClipShape shape = new ClipShape(frames, HEIGHT, WIDTH);
        int clip = one.length / LABELS.length;
        for (int i = 0; i < clips.length; i++) {
            clips[i] = one[i / (3 * clip) * clip + i % clip]; // each channel has the same values
        }
        Mix.apply(mixes, clips, shape);
        float[] expected = GoldenTable.floats(row.get("mixed"));
        for (int i = 0; i < clips.length; i++) {
            assertEquals(expected[i / (3 * clip) * clip + i % clip], clips[i], ROUNDING, "value " + i);
        }
        float[] targets = new float[LABELS.length * CLASSES];
        smoothing(TABLE.get("smoothing").doubleValue()).targets(mixes, LABELS, CLASSES, targets);
        assertArrayEquals(GoldenTable.floats(row.get("target")), targets, (float) ROUNDING);
    }

    private static Mixup smoothing(double smoothing) {
        return new Mixup(0.8, 1, 1, 0.5, Mixup.Scope.BATCH, smoothing);
    }

    @ParameterizedTest
    @MethodSource("batches")
    void batchesAreTheTables(JsonNode row) {
        Mix mix = mix(row.get("kind").textValue().equals("cutmix"), row.get("lam"), row.get("centre_y_x"));
        assertEquals(row.get("lam_corrected").doubleValue(), mix.own(), 1e-12);
        if (mix.cut() != null) {
            int[] box = GoldenTable.ints(row.get("box_yl_yh_xl_xh"));
            assertEquals(new Box(box[0], box[2], box[1] - box[0], box[3] - box[2]), mix.cut());
        }
        Mix[] mixes = new Mix[LABELS.length];
        Arrays.fill(mixes, mix);
        check(row, mixes);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void clipsAndPairsAreTheTables(JsonNode row) {
        Mix[] mixes = new Mix[LABELS.length];
        int draws = row.get("lam").size();
        for (int i = 0; i < LABELS.length; i++) {
            int draw = i < draws ? i : LABELS.length - 1 - i;
            mixes[i] = mix(row.get("cutmix").get(draw).booleanValue(), row.get("lam").get(draw),
                    row.get("centre_y_x").get(draw));
            assertEquals(row.get("lam_corrected").get(i).doubleValue(), mixes[i].own(), 1e-12);
        }
        check(row, mixes);
    }

    private static Mixup recipe(Mixup.Scope scope) {
        return new Mixup(0.8, 1, 1, 0.5, scope, 0.1);
    }

    @Test
    void drawsAreSharedAsTheScopeSays() {
        Mix[] batch = recipe(Mixup.Scope.BATCH).draw(5, HEIGHT, WIDTH, Rng.of(1));
        Mix[] pairs = recipe(Mixup.Scope.PAIR).draw(5, HEIGHT, WIDTH, Rng.of(1));
        Mix[] clips = recipe(Mixup.Scope.CLIP).draw(5, HEIGHT, WIDTH, Rng.of(1));
        for (int i = 0; i < 5; i++) {
            assertSame(batch[0], batch[i]);
            assertSame(pairs[i], pairs[4 - i]);
        }
        assertEquals(3, Stream.of(pairs).distinct().count());
        assertEquals(5, Stream.of(clips).distinct().count());
    }

    /// Half of the draws are cutmix; the share of mixup has the mean and the variance of Beta(0.8, 0.8): 1/(4(2α+1)).
    @Test
    void sharesAreBeta() {
        int draws = 20_000;
        int mixups = 0;
        double sum = 0;
        double squares = 0;
        for (int key = 0; key < draws; key++) {
            Mix mix = recipe(Mixup.Scope.BATCH).draw(2, 64, 64, Rng.of(2, key))[0];
            assertTrue(mix.own() >= 0 && mix.own() <= 1);
            if (mix.cut() == null) {
                mixups++;
                sum += mix.own();
                squares += (mix.own() - 0.5) * (mix.own() - 0.5);
            }
        }
        assertEquals(draws / 2.0, mixups, 4 * Math.sqrt(draws) / 2, "within four standard deviations");
        double variance = 1 / (4 * (2 * 0.8 + 1));
        assertEquals(0.5, sum / mixups, 4 * Math.sqrt(variance / mixups));
        assertEquals(variance, squares / mixups, 0.05 * variance);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 0.01, 0.2, 1, 3, 1000})
    void betaHasItsVarianceForAnyAlpha(double alpha) {
        double squares = 0;
        for (int key = 0; key < 10_000; key++) {
            double share = Beta.symmetric(alpha, Rng.of(3, key));
            assertTrue(share >= 0 && share <= 1, () -> "share " + share);
            squares += (share - 0.5) * (share - 0.5);
        }
        double variance = 1 / (4 * (2 * alpha + 1));
        assertEquals(variance, squares / 10_000, 0.08 * variance);
    }

    @Test
    void theMiddleClipOfAnOddBatchAndAProbabilityOfZeroChangeNothing() {
        ClipShape shape = new ClipShape(1, 2, 2);
        float[] clips = new float[3 * shape.values()];
        for (int i = 0; i < clips.length; i++) {
            clips[i] = i;
        }
        float[] before = clips.clone();
        float[] targets = new float[3 * 4];
        recipe(Mixup.Scope.CLIP).apply(clips, shape, new int[] {0, 1, 2}, 4, targets, Rng.of(4));
        assertArrayEquals(Arrays.copyOfRange(before, 12, 24), Arrays.copyOfRange(clips, 12, 24));
        assertArrayEquals(new float[] {0.025f, 0.925f, 0.025f, 0.025f}, Arrays.copyOfRange(targets, 4, 8), 1e-7f);
        float[] untouched = before.clone();
        new Mixup(0.8, 1, 0, 0.5, Mixup.Scope.BATCH, 0).apply(untouched, shape, new int[] {0, 1, 2}, 4, targets,
                Rng.of(4));
        assertArrayEquals(before, untouched);
        assertArrayEquals(new float[] {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0}, targets);
    }

    @ParameterizedTest
    @EnumSource
    void targetsAddUpToOneAndTheKeyDecides(Mixup.Scope scope) {
        ClipShape shape = new ClipShape(2, HEIGHT, WIDTH);
        float[][] clips = new float[2][4 * shape.values()];
        float[][] targets = new float[2][4 * CLASSES];
        for (int run = 0; run < 2; run++) {
            for (int i = 0; i < clips[run].length; i++) {
                clips[run][i] = i % 17;
            }
            recipe(scope).apply(clips[run], shape, LABELS, CLASSES, targets[run], Rng.of(5));
        }
        assertArrayEquals(clips[0], clips[1]);
        assertArrayEquals(targets[0], targets[1]);
        for (int i = 0; i < 4; i++) {
            double sum = 0;
            for (int k = 0; k < CLASSES; k++) {
                sum += targets[0][i * CLASSES + k];
            }
            assertEquals(1, sum, 1e-6);
        }
    }

    @Test
    void badNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Mixup(-1, 1, 1, 0.5, Mixup.Scope.BATCH, 0.1));
        assertThrows(IllegalArgumentException.class, () -> new Mixup(1, 1, 2, 0.5, Mixup.Scope.BATCH, 0.1));
        assertThrows(IllegalArgumentException.class, () -> new Mixup(1, 1, 1, 0.5, Mixup.Scope.BATCH, Double.NaN));
    }
}
