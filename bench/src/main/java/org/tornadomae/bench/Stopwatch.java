package org.tornadomae.bench;

import java.util.Arrays;
import java.util.function.DoubleSupplier;

/// Times something that is repeated: a few rounds to warm up, then the rounds that count.
///
/// @param median seconds of a round
/// @param rounds that were timed
/// @param last   what the last round returned
record Stopwatch(double median, int rounds, double last) {

    /// @param warmUp  rounds that do not count, at least
    /// @param warming seconds for them, at least
    /// @param rounds  that count
    /// @param budget  seconds: no round begins that would probably end later, except for the first that counts
    static Stopwatch time(int warmUp, double warming, int rounds, double budget, DoubleSupplier work) {
        long begin = System.nanoTime();
        double latest = 0;
        double last = 0;
        for (int i = 0; (i < warmUp || seconds(begin) < warming) && seconds(begin) + 2 * latest < budget; i++) {
            long start = System.nanoTime();
            last = work.getAsDouble();
            latest = seconds(start);
        }
        double[] times = new double[rounds];
        int done = 0;
        while (done < rounds && (done == 0 || seconds(begin) + latest < budget)) {
            long start = System.nanoTime();
            last = work.getAsDouble();
            times[done++] = seconds(start);
            latest = times[done - 1];
        }
        return new Stopwatch(median(Arrays.copyOf(times, done)), done, last);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /// The middle value, or the mean of the two middle ones.
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
