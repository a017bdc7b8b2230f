package org.tornadomae.mae.classify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tornadomae.golden.GoldenTable;
import org.tornadomae.nn.Rng;

/// k nearest neighbours against DINO's evaluation, and against sorting all of them.
class NearestNeighboursTest {
    private static final JsonNode TABLE = GoldenTable.of("knn");
    private static final int CLASSES = 6;

    private static Stream<JsonNode> results() {
        return GoldenTable.stream(TABLE.get("results"));
    }

    @ParameterizedTest
    @MethodSource("results")
    void scoresAndPredictionsAreTheTables(JsonNode row) {
        int[] labels = GoldenTable.ints(TABLE.get("test_labels"));
        int dims = TABLE.get("train").get(0).size();
        NearestNeighbours neighbours = new NearestNeighbours(GoldenTable.floats(TABLE.get("train")), dims,
                GoldenTable.ints(TABLE.get("train_labels")), CLASSES);
        int k = row.get("k").intValue();
        double temperature = row.get("temperature").doubleValue();
        assertEquals(NearestNeighbours.TEMPERATURE, temperature);
        double[][] scores = neighbours.scores(GoldenTable.floats(TABLE.get("test")), k, temperature);
        JsonNode first = row.get("first_scores");
        for (int i = 0; i < first.size(); i++) {
            double[] expected = GoldenTable.doubles(first.get(i));
            for (int c = 0; c < CLASSES; c++) {
                // a cosine's rounding in float32, 6e-8, becomes 1e-6 when it is divided by 0.07
                assertEquals(expected[c], scores[i][c], 1e-5 * expected[c]);
            }
        }
        int[] predictions = Stream.of(scores).mapToInt(s -> Ranking.top(s, 1)[0]).toArray();
        assertArrayEquals(GoldenTable.ints(row.get("predictions")), predictions);
        assertEquals(row.get("top1").doubleValue(), 100.0 * hits(scores, labels, 1) / labels.length, 1e-9);
    }

    private static long hits(double[][] scores, int[] labels, int k) {
        return IntStream.range(0, labels.length).filter(i -> Ranking.hit(scores[i], labels[i], k)).count();
    }

    private static float[] noise(int count, long key) {
        Rng random = Rng.of(key);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /// More training features than one block holds, against a sort of all cosines.
    @Test
    void theNearestOfManyAreThoseOfASort() {
        int dims = 5;
        int features = 5000;
        float[] train = noise(features * dims, 1);
        float[] test = noise(3 * dims, 2);
        int[] labels = IntStream.range(0, features).map(i -> i % 50).toArray();
        double[][] scores = new NearestNeighbours(train, dims, labels, 50).scores(test, 20, 0.07);
        for (int i = 0; i < 3; i++) {
            double[] expected = new double[50];
            int row = i;
            IntStream.range(0, features).boxed()
                    .sorted(Comparator.comparingDouble(j -> -cosine(test, row, train, j, dims))).limit(20)
                    .forEach(j -> expected[labels[j]] += Math.exp(cosine(test, row, train, j, dims) / 0.07));
            for (int c = 0; c < 50; c++) {
                assertEquals(expected[c], scores[i][c], 1e-5 * expected[c]);
            }
        }
    }

    private static double cosine(float[] a, int i, float[] b, int j, int dims) {
        double dot = 0;
        double left = 0;
        double right = 0;
        for (int d = 0; d < dims; d++) {
            dot += (double) a[i * dims + d] * b[j * dims + d];
            left += (double) a[i * dims + d] * a[i * dims + d];
            right += (double) b[j * dims + d] * b[j * dims + d];
        }
        return dot / Math.sqrt(left * right);
    }

    @Test
    void moreNeighboursThanThereAre() {
        double[][] scores = new NearestNeighbours(new float[] {1, 0, 0, 2}, 2, new int[] {1, 0}, 3)
                .scores(new float[] {3, 0}, 200, 1);
        assertArrayEquals(new double[] {1, Math.E, 0}, scores[0], 1e-7);
    }

    @Test
    void badFeaturesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new NearestNeighbours(new float[5], 2, new int[2], 3));
        assertThrows(IllegalArgumentException.class, () -> new NearestNeighbours(new float[4], 2, new int[2], 3));
        NearestNeighbours good = new NearestNeighbours(new float[] {1, 1}, 2, new int[] {0}, 1);
        assertThrows(IllegalArgumentException.class, () -> good.scores(new float[] {Float.NaN, 1}, 1, 1));
    }
}
