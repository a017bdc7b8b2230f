package org.tornadomae.mae.weights;

import org.tornadomae.nn.Sizes;

/// Patch kernels between pictures and video (the paper's start from an image MAE, and its way back to ImageNet).
public final class Inflation {
    private Inflation() {}

    /// (D·3, p·p) → (D·3, u, p·p): the same kernel for every frame, divided by u, so that a still clip gives the
    /// picture's tokens.
    ///
    /// @param rows   D·3
    /// @param frames u
    /// @param pixels p·p
    public static float[] inflate(float[] kernel, int rows, int frames, int pixels) {
        float[] inflated = Sizes.floats(rows, frames, pixels);
        for (int r = 0; r < rows; r++) {
            for (int u = 0; u < frames; u++) {
                for (int i = 0; i < pixels; i++) {
                    inflated[(r * frames + u) * pixels + i] = kernel[r * pixels + i] / frames;
                }
            }
        }
        return inflated;
    }

    /// (D·3, u, p·p) → (D·3, p·p): the sum over the frames.
    public static float[] deflate(float[] kernel, int rows, int frames, int pixels) {
        float[] deflated = Sizes.floats(rows, pixels);
        for (int r = 0; r < rows; r++) {
            for (int u = 0; u < frames; u++) {
                for (int i = 0; i < pixels; i++) {
                    deflated[r * pixels + i] += kernel[(r * frames + u) * pixels + i];
                }
            }
        }
        return deflated;
    }
}
