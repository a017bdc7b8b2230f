package org.tornadomae.video.augment;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import org.tornadomae.video.clip.ClipShape;

/// Rotations, shears and shifts: PIL 9.4's `Image.transform` with an affine matrix and grey from outside.
///
/// Output pixel (x, y) looks at the point u = a·(x+½) + b·(y+½) + c, v = d·(x+½) + e·(y+½) + f of the frame.
final class Affine implements FrameEffect {
    private static final byte GREY = (byte) 128;

    /// The six numbers of a matrix, by the frame's size.
    @FunctionalInterface
    private interface MatrixOfSize {
        double[] of(int height, int width);
    }

    private final MatrixOfSize matrices;
    private final Interpolation interpolation;

    private Affine(MatrixOfSize matrices, Interpolation interpolation) {
        this.matrices = matrices;
        this.interpolation = interpolation;
    }

    /// Turns counter-clockwise about the frame's centre.
    static Affine rotate(double degrees, Interpolation interpolation) {
        double turned = degrees % 360 < 0 ? degrees % 360 + 360 : degrees % 360;
        double radians = -Math.toRadians(turned);
        double cos = rounded(StrictMath.cos(radians));
        double sin = rounded(StrictMath.sin(radians));
        return new Affine((height, width) -> {
            double x = width / 2.0;
            double y = height / 2.0;
            return new double[] {cos, sin, cos * -x + sin * -y + x, -sin, cos, -sin * -x + cos * -y + y};
        }, interpolation);
    }

    static Affine shearX(double factor, Interpolation interpolation) {
        return new Affine((_, _) -> new double[] {1, factor, 0, 0, 1, 0}, interpolation);
    }

    static Affine shearY(double factor, Interpolation interpolation) {
        return new Affine((_, _) -> new double[] {1, 0, 0, factor, 1, 0}, interpolation);
    }

    /// @param part of the frame's width
    static Affine translateX(double part, Interpolation interpolation) {
        return new Affine((_, width) -> new double[] {1, 0, part * width, 0, 1, 0}, interpolation);
    }

    /// @param part of the frame's height
    static Affine translateY(double part, Interpolation interpolation) {
        return new Affine((height, _) -> new double[] {1, 0, 0, 0, 1, part * height}, interpolation);
    }

    /// To 15 decimals, as Python's `round` does it.
    private static double rounded(double value) {
        return new BigDecimal(value).setScale(15, RoundingMode.HALF_EVEN).doubleValue();
    }

    @Override
    public void apply(byte[] from, int height, int width, byte[] to) {
        double[] m = matrices.of(height, width);
        Sampler sampler = new Sampler(from, height, width, interpolation);
        Arrays.fill(to, 0, height * width * ClipShape.CHANNELS, GREY);
        for (int row = 0; row < height; row++) {
            double y = row + 0.5;
            for (int column = 0; column < width; column++) {
                double x = column + 0.5;
                double u = m[0] * x + m[1] * y + m[2];
                double v = m[3] * x + m[4] * y + m[5];
                if (u >= 0 && u < width && v >= 0 && v < height) {
                    sampler.read(u - 0.5, v - 0.5, to, (row * width + column) * ClipShape.CHANNELS);
                }
            }
        }
    }

    /// Reads a frame between its pixels. Beyond the edge the outermost pixel goes on.
    private static final class Sampler {
        private final byte[] rgb;
        private final int height;
        private final int width;
        private final Interpolation interpolation;
        private final int[] columns;
        private final int[] rows;
        private final double[] along;

        Sampler(byte[] rgb, int height, int width, Interpolation interpolation) {
            this.rgb = rgb;
            this.height = height;
            this.width = width;
            this.interpolation = interpolation;
            this.columns = new int[interpolation.taps()];
            this.rows = new int[interpolation.taps()];
            this.along = new double[interpolation.taps()];
        }

        /// Writes the three channels at a point; pixel centres have whole numbers.
        void read(double u, double v, byte[] to, int out) {
            int left = (int) Math.floor(u);
            int top = (int) Math.floor(v);
            for (int i = 0; i < columns.length; i++) {
                int from = i - interpolation.before();
                columns[i] = Math.clamp(left + from, 0, width - 1) * ClipShape.CHANNELS;
                rows[i] = Math.clamp(top + from, 0, height - 1) * width * ClipShape.CHANNELS;
            }
            for (int c = 0; c < ClipShape.CHANNELS; c++) {
                to[out + c] = (byte) Math.clamp((int) value(c, u - left, v - top), 0, 255);
            }
        }

        /// A fraction of 0 picks the pixel itself, so shears and shifts along one axis cost a quarter of a rotation.
        private double value(int channel, double fu, double fv) {
            int centre = interpolation.before();
            if (fv == 0) {
                return interpolation.along(rgb, rows[centre] + channel, columns, fu);
            }
            for (int i = 0; i < rows.length; i++) {
                int row = rows[i] + channel;
                along[i] = fu == 0 ? rgb[row + columns[centre]] & 0xff : interpolation.along(rgb, row, columns, fu);
            }
            return interpolation.across(along, fv);
        }
    }
}
