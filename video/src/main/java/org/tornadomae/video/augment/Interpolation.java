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
            return cubic(rgb[row + columns[0]] & 0xff, rgb[row + columns[1]] & 0xff, rgb[row + columns[2]] & 0xff,
                    rgb[row + columns[3]] & 0xff, fraction);
        }

        @Override
        double across(double[] rows, double fraction) {
            return cubic(rows[0], rows[1], rows[2], rows[3], fraction);
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

    private static double cubic(double v1, double v2, double v3, double v4, double d) {
        double p2 = -v1 + v3;
        double p3 = 2 * (v1 - v2) + v3 - v4;
        double p4 = -v1 + v2 - v3 + v4;
        return v2 + d * (p2 + d * (p3 + d * p4));
    }
}
