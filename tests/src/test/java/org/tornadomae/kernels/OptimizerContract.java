package org.tornadomae.kernels;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every executor's reductions and optimizer must do.
interface OptimizerContract extends OpsBench {
    /// n, partial sums, divisor
    @ParameterizedTest
    @CsvSource({"1,1,1", "6,4,3", "13,256,5", "207,7,207", "5001,256,13", "5001,4096,1"})
    default void meanAndNorm(int n, int partials, int divisor) {
        OpFixture fixture = fixture(n);
        OpFixture.Slot in = fixture.plain(n + 3).part(2, n); // what stands around it is not counted
        OpFixture.Slot mean = fixture.plain(1);
        OpFixture.Slot norm = fixture.plain(1);
        OpFixture.Slot sums = fixture.plain(partials);
        OpFixture.Slot squares = fixture.plain(partials);
        fixture.run(ops -> {
            ops.mean(mean.tensor(), sums.tensor(), in.tensor(), divisor);
            ops.norm(norm.tensor(), squares.tensor(), in.tensor());
        }, mean, norm, sums, squares);
        double[] x = in.values(0);
        double[] expectedMean = {Arrays.stream(x).sum() / divisor};
        double[] expectedNorm = {Math.sqrt(Arrays.stream(x).map(v -> v * v).sum())};
        // the sum of n numbers of either sign is of the size √n, whatever it cancels to
        OpFixture.close("mean", expectedMean, mean.values(0), n, Math.max(1, Math.sqrt(n)) / divisor);
        OpFixture.close("norm", expectedNorm, norm.values(0), n);
    }

    /// The same input gives the same bits: a sum has one order.
    @ParameterizedTest
    @CsvSource({"207,7", "5001,256"})
    default void sumsAreRepeatable(int n, int partials) {
        OpFixture fixture = fixture(n);
        OpFixture.Slot in = fixture.plain(n);
        OpFixture.Slot first = fixture.plain(1);
        OpFixture.Slot second = fixture.plain(1);
        OpFixture.Slot sums = fixture.plain(partials);
        fixture.run(ops -> ops.norm(first.tensor(), sums.tensor(), in.tensor()), first, sums);
        for (int i = 0; i < 5; i++) {
            fixture.run(ops -> ops.norm(second.tensor(), sums.tensor(), in.tensor()), second, sums);
            OpFixture.within("norm", first.values(0), second.values(0), 0);
        }
    }

    /// Against the formula of docs/spec.md in double, for a step in the middle of a run.
    ///
    /// n, decayed leading parameters, step, largest norm (0 does not clip; 0.02 clips; 1e9 is never reached)
    @ParameterizedTest
    @CsvSource({"1,1,1,0", "6,0,2,0.02", "13,6,3,0.02", "13,13,1,1e9", "207,69,100,0.02", "2691,1000,7,0"})
    default void adamW(int n, int decay, int step, double maxNorm) {
        OpFixture fixture = fixture(n);
        OpFixture.Slot params = fixture.plain(n);
        OpFixture.Slot m = fixture.plain(n);
        OpFixture.Slot v = fixture.plain(n);
        v.set(0, Arrays.stream(v.values(0)).map(Math::abs).toArray());
        OpFixture.Slot grads = fixture.plain(n);
        OpFixture.Slot norm = fixture.plain(1);
        OpFixture.Slot hyper = fixture.plain(Hyper.SIZE).set(0, 0.1, 0.9, 0.95, 1e-8, 0.05, 1 - Math.pow(0.9, step),
                1 - Math.pow(0.95, step), maxNorm);
        OpFixture.Slot partials = fixture.plain(16);
        fixture.run(ops -> {
            ops.norm(norm.tensor(), partials.tensor(), grads.tensor());
            ops.adamW(params.tensor(), m.tensor(), v.tensor(), grads.tensor(), norm.tensor(), hyper.tensor(), decay);
        }, params, m, v, norm, partials);
        double[] h = hyper.values(0);
        double total = Math.sqrt(Arrays.stream(grads.values(0)).map(x -> x * x).sum());
        double clip = maxNorm == 0 ? 1 : Math.min(1, h[Hyper.MAX_NORM] / (total + 1e-6));
        double[] g = Arrays.stream(grads.values(0)).map(x -> x * clip).toArray();
        double[] newM = IntStream.range(0, n)
                .mapToDouble(i -> h[Hyper.BETA1] * m.before(0)[i] + (1 - h[Hyper.BETA1]) * g[i]).toArray();
        double[] newV = IntStream.range(0, n)
                .mapToDouble(i -> h[Hyper.BETA2] * v.before(0)[i] + (1 - h[Hyper.BETA2]) * g[i] * g[i]).toArray();
        double[] moves = IntStream.range(0, n).mapToDouble(i -> h[Hyper.LR] * newM[i] / h[Hyper.CORRECTION1]
                / (Math.sqrt(newV[i] / h[Hyper.CORRECTION2]) + h[Hyper.EPS])).toArray();
        double[] expected = IntStream.range(0, n)
                .mapToDouble(
                        i -> params.before(0)[i] * (i < decay ? 1 - h[Hyper.LR] * h[Hyper.WEIGHT_DECAY] : 1) - moves[i])
                .toArray();
        OpFixture.close("m", newM, m.values(0), 1);
        OpFixture.close("v", newV, v.values(0), 1);
        // an error of m of u moves a weight by lr/√v·u: the rarely moved (small v) by the most
        double largest = IntStream.range(0, n)
                .mapToDouble(i -> h[Hyper.LR] / h[Hyper.CORRECTION1] / Math.sqrt(newV[i] / h[Hyper.CORRECTION2])).max()
                .orElse(1);
        OpFixture.close("params", expected, params.values(0), 1, Math.max(1, largest));
    }

    /// Where the gradient vanishes eps decides: from zero moments the first step is lr·g / (|g| + eps), and 0 without a
    /// gradient. A handful of roundings of a step of at most lr: 16·u·lr.
    @Test
    default void adamWOfVanishingGradients() {
        double[] gradients = {0, -0.0, 1e-8, -1e-8, 1e-9, -3e-8, 1e-7};
        int n = gradients.length;
        OpFixture fixture = fixture(1);
        OpFixture.Slot params = fixture.plain(n).set(0, new double[n]);
        OpFixture.Slot m = fixture.plain(n).set(0, new double[n]);
        OpFixture.Slot v = fixture.plain(n).set(0, new double[n]);
        OpFixture.Slot grads = fixture.plain(n).set(0, gradients);
        OpFixture.Slot norm = fixture.plain(1);
        OpFixture.Slot hyper = fixture.plain(Hyper.SIZE).set(0, 0.1, 0.9, 0.95, 1e-8, 0.05, 1 - 0.9, 1 - 0.95, 0);
        fixture.run(
                ops -> ops.adamW(params.tensor(), m.tensor(), v.tensor(), grads.tensor(), norm.tensor(), hyper.tensor(),
                        n),
                params, m, v);
        double[] expected = Arrays.stream(gradients).map(g -> -0.1 * g / (Math.abs(g) + 1e-8)).toArray();
        OpFixture.within("params", expected, params.values(0), 16 * 0x1p-24 * 0.1);
    }
}
