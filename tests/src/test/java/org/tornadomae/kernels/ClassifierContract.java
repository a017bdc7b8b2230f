package org.tornadomae.kernels;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every executor's pooling, scaling by drawn factors, and cross entropy must do.
interface ClassifierContract extends OpsBench {
    /// batch, count, cls, skip, channels
    @ParameterizedTest
    @CsvSource({"1,1,0,0,1", "2,6,1,1,13", "1,13,0,1,6", "3,207,1,1,33", "2,5,1,0,16"})
    default void meanTokens(int batch, int count, int cls, int skip, int channels) {
        OpFixture fixture = fixture(count + channels);
        int rows = cls + count;
        TokenShape shape = new TokenShape(batch, count, count, cls, channels);
        OpFixture.Slot in = fixture.plain(batch * rows * channels);
        OpFixture.Slot out = fixture.plain(batch * channels);
        OpFixture.Slot dIn = fixture.plain(in.n());
        OpFixture.Slot dOut = fixture.plain(out.n());
        fixture.run(ops -> {
            ops.meanTokens(out.tensor(), in.tensor(), shape, skip);
            ops.meanTokensBackward(dIn.tensor(), dOut.tensor(), shape, skip);
        }, out, dIn);
        double[] expected = new double[out.n()];
        double[] gradient = new double[in.n()];
        for (int i = 0; i < in.n(); i++) {
            int row = i / channels;
            if (row % rows >= skip) {
                int o = row / rows * channels + i % channels;
                expected[o] += in.values(0)[i] / (rows - skip);
                gradient[i] = dOut.values(0)[o] / (rows - skip);
            }
        }
        OpFixture.close("out", expected, out.values(0), count, 1.0 / (rows - skip));
        OpFixture.close("dIn", gradient, dIn.values(0), 1, 1.0 / (rows - skip));
    }

    /// A float product is rounded the same way everywhere, so this is exact.
    ///
    /// layers, groups, each
    @ParameterizedTest
    @CsvSource({"1,1,1", "3,2,13", "2,5,207", "1,33,1", "2,2,1601"})
    default void scale(int layers, int groups, int each) {
        OpFixture fixture = fixture(groups + each);
        OpFixture.Slot in = fixture.plain(groups * each);
        OpFixture.Slot factors = fixture.stacked(layers, groups);
        OpFixture.Slot out = fixture.plain(in.n());
        int last = fixture.runLayers(layers, true, ops -> ops.scale(out.tensor(), in.tensor(), factors.tensor()), out);
        double[] expected = new double[in.n()];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (float) in.values(0)[i] * (float) factors.values(last)[i / each];
        }
        OpFixture.within("out", expected, out.values(0), 0);
    }

    private static double crossEntropy(double[] logits, double[] target, int rows, int classes) {
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            double[] x = Arrays.copyOfRange(logits, r * classes, (r + 1) * classes);
            double max = Arrays.stream(x).max().orElseThrow();
            double logTotal = max + Math.log(Arrays.stream(x).map(v -> Math.exp(v - max)).sum());
            for (int k = 0; k < classes; k++) {
                sum += target[r * classes + k] * (logTotal - x[k]);
            }
        }
        return sum / rows;
    }

    /// Logits of everyday size and of a size at which e^x alone would overflow; targets that sum to one and that do
    /// not.
    ///
    /// rows, classes, size of the logits
    @ParameterizedTest
    @CsvSource({"1,1,1", "1,2,1", "2,13,3", "5,400,1", "3,7,300"})
    default void crossEntropyAndItsGradient(int rows, int classes, double size) {
        OpFixture fixture = fixture(rows + classes);
        OpFixture.Slot logits = fixture.plain(rows * classes).scale(size);
        OpFixture.Slot target = fixture.plain(rows * classes);
        target.set(0, Arrays.stream(target.values(0)).map(Math::abs).toArray());
        OpFixture.Slot rowLoss = fixture.plain(rows);
        OpFixture.Slot sums = fixture.plain(4);
        OpFixture.Slot loss = fixture.plain(1);
        OpFixture.Slot dLogits = fixture.plain(logits.n());
        fixture.run(ops -> {
            ops.crossEntropy(rowLoss.tensor(), logits.tensor(), target.tensor(), rows, classes);
            ops.mean(loss.tensor(), sums.tensor(), rowLoss.tensor(), rows);
            ops.crossEntropyBackward(dLogits.tensor(), logits.tensor(), target.tensor(), rows, classes, rows);
        }, rowLoss, sums, loss, dLogits);
        double[] t = target.values(0);
        double[] x = logits.values(0);
        OpFixture.close("loss", new double[] {crossEntropy(x, t, rows, classes)}, loss.values(0), classes,
                classes * size);
        double[] expected = Reference.gradient(x, v -> crossEntropy(v, t, rows, classes));
        OpFixture.within("dLogits", expected, dLogits.values(0), gradientTolerance(rows, classes, size));
    }

    /// A gradient is at most the row's sum of targets, about K/2, over the rows. The softmax is off by the rounding of
    /// the logits' differences, u of twice their size, and of a sum of K terms.
    private static double gradientTolerance(int rows, int classes, double size) {
        return 0x1p-24 * (4 * size + 16 * Math.sqrt(classes)) * classes / rows + 1e-7;
    }
}
