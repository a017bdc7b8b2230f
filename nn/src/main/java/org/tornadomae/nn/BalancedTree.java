package org.tornadomae.nn;

/// Sums of 2^k terms as a balanced tree: neighbours, then pairs of pairs. Each half can be summed elsewhere, with the
/// same bits; a sum from left to right has no such halves.
public final class BalancedTree {
    private BalancedTree() {}

    /// The sum of a power of two of values.
    public static double sum(double... values) {
        double[] terms = values.clone();
        for (int stride = 1; stride < terms.length; stride *= 2) {
            for (int i = 0; i < terms.length; i += 2 * stride) {
                terms[i] += terms[i + stride];
            }
        }
        return terms[0];
    }

    /// Sums a power of two of rows into the first; the others are overwritten.
    ///
    /// @param length how many elements of each row
    public static void sumRows(float[][] rows, int length) {
        for (int stride = 1; stride < rows.length; stride *= 2) {
            for (int i = 0; i < rows.length; i += 2 * stride) {
                add(rows[i], rows[i + stride], length);
            }
        }
    }

    /// a += b over the first `length` elements.
    static void add(float[] a, float[] b, int length) {
        for (int i = 0; i < length; i++) {
            a[i] += b[i];
        }
    }
}
