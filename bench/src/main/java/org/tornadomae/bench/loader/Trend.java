package org.tornadomae.bench.loader;

import com.fasterxml.jackson.annotation.JsonProperty;

/// A straight line through measurements over time.
///
/// @param mean     of the measurements
/// @param growth   of the line from the first measurement to the last
/// @param scatter  standard deviation of the measurements around the line
public record Trend(@JsonProperty("mean") double mean, @JsonProperty("growth") double growth,
        @JsonProperty("scatter") double scatter) {
    /// Least squares.
    ///
    /// @param times  ascending, at least two
    /// @param values one per time
    public static Trend of(double[] times, double[] values) {
        int n = times.length;
        double time = mean(times);
        double mean = mean(values);
        double covariance = 0;
        double variance = 0;
        for (int i = 0; i < n; i++) {
            covariance += (times[i] - time) * (values[i] - mean);
            variance += (times[i] - time) * (times[i] - time);
        }
        double slope = covariance / variance;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double off = values[i] - mean - slope * (times[i] - time);
            squares += off * off;
        }
        return new Trend(mean, slope * (times[n - 1] - times[0]), Math.sqrt(squares / n));
    }

    /// Whether what it grew over the whole time is lost in its ups and downs.
    @JsonProperty("flat")
    public boolean flat() {
        return Math.abs(growth) <= 2 * scatter;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
