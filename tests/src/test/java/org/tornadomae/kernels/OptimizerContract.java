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
        Bed bed = bed(n);
        Bed.Slot in = bed.plain(n + 3); // what follows the first n is not counted
        Bed.Slot mean = bed.plain(1);
        Bed.Slot norm = bed.plain(1);
        float[] sums = new float[partials];
        float[] squares = new float[partials];
        bed.run(ops -> {
            ops.mean(mean.data(), sums, in.data(), n, divisor);
            ops.norm(norm.data(), squares, in.data(), n);
        }, mean, norm);
        double[] x = in.part(0, n).values(0);
        double[] expectedMean = {Arrays.stream(x).sum() / divisor};
        double[] expectedNorm = {Math.sqrt(Arrays.stream(x).map(v -> v * v).sum())};
        // the sum of n numbers of either sign is of the size √n, whatever it cancels to
        Bed.close("mean", expectedMean, mean.values(0), n, Math.max(1, Math.sqrt(n)) / divisor);
        Bed.close("norm", expectedNorm, norm.values(0), n);
    }

    /// The same input gives the same bits: a sum has one order.
    @ParameterizedTest
    @CsvSource({"207,7", "5001,256"})
    default void sumsAreRepeatable(int n, int partials) {
        Bed bed = bed(n);
        Bed.Slot in = bed.plain(n);
        Bed.Slot first = bed.plain(1);
        Bed.Slot second = bed.plain(1);
        float[] sums = new float[partials];
        bed.run(ops -> ops.norm(first.data(), sums, in.data(), n), first);
        for (int i = 0; i < 5; i++) {
            bed.run(ops -> ops.norm(second.data(), sums, in.data(), n), second);
            Bed.within("norm", first.values(0), second.values(0), 0);
        }
    }

    /// Against the formula of SPEC in double, for a step in the middle of a run.
    ///
    /// n, decayed leading parameters, step, largest norm (0 does not clip; 0.02 clips; 1e9 is never reached)
    @ParameterizedTest
    @CsvSource({"1,1,1,0", "6,0,2,0.02", "13,6,3,0.02", "13,13,1,1e9", "207,69,100,0.02", "2691,1000,7,0"})
    default void adamW(int n, int decay, int step, double maxNorm) {
        Bed bed = bed(n);
        Bed.Slot params = bed.plain(n);
        Bed.Slot m = bed.plain(n);
        Bed.Slot v = bed.plain(n);
        v.set(0, Arrays.stream(v.values(0)).map(Math::abs).toArray());
        Bed.Slot grads = bed.plain(n);
        Bed.Slot norm = bed.plain(1);
        Bed.Slot hyper = bed.plain(8).set(0, 0.1, 0.9, 0.95, 1e-8, 0.05, 1 - Math.pow(0.9, step), 1 - Math.pow(0.95, step), maxNorm);
        float[] partials = new float[16];
        bed.run(ops -> {
            ops.norm(norm.data(), partials, grads.data(), n);
            ops.adamW(params.data(), m.data(), v.data(), grads.data(), norm.data(), hyper.data(), decay, n);
        }, params, m, v, norm);
        double[] h = hyper.values(0);
        double total = Math.sqrt(Arrays.stream(grads.values(0)).map(x -> x * x).sum());
        double clip = maxNorm == 0 ? 1 : Math.min(1, h[7] / (total + 1e-6));
        double[] g = Arrays.stream(grads.values(0)).map(x -> x * clip).toArray();
        double[] newM = IntStream.range(0, n).mapToDouble(i -> h[1] * m.before(0)[i] + (1 - h[1]) * g[i]).toArray();
        double[] newV = IntStream.range(0, n).mapToDouble(i -> h[2] * v.before(0)[i] + (1 - h[2]) * g[i] * g[i]).toArray();
        double[] moves = IntStream.range(0, n).mapToDouble(i -> h[0] * newM[i] / h[5] / (Math.sqrt(newV[i] / h[6]) + h[3])).toArray();
        double[] expected = IntStream.range(0, n)
                .mapToDouble(i -> params.before(0)[i] * (i < decay ? 1 - h[0] * h[4] : 1) - moves[i]).toArray();
        Bed.close("m", newM, m.values(0), 1);
        Bed.close("v", newV, v.values(0), 1);
        // an error of m of u moves a weight by lr/√v·u: the rarely moved (small v) by the most
        double largest = IntStream.range(0, n).mapToDouble(i -> h[0] / h[5] / Math.sqrt(newV[i] / h[6])).max().orElse(1);
        Bed.close("params", expected, params.values(0), 1, Math.max(1, largest));
    }

    /// Where the gradient vanishes eps decides: from zero moments the first step is lr·g / (|g| + eps), and 0 without a gradient.
    /// A handful of roundings of a step of at most lr: 16·u·lr.
    @Test
    default void adamWOfVanishingGradients() {
        double[] gradients = {0, -0.0, 1e-8, -1e-8, 1e-9, -3e-8, 1e-7};
        int n = gradients.length;
        Bed bed = bed(1);
        Bed.Slot params = bed.plain(n).set(0, new double[n]);
        Bed.Slot m = bed.plain(n).set(0, new double[n]);
        Bed.Slot v = bed.plain(n).set(0, new double[n]);
        Bed.Slot grads = bed.plain(n).set(0, gradients);
        Bed.Slot norm = bed.plain(1);
        Bed.Slot hyper = bed.plain(8).set(0, 0.1, 0.9, 0.95, 1e-8, 0.05, 1 - 0.9, 1 - 0.95, 0);
        bed.run(ops -> ops.adamW(params.data(), m.data(), v.data(), grads.data(), norm.data(), hyper.data(), n, n), params, m, v);
        double[] expected = Arrays.stream(gradients).map(g -> -0.1 * g / (Math.abs(g) + 1e-8)).toArray();
        Bed.within("params", expected, params.values(0), 16 * 0x1p-24 * 0.1);
    }
}
