package org.tornadomae.video.augment;

/// How [Affine] reads between pixels, with the numbers of PIL 9.4's `Geometry.c`.
public enum Interpolation {
    /// Between the two nearest.
    BILINEAR(0, 2) {
        @Override
        double along(byte[] rgb, int row, int[] columns, double fraction) {
            int a = rgb[row + columns[0]] & 0xff;
            int b = rgb[row + columns[1]] & 0xff;
            return a + (b - a) * fraction;
        }

        @Override
        double across(double[] rows, double fraction) {
            return rows[0] + (rows[1] - rows[0]) * fraction;
        }
    },
    /// The cubic through four with a = −1: sharper than the usual −½ and −¾, and what the recipes were trained with.
    BICUBIC(1, 4) {
        @Override
        double along(byte[] rgb, int row, int[] columns, double fraction) {
            int v1 = rgb[row + columns[0]] & 0xff;
            int v2 = rgb[row + columns[1]] & 0xff;
            int v3 = rgb[row + columns[2]] & 0xff;
            int v4 = rgb[row + columns[3]] & 0xff;
            return cubic(v2, v3 - v1, 2 * (v1 - v2) + v3 - v4, v2 - v1 - v3 + v4, fraction);
        }

        @Override
        double across(double[] rows, double fraction) {
            double v1 = rows[0];
            double v2 = rows[1];
            double v3 = rows[2];
            double v4 = rows[3];
            return cubic(v2, -v1 + v3, 2 * (v1 - v2) + v3 - v4, -v1 + v2 - v3 + v4, fraction);
        }
    };

    private final int before;
    private final int taps;

    Interpolation(int before, int taps) {
        this.before = before;
        this.taps = taps;
    }

    /// How many of the pixels lie before the last one whose centre is not beyond the point.
    int before() {
        return before;
    }

    /// How many pixels it reads in each direction.
    int taps() {
        return taps;
    }

    /// Along one row.
    ///
    /// @param row      where the row's values of the channel start in `rgb`
    /// @param columns  where the [#taps] columns are in a row
    /// @param fraction of the way to the next pixel, in [0, 1)
    abstract double along(byte[] rgb, int row, int[] columns, double fraction);

    /// Across [#taps] rows, from what came out of each.
    abstract double across(double[] rows, double fraction);

    private static double cubic(double p1, double p2, double p3, double p4, double d) {
        return p1 + d * (p2 + d * (p3 + d * p4));
    }
}
