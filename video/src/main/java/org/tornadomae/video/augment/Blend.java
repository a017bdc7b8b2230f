package org.tornadomae.video.augment;

import org.tornadomae.video.clip.ClipShape;

/// Moves a frame away from a duller picture of itself, or towards it: PIL's `ImageEnhance` over `Image.blend`.
final class Blend {
    private static final int SMOOTH_SUM = 13; // of PIL's SMOOTH kernel [1 1 1; 1 5 1; 1 1 1]
    private static final int SMOOTH_EXTRA = 4; // what the centre weighs more than its neighbours

    private Blend() {}

    /// base + factor·(level − base) in float32, truncated; beyond 0..255 only when the factor is outside `[0, 1]`.
    static int of(int base, int level, float factor) {
        return Math.clamp((int) (base + factor * (level - base)), 0, 255);
    }

    /// PIL's luma of the pixel that starts at `at`.
    static int grey(byte[] rgb, int at) {
        return (19595 * (rgb[at] & 0xff) + 38470 * (rgb[at + 1] & 0xff) + 7471 * (rgb[at + 2] & 0xff) + 32768) >> 16;
    }

    /// Saturation: blends with the grey picture.
    static FrameEffect color(float factor) {
        return (from, height, width, to) -> {
            for (int at = 0; at < height * width * ClipShape.CHANNELS; at += ClipShape.CHANNELS) {
                int grey = grey(from, at);
                for (int c = at; c < at + ClipShape.CHANNELS; c++) {
                    to[c] = (byte) of(grey, from[c] & 0xff, factor);
                }
            }
        };
    }

    /// Blends with the smoothed picture; pixels at the border stay as they are.
    static FrameEffect sharpness(float factor) {
        return (from, height, width, to) -> {
            int row = width * ClipShape.CHANNELS;
            System.arraycopy(from, 0, to, 0, height * row);
            for (int y = 1; y < height - 1; y++) {
                for (int i = y * row + ClipShape.CHANNELS; i < (y + 1) * row - ClipShape.CHANNELS; i++) {
                    to[i] = (byte) of(smoothed(from, i, row), from[i] & 0xff, factor);
                }
            }
        };
    }

    /// The weighted mean of a value and its eight neighbours, rounded. PIL adds up in float32, but a number of
    /// thirteenths is never so near a half that this could matter.
    private static int smoothed(byte[] from, int at, int row) {
        int sum = three(from, at - row) + three(from, at) + three(from, at + row) + SMOOTH_EXTRA * (from[at] & 0xff);
        return (2 * sum + SMOOTH_SUM) / (2 * SMOOTH_SUM);
    }

    private static int three(byte[] from, int at) {
        return (from[at - ClipShape.CHANNELS] & 0xff) + (from[at] & 0xff) + (from[at + ClipShape.CHANNELS] & 0xff);
    }
}
