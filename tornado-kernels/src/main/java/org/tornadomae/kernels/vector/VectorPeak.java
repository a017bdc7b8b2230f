package org.tornadomae.kernels.vector;

import java.util.function.DoubleSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What this machine can do at best, for benchmarks to divide by: measured, because it depends on the clock, the
/// cooling and the neighbours of the moment. Measure it in the run whose numbers it judges.
public final class VectorPeak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /// Independent sums: more than latency times units of any machine, few enough to stay in sixteen registers.
    private static final int SUMS = 12;
    private static final int ROUNDS = 1 << 15;
    /// Floats of each of three arrays: together far larger than a cache.
    private static final int LONG = 1 << 24;
    private static final int PART = 1 << 16;
    private static final int REPEATS = 12;

    private final int threads;

    /// @param threads that compute at the same time
    public VectorPeak(int threads) {
        this.threads = threads;
    }

    /// Floating-point operations per second of fused multiply-adds on registers, all threads together.
    public double flopsPerSecond() {
        float[] sink = new float[threads];
        int tasks = 32 * threads;
        double flops = 2.0 * SUMS * SPECIES.length() * ROUNDS * tasks;
        try (VectorWorkers workers = new VectorWorkers(threads)) {
            return best(() -> {
                workers.run(tasks, (_, worker) -> sink[worker] += multiplyAdd(1.0000001f, 1e-9f));
                return flops;
            });
        }
    }

    /// Bytes per second between memory and processor, all threads together: two arrays read, one written.
    public double bytesPerSecond() {
        float[] a = new float[LONG];
        float[] b = new float[LONG];
        float[] c = new float[LONG];
        try (VectorWorkers workers = new VectorWorkers(threads)) {
            return best(() -> {
                workers.run(LONG / PART, (task, _) -> triad(a, b, c, task * PART, (task + 1) * PART));
                return 3.0 * Float.BYTES * LONG;
            });
        }
    }

    /// The fastest of some repeats: a peak is what was possible, and the first ones run before the compiler is done.
    private static double best(DoubleSupplier work) {
        double best = 0;
        for (int i = 0; i < REPEATS; i++) {
            long start = System.nanoTime();
            double amount = work.getAsDouble();
            best = Math.max(best, amount * 1e9 / (System.nanoTime() - start));
        }
        return best;
    }

    private static float multiplyAdd(float factor, float start) {
        FloatVector x = FloatVector.broadcast(SPECIES, factor), y = FloatVector.broadcast(SPECIES, start);
        FloatVector c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y, c8 = y, c9 = y, c10 = y, c11 = y;
        for (int i = 0; i < ROUNDS; i++) {
            c0 = x.fma(y, c0);
            c1 = x.fma(y, c1);
            c2 = x.fma(y, c2);
            c3 = x.fma(y, c3);
            c4 = x.fma(y, c4);
            c5 = x.fma(y, c5);
            c6 = x.fma(y, c6);
            c7 = x.fma(y, c7);
            c8 = x.fma(y, c8);
            c9 = x.fma(y, c9);
            c10 = x.fma(y, c10);
            c11 = x.fma(y, c11);
        }
        FloatVector sum = c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7).add(c8).add(c9).add(c10).add(c11);
        return sum.lane(0);
    }

    private static void triad(float[] a, float[] b, float[] c, int from, int to) {
        for (int i = from; i < to; i++) {
            a[i] = b[i] + 0.5f * c[i];
        }
    }
}
