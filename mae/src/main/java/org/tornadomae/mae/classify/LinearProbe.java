package org.tornadomae.mae.classify;

import java.util.Arrays;

/// The field's linear probe of frozen features: batch normalisation without scale and shift, then a linear layer,
/// trained by LARS (mae's `main_linprobe.py` and `util/lars.py`; You, Gitman and Ginsburg, 2017). In double precision:
/// a probe is small.
///
/// Not for several threads.
public final class LinearProbe {
    private static final double NORM_EPS = 1e-6;
    private static final double STATISTICS_MOMENTUM = 0.1;

    /// @param weightDecay added to the gradient of the weight, not of the bias
    /// @param momentum    of the velocity
    /// @param trust       how long a step of the weight may be, in lengths of the weight, before lr
    public record Options(double weightDecay, double momentum, double trust) {
        /// As the recipe has it.
        public static final Options RECIPE = new Options(0, 0.9, 0.001);
    }

    private final int dims;
    private final int classes;
    private final Options options;
    private final double[] weight; // [K, D]
    private final double[] bias; // [K]
    private final double[] dWeight;
    private final double[] dBias;
    private final double[] weightVelocity;
    private final double[] biasVelocity;
    private final double[] mean; // running, [D]
    private final double[] variance; // running, [D]

    /// @param weight `[K, D]`, where the linear layer starts
    /// @param bias   `[K]`
    public LinearProbe(int dims, int classes, double[] weight, double[] bias, Options options) {
        if (weight.length != classes * dims || bias.length != classes) {
            throw new IllegalArgumentException(weight.length + " weights and " + bias.length + " biases for " + classes
                    + " classes of features of " + dims);
        }
        this.dims = dims;
        this.classes = classes;
        this.options = options;
        this.weight = weight.clone();
        this.bias = bias.clone();
        this.dWeight = new double[weight.length];
        this.dBias = new double[classes];
        this.weightVelocity = new double[weight.length];
        this.biasVelocity = new double[classes];
        this.mean = new double[dims];
        this.variance = new double[dims];
        Arrays.fill(variance, 1);
    }

    /// Logits of a batch in training, and the gradients that follow from it; see [#update].
    ///
    /// @param features `[B, D]`
    /// @param labels   a class of each
    /// @param logits   receives `[B, K]`
    /// @return the mean cross entropy
    public double step(float[] features, int[] labels, double[] logits) {
        int batch = labels.length;
        double[] normed = normaliseByBatch(features, batch);
        Arrays.fill(dWeight, 0);
        Arrays.fill(dBias, 0);
        double loss = 0;
        double[] d = new double[classes];
        for (int b = 0; b < batch; b++) {
            linear(normed, b, logits);
            double max = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < classes; k++) {
                max = Math.max(max, logits[b * classes + k]);
            }
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                sum += Math.exp(logits[b * classes + k] - max);
            }
            loss += max + Math.log(sum) - logits[b * classes + labels[b]];
            for (int k = 0; k < classes; k++) {
                d[k] = (Math.exp(logits[b * classes + k] - max) / sum - (k == labels[b] ? 1 : 0)) / batch;
                dBias[k] += d[k];
                for (int c = 0; c < dims; c++) {
                    dWeight[k * dims + c] += d[k] * normed[b * dims + c];
                }
            }
        }
        return loss / batch;
    }

    /// One step of LARS with the gradients of the last [#step].
    public void update(double lr) {
        for (int i = 0; i < weight.length; i++) {
            dWeight[i] += options.weightDecay() * weight[i];
        }
        double ratio = norm(weight) > 0 && norm(dWeight) > 0 ? options.trust() * norm(weight) / norm(dWeight) : 1;
        move(weight, weightVelocity, dWeight, ratio, lr);
        move(bias, biasVelocity, dBias, 1, lr);
    }

    private void move(double[] values, double[] velocity, double[] gradient, double ratio, double lr) {
        for (int i = 0; i < values.length; i++) {
            velocity[i] = options.momentum() * velocity[i] + ratio * gradient[i];
            values[i] -= lr * velocity[i];
        }
    }

    /// Logits as a test computes them, with the running statistics.
    ///
    /// @param features `[B, D]`
    /// @return `[B, K]`
    public double[] predict(float[] features) {
        int batch = features.length / dims;
        double[] normed = new double[features.length];
        for (int i = 0; i < normed.length; i++) {
            normed[i] = (features[i] - mean[i % dims]) / Math.sqrt(variance[i % dims] + NORM_EPS);
        }
        double[] logits = new double[batch * classes];
        for (int b = 0; b < batch; b++) {
            linear(normed, b, logits);
        }
        return logits;
    }

    private void linear(double[] normed, int row, double[] logits) {
        for (int k = 0; k < classes; k++) {
            double sum = bias[k];
            for (int c = 0; c < dims; c++) {
                sum += weight[k * dims + c] * normed[row * dims + c];
            }
            logits[row * classes + k] = sum;
        }
    }

    /// By the batch's own mean and biased variance; the running variance takes the unbiased one, as PyTorch's does.
    private double[] normaliseByBatch(float[] features, int batch) {
        double[] normed = new double[batch * dims];
        for (int c = 0; c < dims; c++) {
            double sum = 0;
            for (int b = 0; b < batch; b++) {
                sum += features[b * dims + c];
            }
            double centre = sum / batch;
            double squares = 0;
            for (int b = 0; b < batch; b++) {
                double d = features[b * dims + c] - centre;
                squares += d * d;
            }
            double scale = 1 / Math.sqrt(squares / batch + NORM_EPS);
            for (int b = 0; b < batch; b++) {
                normed[b * dims + c] = (features[b * dims + c] - centre) * scale;
            }
            mean[c] += STATISTICS_MOMENTUM * (centre - mean[c]);
            variance[c] += STATISTICS_MOMENTUM * (squares / Math.max(1, batch - 1) - variance[c]);
        }
        return normed;
    }

    private static double norm(double[] values) {
        double squares = 0;
        for (double x : values) {
            squares += x * x;
        }
        return Math.sqrt(squares);
    }

    /// `[K, D]`
    public double[] weight() {
        return weight.clone();
    }

    /// `[K]`
    public double[] bias() {
        return bias.clone();
    }

    /// The gradient of the weight by the last [#step], `[K, D]`.
    public double[] dWeight() {
        return dWeight.clone();
    }

    /// The gradient of the bias by the last [#step], `[K]`.
    public double[] dBias() {
        return dBias.clone();
    }

    /// Running mean of the features, `[D]`.
    public double[] runningMean() {
        return mean.clone();
    }

    /// Running variance of the features, `[D]`.
    public double[] runningVariance() {
        return variance.clone();
    }
}
