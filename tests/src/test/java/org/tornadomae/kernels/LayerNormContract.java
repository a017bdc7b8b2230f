package org.tornadomae.kernels;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every executor's layer norm, GELU and residual must do.
interface LayerNormContract extends OpsBench {
    /// The official codes'.
    float EPS = 1e-6f;

    /// layers, rows, channels, eps
    @ParameterizedTest
    @CsvSource({"1,1,1,1e-6", "1,1,6,1e-6", "3,6,13,0.01", "2,13,6,1e-6", "1,1,207,1e-12", "2,207,6,0.01",
            "3,13,207,1e-5", "2,4,1,0.01"})
    default void layerNormForward(int layers, int rows, int channels, float eps) {
        OpFixture fixture = fixture(rows + channels);
        List<OpFixture.Slot> params = fixture.flat(layers, channels, channels);
        OpFixture.Slot in = fixture.flat(layers, rows * channels).getFirst(); // a residual stream is read at any start
        OpFixture.Slot stats = fixture.stacked(layers, 2 * rows);
        OpFixture.Slot out = fixture.plain(rows * channels);
        OpFixture.Slot again = fixture.plain(rows * channels);
        int last = fixture.runLayers(layers, false, ops -> ops.layerNorm(out.tensor(), stats.tensor(), in.tensor(),
                params.get(0).tensor(), params.get(1).tensor(), rows, channels, eps), stats, out);
        double[] expected = Reference.layerNorm(in.values(last), params.get(0).values(last), params.get(1).values(last),
                rows, channels, eps);
        OpFixture.close("out", expected, out.values(0), channels, gain(in, last, rows, channels));
        for (int l = 0; l < layers; l++) {
            OpFixture.close("stats", Reference.rowStats(in.values(l), rows, channels, eps), stats.values(l), channels,
                    gain(in, l, rows, channels));
        }
        int first = fixture.runLayers(layers, true, ops -> ops.layerNormRecompute(again.tensor(), stats.tensor(),
                in.tensor(), params.get(0).tensor(), params.get(1).tensor(), rows, channels), again);
        expected = Reference.layerNorm(in.values(first), params.get(0).values(first), params.get(1).values(first), rows,
                channels, eps);
        OpFixture.close("again", expected, again.values(0), channels, gain(in, first, rows, channels));
    }

    /// Rounding of the mean is divided by the standard deviation, so errors grow with the largest rstd (its square for
    /// rstd's own dependence); without spread (one channel) the deviation is exactly zero and nothing grows.
    private static double gain(OpFixture.Slot in, int layer, int rows, int channels) {
        double[] stats = Reference.rowStats(in.values(layer), rows, channels, EPS);
        double largest = 1;
        for (int r = 0; r < rows && channels > 1; r++) {
            largest = Math.max(largest, stats[2 * r + 1] * stats[2 * r + 1]);
        }
        return largest;
    }

    /// A mean far from zero costs the rounding of that mean (1000·u, here times 16) and not of its square, as the
    /// shortcut E`[x²]` − E`[x]`² would (1e6·u).
    @Test
    default void layerNormOfRowsFarFromZero() {
        OpFixture fixture = fixture(3);
        int rows = 6;
        int channels = 207;
        List<OpFixture.Slot> params = fixture.flat(1, channels, channels);
        OpFixture.Slot in = fixture.plain(rows * channels);
        in.set(0, Arrays.stream(in.values(0)).map(x -> 2 * x + 1000).toArray());
        OpFixture.Slot stats = fixture.plain(2 * rows);
        OpFixture.Slot out = fixture.plain(rows * channels);
        fixture.run(ops -> ops.layerNorm(out.tensor(), stats.tensor(), in.tensor(), params.get(0).tensor(),
                params.get(1).tensor(), rows, channels, EPS), stats, out);
        double[] expected =
                Reference.layerNorm(in.values(0), params.get(0).values(0), params.get(1).values(0), rows, channels,
                        EPS);
        OpFixture.within("out", expected, out.values(0), 16 * 1000 * 0x1p-24);
    }

    /// layers, rows, channels
    @ParameterizedTest
    @CsvSource({"1,1,1", "1,1,6", "3,6,13", "2,13,6", "1,1,207", "2,207,6", "3,13,207"})
    default void layerNormBackward(int layers, int rows, int channels) {
        for (boolean reversed : new boolean[] {false, true}) {
            backward(layers, rows, channels, reversed, false);
        }
    }

    /// Input, weight and bias gradients against central differences of Σ dOut·layerNorm(in, weight, bias).
    @ParameterizedTest
    @CsvSource({"1,5", "4,7", "3,2"})
    default void layerNormAgreesWithFiniteDifferences(int rows, int channels) {
        backward(1, rows, channels, false, true);
    }

    private void backward(int layers, int rows, int channels, boolean reversed, boolean differences) {
        OpFixture fixture = fixture(rows + channels);
        List<OpFixture.Slot> params = fixture.flat(layers, channels, channels);
        List<OpFixture.Slot> grads = fixture.flat(layers, channels, channels);
        OpFixture.Slot in = fixture.flat(layers, rows * channels).getFirst();
        OpFixture.Slot stats = fixture.stacked(layers, 2 * rows);
        for (int l = 0; l < layers; l++) {
            stats.set(l, Reference.rowStats(in.values(l), rows, channels, EPS));
        }
        OpFixture.Slot dOut = fixture.plain(rows * channels);
        OpFixture.Slot dIn = fixture.plain(rows * channels);
        OpFixture.Slot sums = fixture.plain(4 * rows);
        fixture.runLayers(layers, reversed, ops -> {
            ops.layerNormBackwardInput(dIn.tensor(), sums.tensor(), dOut.tensor(), stats.tensor(), in.tensor(),
                    params.get(0).tensor(), rows, channels);
            ops.layerNormBackwardParams(grads.get(0).tensor(), grads.get(1).tensor(), dOut.tensor(), stats.tensor(),
                    in.tensor(), rows, channels);
        }, dIn, sums, grads.get(0), grads.get(1));
        double[] d = dOut.values(0);
        double[] dX = dIn.before(0); // every layer adds its own
        double largest = 1;
        for (int l = 0; l < layers; l++) {
            double[] x = in.values(l);
            double[] w = params.get(0).values(l);
            double[] b = params.get(1).values(l);
            dX = OpFixture.plus(dX, differences
                    ? Reference.gradient(x, v -> Reference.dot(d, Reference.layerNorm(v, w, b, rows, channels, EPS)))
                    : Reference.layerNormGradient(d, x, w, rows, channels, EPS));
            double[] dWeight = differences
                    ? Reference.gradient(w, v -> Reference.dot(d, Reference.layerNorm(x, v, b, rows, channels, EPS)))
                    : weightGradient(d, Reference.normalised(x, rows, channels, EPS), rows, channels);
            double[] dBias = differences
                    ? Reference.gradient(b, v -> Reference.dot(d, Reference.layerNorm(x, w, v, rows, channels, EPS)))
                    : Reference.columnSums(d, rows, channels);
            OpFixture.close("dWeight", OpFixture.plus(grads.get(0).before(l), dWeight), grads.get(0).values(l), rows,
                    gain(in, l, rows, channels));
            OpFixture.close("dBias", OpFixture.plus(grads.get(1).before(l), dBias), grads.get(1).values(l), rows);
            largest = Math.max(largest, gain(in, l, rows, channels));
        }
        OpFixture.close("dIn", dX, dIn.values(0), channels, largest);
    }

    private static double[] weightGradient(double[] dOut, double[] xhat, int rows, int channels) {
        double[] products = new double[dOut.length];
        Arrays.setAll(products, i -> dOut[i] * xhat[i]);
        return Reference.columnSums(products, rows, channels);
    }
}
