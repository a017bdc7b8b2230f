package org.tornadomae.mae.classify;

import java.util.Arrays;
import org.tornadomae.nn.optim.CosineSchedule;
import org.tornadomae.nn.Rng;

/// How much of the classes frozen features tell (docs/finetune.md, Frozen features).
public final class Probe {
    private static final double START_STD = 0.01;
    private static final int WARMUP = 10; // epochs

    private final Features train;
    private final Features val;
    private final int classes;

    public Probe(Features train, Features val) {
        if (train.dims() != val.dims()) {
            throw new IllegalArgumentException("features of " + train.dims() + " and " + val.dims());
        }
        this.train = train;
        this.val = val;
        this.classes = Math.max(train.classes(), val.classes());
    }

    /// By the votes of the `k` nearest features.
    public Accuracy nearest(int k) {
        NearestNeighbours neighbours = new NearestNeighbours(train.values(), train.dims(), train.labels(), classes);
        Accuracy accuracy = new Accuracy(classes);
        double[][] scores = neighbours.scores(val.values(), k, NearestNeighbours.TEMPERATURE);
        for (int i = 0; i < scores.length; i++) {
            accuracy.add(val.labels()[i], Ranking.top(scores[i], Accuracy.FEW));
        }
        return accuracy;
    }

    /// By a linear layer trained on top.
    ///
    /// @param epochs over the training features
    /// @param batch  features of a step; what is left over is not used in that epoch
    /// @param lr     peak learning rate of LARS
    /// @param seed   of start and order
    public Accuracy linear(int epochs, int batch, double lr, long seed) {
        int size = Math.min(batch, train.count());
        LinearProbe probe = new LinearProbe(train.dims(), classes, start(seed), new double[classes],
                LinearProbe.Options.RECIPE);
        CosineSchedule schedule = new CosineSchedule(lr, 0, Math.min(WARMUP, epochs / 10.0), epochs);
        double[] logits = new double[size * classes];
        float[] features = new float[size * train.dims()];
        int[] labels = new int[size];
        int steps = train.count() / size;
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = Rng.of(seed, epoch, Rng.keyOf("probe.order")).permutation(train.count());
            for (int step = 0; step < steps; step++) {
                for (int i = 0; i < size; i++) {
                    int from = order[step * size + i];
                    System.arraycopy(train.values(), from * train.dims(), features, i * train.dims(), train.dims());
                    labels[i] = train.labels()[from];
                }
                probe.step(features, labels, logits);
                probe.update(schedule.lr(epoch + (double) step / steps));
            }
        }
        return accuracy(probe.predict(val.values()));
    }

    private double[] start(long seed) {
        Rng rng = Rng.of(seed, Rng.keyOf("probe.head"));
        double[] weight = new double[classes * train.dims()];
        Arrays.setAll(weight, _ -> START_STD * rng.nextGaussian());
        return weight;
    }

    private Accuracy accuracy(double[] logits) {
        Accuracy accuracy = new Accuracy(classes);
        for (int i = 0; i < val.count(); i++) {
            double[] row = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
            accuracy.add(val.labels()[i], Ranking.top(row, Accuracy.FEW));
        }
        return accuracy;
    }
}
