package org.tornadomae.mae.classify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tornadomae.golden.GoldenTable;
import org.tornadomae.nn.Rng;

/// Scores of videos from their views, against the official test.
class VideoScoresTest {
    private static final JsonNode TABLE = GoldenTable.of("aggregate");
    private static final float[] LOGITS = GoldenTable.floats(TABLE.get("logits"));
    private static final int[] LABELS = GoldenTable.ints(TABLE.get("labels"));
    private static final int VIEWS = TABLE.get("clips").intValue();
    private static final int CLASSES = TABLE.get("logits").get(0).size();

    private static VideoScores scores(int[] order) {
        VideoScores scores = new VideoScores(LABELS.length, CLASSES);
        for (int row : order) {
            scores.add(row / VIEWS, LOGITS, row * CLASSES);
        }
        return scores;
    }

    private static int[] inOrder() {
        return IntStream.range(0, LABELS.length * VIEWS).toArray();
    }

    @Test
    void scoresAndAccuracyAreTheTables() {
        VideoScores scores = scores(inOrder());
        int[] hits = new int[2];
        for (int video = 0; video < LABELS.length; video++) {
            double[] sum = GoldenTable.doubles(TABLE.get("scores").get(video));
            double[] mean = scores.probabilities(video);
            for (int k = 0; k < CLASSES; k++) {
                assertEquals(sum[k] / VIEWS, mean[k], 1e-7, "float32 in the table");
            }
            hits[0] += Ranking.hit(mean, LABELS[video], 1) ? 1 : 0;
            hits[1] += Ranking.hit(mean, LABELS[video], 5) ? 1 : 0;
            assertEquals(VIEWS, scores.views(video));
        }
        assertEquals(TABLE.get("stats").get("top1_acc").textValue(), percent(hits[0]));
        assertEquals(TABLE.get("stats").get("top5_acc").textValue(), percent(hits[1]));
    }

    private static String percent(int hits) {
        return String.format(Locale.ROOT, "%.2f", 100.0 * hits / LABELS.length);
    }

    @Test
    void viewsMayComeInAnyOrder() {
        VideoScores inOrder = scores(inOrder());
        VideoScores shuffled = scores(Rng.of(1).permutation(LABELS.length * VIEWS));
        for (int video = 0; video < LABELS.length; video++) {
            assertArrayEquals(inOrder.probabilities(video), shuffled.probabilities(video), 1e-15);
        }
    }

    @Test
    void aVideoWithoutAViewHasNoResult() {
        VideoScores scores = new VideoScores(2, 3);
        scores.add(1, new float[] {1e30f, -1e30f, 0}, 0);
        assertEquals(0, scores.views(0));
        assertTrue(Double.isNaN(scores.probabilities(0)[0]));
        assertArrayEquals(new double[] {1, 0, 0}, scores.probabilities(1));
        assertThrows(IllegalArgumentException.class, () -> scores.add(0, new float[] {0, Float.NaN, 0}, 0));
        assertEquals(0, scores.views(0));
    }

    @Test
    void equalsAreRankedByNumber() {
        double[] scores = {0.2, 0.5, 0.2, 0.1};
        assertArrayEquals(new int[] {1, 0, 2}, Ranking.top(scores, 3));
        assertArrayEquals(new int[] {1, 0, 2, 3}, Ranking.top(scores, 9));
        for (int k = 1; k <= 4; k++) {
            int[] top = Ranking.top(scores, k);
            for (int label = 0; label < 4; label++) {
                int wanted = label;
                assertEquals(IntStream.of(top).anyMatch(i -> i == wanted), Ranking.hit(scores, label, k));
            }
        }
        assertFalse(Ranking.hit(scores, 2, 2));
    }
}
