package org.tornadomae.mae.classify;

import java.util.Comparator;
import java.util.stream.IntStream;

/// Classes by their scores. Between equals the lower number comes first, so that a result does not depend on chance.
public final class Ranking {

    private Ranking() {}

    /// The `k` best classes, the best first; all of them where there are fewer.
    public static int[] top(double[] scores, int k) {
        return IntStream.range(0, scores.length).boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]).thenComparingInt(i -> i))
                .limit(k).mapToInt(Integer::intValue).toArray();
    }

    /// Whether a class is among the `k` best.
    public static boolean hit(double[] scores, int label, int k) {
        int better = 0;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > scores[label] || scores[i] == scores[label] && i < label) {
                better++;
            }
        }
        return better < k;
    }
}
