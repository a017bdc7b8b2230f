package org.tornadomae.video.clip;

import java.util.random.RandomGenerator;

/// A rectangle of a source frame, in pixels.
///
/// @param top    first row
/// @param left   first column
/// @param height rows
/// @param width  columns
public record Crop(int top, int left, int height, int width) {

    /// The least area of a random crop in pre-training, of the frame's.
    public static final double MIN_SCALE = 0.5;

    private static final double MAX_SCALE = 1;
    private static final double MIN_ASPECT = 3.0 / 4;
    private static final double MAX_ASPECT = 4.0 / 3;
    private static final int TRIES = 10;

    /// Random resized crop (docs/spec.md, "Pre-training recipe", Pixels): area uniform in `[minScale, 1]` of the
    /// frame's, aspect (width / height) log-uniform in `[3/4, 4/3]`; when ten draws do not fit the frame, a centred
    /// crop of the nearest allowed aspect.
    ///
    /// @param height   rows of the source frame
    /// @param width    columns of the source frame
    /// @param minScale least area, of the frame's, in (0, 1]
    /// @param random   where the numbers come from
    /// @return a crop inside the frame
    public static Crop random(int height, int width, double minScale, RandomGenerator random) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            double area = uniform(random, minScale, MAX_SCALE) * height * width;
            double aspect = Math.exp(uniform(random, Math.log(MIN_ASPECT), Math.log(MAX_ASPECT)));
            int w = (int) Math.rint(Math.sqrt(area * aspect));
            int h = (int) Math.rint(Math.sqrt(area / aspect));
            if (w > 0 && h > 0 && w <= width && h <= height) {
                return new Crop(random.nextInt(height - h + 1), random.nextInt(width - w + 1), h, w);
            }
        }
        double aspect = Math.clamp((double) width / height, MIN_ASPECT, MAX_ASPECT);
        return centre(height, width, aspect);
    }

    /// The largest centred crop of a given aspect: what evaluation and reconstruction look at.
    ///
    /// @param height rows of the source frame
    /// @param width  columns of the source frame
    /// @param aspect width / height of the crop
    /// @return a crop inside the frame
    public static Crop centre(int height, int width, double aspect) {
        int w = (int) Math.clamp(Math.rint(height * aspect), 1, width);
        int h = (int) Math.clamp(Math.rint(width / aspect), 1, height);
        return new Crop((height - h) / 2, (width - w) / 2, h, w);
    }

    private static double uniform(RandomGenerator random, double from, double to) {
        return from + random.nextDouble() * (to - from);
    }
}
