package org.tornadomae.mae.classify;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Weighted k-nearest-neighbour classification of features by their cosine (DINO's protocol, `eval_knn.py`): a class
/// scores the sum of exp(cos/temperature) over those of the k nearest training features that belong to it.
public final class NearestNeighbours {

    /// Temperature of the protocol.
    public static final double TEMPERATURE = 0.07;

    private static final int BLOCK = 2048; // training features at a time: their cosines stay in the first cache

    private final int dims;
    private final int classes;
    private final int[] labels;
    private final float[] train; // [dims][features]: along a row, the inner loop needs no sum and is vectorised

    /// @param features `[features][dims]`, any length but zero
    /// @param dims     D
    /// @param labels   a class of each
    /// @param classes  K
    public NearestNeighbours(float[] features, int dims, int[] labels, int classes) {
        if (features.length != labels.length * dims) {
            throw new IllegalArgumentException(labels.length + " labels for " + features.length
                    + " values of features of " + dims);
        }
        this.dims = dims;
        this.classes = classes;
        this.labels = labels.clone();
        this.train = new float[features.length];
        for (int i = 0; i < labels.length; i++) {
            float[] unit = unit(features, i);
            for (int d = 0; d < dims; d++) {
                train[d * labels.length + i] = unit[d];
            }
        }
    }

    /// Scores of the classes for every feature, each by itself.
    ///
    /// @param features    `[features][dims]`
    /// @param k           how many neighbours count; all of them where there are fewer
    /// @param temperature of the weights
    /// @return `[features][K]`; 0 for classes without a neighbour
    public double[][] scores(float[] features, int k, double temperature) {
        return IntStream.range(0, features.length / dims).parallel()
                .mapToObj(i -> vote(unit(features, i), k, temperature)).toArray(double[][]::new);
    }

    private double[] vote(float[] unit, int k, double temperature) {
        int kept = Math.min(k, labels.length);
        float[] cosines = new float[kept]; // falling
        int[] nearest = new int[kept];
        int count = 0;
        float[] block = new float[BLOCK];
        for (int from = 0; from < labels.length; from += BLOCK) {
            int size = Math.min(BLOCK, labels.length - from);
            cosines(unit, from, size, block);
            for (int i = 0; i < size; i++) {
                if (count < kept || block[i] > cosines[kept - 1]) {
                    count = Math.min(count + 1, kept);
                    insert(cosines, nearest, count - 1, block[i], from + i);
                }
            }
        }
        double[] scores = new double[classes];
        for (int i = 0; i < count; i++) {
            scores[labels[nearest[i]]] += Math.exp(cosines[i] / temperature);
        }
        return scores;
    }

    private void cosines(float[] unit, int from, int size, float[] block) {
        Arrays.fill(block, 0);
        for (int d = 0; d < dims; d++) {
            int row = d * labels.length + from;
            float weight = unit[d];
            for (int i = 0; i < size; i++) {
                block[i] += weight * train[row + i];
            }
        }
    }

    /// Puts a neighbour where it belongs among those up to `last`, whose own is overwritten.
    private static void insert(float[] cosines, int[] nearest, int last, float cosine, int feature) {
        int at = last;
        for (; at > 0 && cosines[at - 1] < cosine; at--) {
            cosines[at] = cosines[at - 1];
            nearest[at] = nearest[at - 1];
        }
        cosines[at] = cosine;
        nearest[at] = feature;
    }

    /// One feature, brought to length 1.
    private float[] unit(float[] features, int index) {
        double squares = 0;
        for (int d = 0; d < dims; d++) {
            squares += (double) features[index * dims + d] * features[index * dims + d];
        }
        if (!(squares > 0) || !Double.isFinite(squares)) {
            throw new IllegalArgumentException("feature " + index + " has no direction: its length is "
                    + Math.sqrt(squares));
        }
        float[] unit = new float[dims];
        for (int d = 0; d < dims; d++) {
            unit[d] = (float) (features[index * dims + d] / Math.sqrt(squares));
        }
        return unit;
    }
}
