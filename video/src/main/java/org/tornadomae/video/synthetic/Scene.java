package org.tornadomae.video.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.tornadomae.video.codec.FrameEncoder;

/// A made-up moving picture, defined at every time and point: coordinates run over `[0, 1]` in both directions, so a
/// scene can be painted at any size.
record Scene(Background background, List<MovingShape> bodies) {

    private static final int MIN_BODIES = 2;
    private static final int MAX_BODIES = 4;

    static Scene random(RandomGenerator random) {
        int count = random.nextInt(MIN_BODIES, MAX_BODIES + 1);
        double hue = random.nextDouble();
        Background background = Background.random(hue, random);
        List<MovingShape> bodies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // Hues spread evenly, away from the background's.
            bodies.add(MovingShape.random(hue + (i + 1.0) / (count + 1), random));
        }
        return new Scene(background, bodies);
    }

    /// Paints the scene at a time, as `[height][width][3]` bytes.
    void paint(double seconds, int width, int height, byte[] rgb) {
        paint(background, bodies.stream().map(body -> body.at(seconds)).toList(), seconds, width, height, rgb);
    }

    /// Paints shapes that stand somewhere, in front of a background at a time.
    static void paint(Background background, List<MovingShape.Pose> poses, double seconds, int width, int height,
            byte[] rgb) {
        double pixel = 1.0 / Math.min(width, height);
        double[] colour = new double[FrameEncoder.CHANNELS];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                double x = (column + 0.5) / width;
                double y = (row + 0.5) / height;
                background.shade(x, y, seconds, colour);
                for (MovingShape.Pose pose : poses) {
                    pose.shade(x, y, pixel, colour);
                }
                int at = (row * width + column) * FrameEncoder.CHANNELS;
                for (int c = 0; c < FrameEncoder.CHANNELS; c++) {
                    rgb[at + c] = (byte) Math.clamp(Math.rint(colour[c] * 255), 0, 255);
                }
            }
        }
    }

    /// A slanted gradient from dark to light, with slow wide waves through it.
    record Background(double[] from, double[] to, double angle, double waves, double drift) {

        private static final double WAVE_HEIGHT = 0.1;

        static Background random(double hue, RandomGenerator random) {
            double[] from = hsv(hue, 0.8, random.nextDouble(0.05, 0.2));
            double[] to = hsv(hue + random.nextDouble(0.1, 0.3), 0.35, random.nextDouble(0.85, 1));
            return new Background(from, to, random.nextDouble(2 * Math.PI), random.nextDouble(0.7, 1.6),
                    random.nextDouble(-0.4, 0.4));
        }

        void shade(double x, double y, double seconds, double[] colour) {
            double along = (x - 0.5) * Math.cos(angle) + (y - 0.5) * Math.sin(angle);
            double across = (y - 0.5) * Math.cos(angle) - (x - 0.5) * Math.sin(angle);
            double wave = WAVE_HEIGHT * Math.sin(2 * Math.PI * (waves * across + drift * seconds))
                    * Math.cos(2 * Math.PI * waves * along);
            double mix = Math.clamp(along / Math.sqrt(2) + 0.5, 0, 1);
            for (int c = 0; c < colour.length; c++) {
                colour[c] = from[c] + (to[c] - from[c]) * mix + wave;
            }
        }
    }

    /// Red, green, blue in `[0, 1]`; hue counts whole turns.
    static double[] hsv(double hue, double saturation, double value) {
        double[] rgb = new double[FrameEncoder.CHANNELS];
        for (int c = 0; c < rgb.length; c++) {
            double turn = (hue - c / 3.0) - Math.floor(hue - c / 3.0);
            double strength = Math.clamp(Math.abs(turn * 6 - 3) - 1, 0, 1);
            rgb[c] = value * (1 - saturation * (1 - strength));
        }
        return rgb;
    }
}
