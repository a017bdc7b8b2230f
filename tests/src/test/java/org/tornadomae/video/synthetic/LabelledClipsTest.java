package org.tornadomae.video.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What makes the labelled videos a task about motion.
class LabelledClipsTest {
    private static final double SECONDS = 1.0;

    private static byte[] frame(Motion motion, double seconds, long key) {
        byte[] rgb = new byte[96 * 96 * 3];
        LabelledClips.Video.random(new SplittableRandom(key)).paint(MovingShape.Form.STAR, motion, seconds, rgb);
        return rgb;
    }

    /// With the same draws every motion begins with the same picture, and goes on with one of its own.
    @Test
    void theFirstFrameDoesNotTellTheMotion() {
        byte[] first = frame(Motion.RESTING, 0, 1);
        HashSet<String> later = new HashSet<>();
        for (Motion motion : Motion.values()) {
            assertArrayEquals(first, frame(motion, 0, 1), motion::toString);
            later.add(Arrays.toString(frame(motion, 0.4, 1)));
        }
        assertEquals(Motion.values().length, later.size());
    }

    /// Nor does any other: after a second, too, x, y and growth are uniform, by their means and mean squares.
    @ParameterizedTest
    @EnumSource
    void noLaterFrameTellsItEither(Motion motion) {
        int draws = 20_000;
        double[] sums = new double[6];
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < draws; i++) {
            Motion.Start at = motion.after(Motion.Start.random(random), SECONDS);
            double[] values = {at.x(), at.y(), at.growth()};
            for (int k = 0; k < 3; k++) {
                assertTrue(values[k] >= 0 && values[k] < 1);
                sums[k] += values[k] / draws;
                sums[3 + k] += values[k] * values[k] / draws;
            }
        }
        for (int k = 0; k < 3; k++) {
            assertEquals(1.0 / 2, sums[k], 4 * Math.sqrt(1.0 / 12 / draws), "within four standard errors");
            assertEquals(1.0 / 3, sums[3 + k], 4 * Math.sqrt(4.0 / 45 / draws), "within four standard errors");
        }
    }

    /// What leaves on one side comes back on the other: a shape moved by whole pictures is painted alike.
    @Test
    void edgesAreJoined() {
        Motion.Start start = new Motion.Start(0.99, 0.02, 0.5, 1, 0.5);
        Motion.Start moved = start.moved(3, -2);
        assertEquals(start.x(), moved.x(), 1e-12);
        assertEquals(start.y(), moved.y(), 1e-12);
        assertEquals(start.growth(), start.grown(-4).growth(), 1e-12);
    }

    @Test
    void everyOutlineHasSeveralMotions() {
        for (int classes = 2; classes <= LabelledClips.MAX_CLASSES; classes++) {
            LabelledClips clips = new LabelledClips(classes, 0);
            assertEquals(classes, new HashSet<>(clips.names()).size(), "every class has a name of its own");
            for (int label = 0; label < classes; label++) {
                MovingShape.Form form = clips.form(label);
                assertTrue(IntStream.range(0, classes).filter(other -> clips.form(other) == form).count() >= 2,
                        () -> form + " comes with one motion");
            }
        }
        assertEquals("disc rising", new LabelledClips(12, 0).names().getFirst());
    }

    @Test
    void badNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new LabelledClips(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new LabelledClips(41, 0));
    }
}
