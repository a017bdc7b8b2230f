package org.tornadomae.video.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tornadomae.video.Videos;

class ClipSamplerTest {

    private final ClipSampler official = new ClipSampler(16, 4);

    @Test
    void theIndicesOfTheSpecification() {
        assertArrayEquals(new int[] {0, 4, 8, 12, 16, 21, 25, 29, 33, 37, 42, 46, 50, 54, 58, 63},
                official.indices(0, 300, 30));
    }

    @Test
    void aFractionalStartIsTruncatedAfterTheLinspace() {
        // 10.9 + 4.2 k
        assertArrayEquals(new int[] {10, 15, 19, 23, 27, 31, 36, 40, 44, 48, 52, 57, 61, 65, 69, 73},
                official.indices(10.9, 300, 30));
    }

    @Test
    void theSpanFollowsTheFrameRate() {
        assertEquals(64, official.span(30));
        assertEquals(32, official.span(15));
        assertEquals(64 * 25 / 30.0, official.span(25), 1e-12);
        assertArrayEquals(new int[] {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 31},
                official.indices(0, 300, 15)); // 31/15 = 2.0667 apart
    }

    @Test
    void aShortVideoRepeatsItsLastFrame() {
        assertArrayEquals(new int[] {0, 4, 8, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9},
                official.random(10, 30, Videos.constant(0.7)));
        assertArrayEquals(new int[16], official.middle(1, 30));
    }

    @Test
    void theStartIsUniformUpToTheLastThatFits() {
        assertArrayEquals(official.indices(0, 164, 30), official.random(164, 30, Videos.constant(0)));
        assertArrayEquals(official.indices(25, 164, 30), official.random(164, 30, Videos.constant(0.25)));
        int[] latest = official.random(164, 30, Videos.constant(0.999));
        assertEquals(162, latest[15], "it starts at 99.9 and ends at 162.9");
        assertArrayEquals(official.indices(50, 164, 30), official.middle(164, 30));
    }

    @ParameterizedTest
    @CsvSource({"1,1,25", "1,4,30", "2,1,5", "3,7,59.94", "16,4,29.97", "16,4,0.5", "64,1,1000"})
    void indicesStayInsideAndNeverRunBackwards(int frames, int rate, double fps) {
        ClipSampler sampler = new ClipSampler(frames, rate);
        SplittableRandom random = new SplittableRandom(3);
        for (int available : new int[] {1, 2, 6, 13, 207, 5000}) {
            int[] indices = sampler.random(available, fps, random);
            assertEquals(frames, indices.length);
            for (int t = 0; t < frames; t++) {
                assertTrue(indices[t] >= 0 && indices[t] < available, "index " + indices[t]);
                assertTrue(t == 0 || indices[t] >= indices[t - 1], "backwards at " + t);
            }
        }
    }

    @Test
    void badNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ClipSampler(0, 4));
        assertThrows(IllegalArgumentException.class, () -> new ClipSampler(16, 0));
        assertThrows(IllegalArgumentException.class, () -> official.indices(0, 0, 30));
    }
}
