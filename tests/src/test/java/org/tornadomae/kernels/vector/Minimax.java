package org.tornadomae.kernels.vector;

import java.util.function.DoubleUnaryOperator;

/// The polynomial whose largest weighted error over an interval is smallest, by Remez's exchange: the fits of
/// [VectorMath] were made so, and the tests make them again.
///
/// By Chebyshev's theorem the error of the best polynomial of degree n reaches its maximum n + 2 times with alternating
/// sign. Starting from the Chebyshev points, solve for the polynomial and the error E that alternates at n + 2 points,
/// move each point to the nearest extremum of the error, and repeat until they stay.
///
/// @param coefficients from the constant term up
/// @param error        largest weighted error
record Minimax(double[] coefficients, double error) {
    private static final int GRID = 20_000;
    private static final int ROUNDS = 50;

    static Minimax fit(DoubleUnaryOperator f, DoubleUnaryOperator weight, double from, double to, int degree) {
        double[] points = new double[degree + 2];
        for (int i = 0; i < points.length; i++) {
            points[i] = (from + to) / 2 - (to - from) / 2 * Math.cos(Math.PI * i / (degree + 1));
        }
        for (int round = 0; round < ROUNDS; round++) {
            double[] polynomial = alternating(f, weight, points);
            DoubleUnaryOperator error = x -> (evaluate(polynomial, x) - f.applyAsDouble(x)) * weight.applyAsDouble(x);
            double[] moved = extrema(error, from, to, points.length);
            double largest = 0;
            double change = 0;
            for (int i = 0; i < points.length; i++) {
                largest = Math.max(largest, Math.abs(error.applyAsDouble(moved[i])));
                change = Math.max(change, Math.abs(moved[i] - points[i]));
            }
            points = moved;
            if (change < 2 * (to - from) / GRID) {
                return new Minimax(polynomial, largest);
            }
        }
        throw new AssertionError("the exchange does not settle");
    }

    double at(double x) {
        return evaluate(coefficients, x);
    }

    private static double evaluate(double[] c, double x) {
        double sum = 0;
        for (int i = c.length - 1; i >= 0; i--) {
            sum = sum * x + c[i];
        }
        return sum;
    }

    /// Solves p(x_i) + (−1)^i·E / weight(x_i) = f(x_i) by elimination with pivots; E itself is left out of the answer.
    private static double[] alternating(DoubleUnaryOperator f, DoubleUnaryOperator weight, double[] points) {
        int n = points.length;
        double[][] m = new double[n][n + 1];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n - 1; j++) {
                m[i][j] = Math.pow(points[i], j);
            }
            m[i][n - 1] = (i % 2 == 0 ? 1 : -1) / weight.applyAsDouble(points[i]);
            m[i][n] = f.applyAsDouble(points[i]);
        }
        for (int column = 0; column < n; column++) {
            eliminate(m, column);
        }
        double[] polynomial = new double[n - 1];
        for (int j = 0; j < n - 1; j++) {
            polynomial[j] = m[j][n] / m[j][j];
        }
        return polynomial;
    }

    private static void eliminate(double[][] m, int column) {
        int pivot = column;
        for (int i = column; i < m.length; i++) {
            pivot = Math.abs(m[i][column]) > Math.abs(m[pivot][column]) ? i : pivot;
        }
        double[] row = m[pivot];
        m[pivot] = m[column];
        m[column] = row;
        for (int i = 0; i < m.length; i++) {
            double factor = i == column ? 0 : m[i][column] / row[column];
            for (int j = column; j <= m.length; j++) {
                m[i][j] -= factor * row[j];
            }
        }
    }

    /// The largest error of each stretch of one sign.
    private static double[] extrema(DoubleUnaryOperator error, double from, double to, int count) {
        double[] places = new double[count];
        int found = -1;
        double best = 0;
        for (int i = 0; i <= GRID; i++) {
            double x = from + (to - from) * i / GRID;
            double e = error.applyAsDouble(x);
            if (found < 0 || Math.signum(e) == -Math.signum(best)) {
                found++;
                best = 0;
            }
            if (found == count) {
                throw new AssertionError("the error changes its sign more often than it must");
            }
            if (Math.abs(e) >= Math.abs(best)) {
                best = e;
                places[found] = x;
            }
        }
        if (found != count - 1) {
            throw new AssertionError("the error alternates only " + (found + 1) + " times");
        }
        return places;
    }
}
