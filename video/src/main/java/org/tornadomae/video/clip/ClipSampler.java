package org.tornadomae.video.clip;

import java.util.random.RandomGenerator;

/// Which frames of a video make a clip (docs/spec.md, "Pre-training recipe", Frames).
///
/// A clip spans `frames·samplingRate/30·fps` source frames, so it covers the same time whatever the frame
/// rate. Its indices are a truncated linspace over that span: 0, 4, 8, 12, 16, 21, 25, …, 63 for 16 frames of
/// stride 4 at 30 fps. A video shorter than the span repeats its last frame.
///
/// @param frames       T, frames of a clip
/// @param samplingRate stride in frames of a 30 fps video
public record ClipSampler(int frames, int samplingRate) {

    /// Frame rate to which [#samplingRate] refers.
    public static final double REFERENCE_FPS = 30;

    /// @throws IllegalArgumentException when either number is not positive
    public ClipSampler {
        if (frames < 1 || samplingRate < 1) {
            throw new IllegalArgumentException(
                    "frames and sampling rate must be positive: " + frames + ", " + samplingRate);
        }
    }

    /// Source frames that a clip covers; not an integer in general.
    ///
    /// @param fps frames per second of the video
    /// @return the span, at least 1: below that the formula would run backwards in time
    public double span(double fps) {
        return Math.max(1, frames * samplingRate / REFERENCE_FPS * fps);
    }

    /// Frames of a clip which starts at a uniformly random time.
    ///
    /// @param available frames of the video, at least 1
    /// @param fps       frames per second of the video
    /// @param random    one number is drawn
    /// @return [#frames] source indices in [0, available), not decreasing
    public int[] random(int available, double fps, RandomGenerator random) {
        return indices(random.nextDouble() * latestStart(available, fps), available, fps);
    }

    /// Frames of the clip in the middle of the video.
    ///
    /// @param available frames of the video, at least 1
    /// @param fps       frames per second of the video
    /// @return [#frames] source indices in [0, available), not decreasing
    public int[] middle(int available, double fps) {
        return indices(latestStart(available, fps) / 2, available, fps);
    }

    /// Frames of a clip: `trunc(clamp(linspace(start, start+span-1, T), 0, available-1))`.
    ///
    /// @param start     first source frame, not an integer in general
    /// @param available frames of the video, at least 1
    /// @param fps       frames per second of the video
    /// @return [#frames] source indices in [0, available), not decreasing
    public int[] indices(double start, int available, double fps) {
        if (available < 1) {
            throw new IllegalArgumentException("a video without frames cannot be sampled");
        }
        double length = span(fps) - 1;
        int[] indices = new int[frames];
        for (int t = 0; t < frames; t++) {
            // Multiply before dividing: 63·5/15 is exactly 21, 63/15·5 need not be.
            double position = frames == 1 ? start : start + length * t / (frames - 1);
            indices[t] = (int) Math.clamp(position, 0, available - 1);
        }
        return indices;
    }

    private double latestStart(int available, double fps) {
        return Math.max(available - span(fps), 0);
    }
}
