package org.tornadomae.mae.weights;

import org.tornadomae.nn.Sizes;

/// Position embeddings for other numbers of frames or another picture size than they were trained on.
///
/// Everything is sampled at pixel centres (output i lies at (i+½)·in/out − ½ of the input), without antialiasing, with
/// edges repeated: PyTorch's `interpolate(align_corners=False)` to an explicit size. PySlowFast resizes separable
/// positions so when it loads them, and defines the trilinear one for joint positions.
public final class PositionResize {
    private static final double A = -0.75; // PyTorch's cubic

    private PositionResize() {}

    /// For one output position: the input positions it is mixed from, and their weights.
    private record Taps(int[] at, double[] weight) {
    }

    /// Positions in space (h, w, C) → (toH, toW, C), bicubic.
    public static float[] spatial(float[] rows, int h, int w, int toH, int toW, int channels) {
        Taps[] vertical = taps(h, toH, true);
        Taps[] horizontal = taps(w, toW, true);
        return along(along(rows, 1, h, w * channels, vertical), toH, w, channels, horizontal);
    }

    /// Positions in time (t, C) → (toT, C), linear.
    public static float[] temporal(float[] rows, int t, int toT, int channels) {
        return along(rows, 1, t, channels, taps(t, toT, false));
    }

    /// Joint positions (t, h, w, C) → (toT, toH, toW, C), trilinear.
    public static float[] joint(float[] rows, int t, int h, int w, int toT, int toH, int toW, int channels) {
        float[] overTime = along(rows, 1, t, h * w * channels, taps(t, toT, false));
        float[] overHeight = along(overTime, toT, h, w * channels, taps(h, toH, false));
        return along(overHeight, toT * toH, w, channels, taps(w, toW, false));
    }

    /// Resamples the middle axis of (outer, in, inner) → (outer, taps, inner).
    private static float[] along(float[] from, int outer, int in, int inner, Taps[] taps) {
        float[] to = Sizes.floats(outer, taps.length, inner);
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < taps.length; i++) {
                for (int c = 0; c < inner; c++) {
                    double sum = 0;
                    for (int k = 0; k < taps[i].at().length; k++) {
                        sum += taps[i].weight()[k] * from[(o * in + taps[i].at()[k]) * inner + c];
                    }
                    to[(o * taps.length + i) * inner + c] = (float) sum;
                }
            }
        }
        return to;
    }

    private static Taps[] taps(int in, int out, boolean cubic) {
        Taps[] taps = new Taps[out];
        for (int i = 0; i < out; i++) {
            double x = (i + 0.5) * in / out - 0.5;
            // Linear interpolation clamps the place, bicubic clamps only the neighbours it reads: as PyTorch does.
            double place = cubic ? x : Math.max(0, x);
            int left = (int) Math.floor(place);
            double t = place - left;
            double[] weight = cubic
                    ? new double[] {outer(1 + t), inner(t), inner(1 - t), outer(2 - t)}
                    : new double[] {1 - t, t};
            int[] at = new int[weight.length];
            for (int k = 0; k < at.length; k++) {
                at[k] = Math.clamp(left + k - (cubic ? 1 : 0), 0, in - 1);
            }
            taps[i] = new Taps(at, weight);
        }
        return taps;
    }

    /// The cubic at a distance of at most 1.
    private static double inner(double x) {
        return ((A + 2) * x - (A + 3)) * x * x + 1;
    }

    /// The cubic at a distance from 1 to 2.
    private static double outer(double x) {
        return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
    }
}
