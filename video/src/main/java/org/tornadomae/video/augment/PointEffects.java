package org.tornadomae.video.augment;

import java.util.function.IntUnaryOperator;
import org.tornadomae.video.clip.ClipShape;

/// Effects that map each byte through a table, whatever its neighbours are: PIL's `ImageOps`, and the two of
/// `ImageEnhance` whose base is one constant.
final class PointEffects {
    private static final int LEVELS = 256;
    private static final int SOLARIZE_ADD_BELOW = 128;

    private PointEffects() {}

    static FrameEffect invert() {
        return point(level -> 255 - level);
    }

    /// @param bits how many high bits are kept, 0..8; with none the frame is black
    static FrameEffect posterize(int bits) {
        int mask = -(1 << (8 - bits));
        return point(level -> level & mask);
    }

    /// Inverts what is not below the threshold.
    static FrameEffect solarize(int threshold) {
        return point(level -> level < threshold ? level : 255 - level);
    }

    /// Brightens the dark half.
    static FrameEffect solarizeAdd(int add) {
        return point(level -> level < SOLARIZE_ADD_BELOW ? Math.min(255, level + add) : level);
    }

    /// Blends with black.
    static FrameEffect brightness(float factor) {
        return point(level -> Blend.of(0, level, factor));
    }

    /// Blends with the frame's mean grey.
    static FrameEffect contrast(float factor) {
        return (from, height, width, to) -> {
            int pixels = height * width;
            long sum = 0;
            for (int i = 0; i < pixels; i++) {
                sum += Blend.grey(from, i * ClipShape.CHANNELS);
            }
            int mean = (int) ((double) sum / pixels + 0.5);
            map(from, pixels, table(level -> Blend.of(mean, level, factor)), to);
        };
    }

    /// Stretches each channel to the whole range.
    static FrameEffect autoContrast() {
        return perChannel(PointEffects::stretch);
    }

    /// Evens out each channel's histogram.
    static FrameEffect equalize() {
        return perChannel(PointEffects::equalized);
    }

    private static byte[] stretch(int[] histogram) {
        int low = 0;
        while (low < LEVELS - 1 && histogram[low] == 0) {
            low++;
        }
        int high = LEVELS - 1;
        while (high > 0 && histogram[high] == 0) {
            high--;
        }
        if (high <= low) {
            return table(level -> level);
        }
        double scale = 255.0 / (high - low);
        double offset = -low * scale;
        return table(level -> Math.clamp((int) (level * scale + offset), 0, 255));
    }

    private static byte[] equalized(int[] histogram) {
        int sum = 0;
        int greys = 0;
        int last = 0; // count of the brightest grey there is
        for (int count : histogram) {
            sum += count;
            greys += count == 0 ? 0 : 1;
            last = count == 0 ? last : count;
        }
        int step = (sum - last) / 255;
        if (greys <= 1 || step == 0) {
            return table(level -> level);
        }
        byte[] table = new byte[LEVELS];
        int below = step / 2;
        for (int level = 0; level < LEVELS; level++) {
            table[level] = (byte) Math.min(255, below / step);
            below += histogram[level];
        }
        return table;
    }

    private static byte[] table(IntUnaryOperator map) {
        byte[] table = new byte[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            table[level] = (byte) map.applyAsInt(level);
        }
        return table;
    }

    /// The same table for all channels of all frames.
    private static FrameEffect point(IntUnaryOperator map) {
        byte[] table = table(map);
        return (from, height, width, to) -> map(from, height * width, table, to);
    }

    private static void map(byte[] from, int pixels, byte[] table, byte[] to) {
        for (int i = 0; i < pixels * ClipShape.CHANNELS; i++) {
            to[i] = table[from[i] & 0xff];
        }
    }

    /// Makes the table of a channel from its histogram.
    @FunctionalInterface
    private interface TableOfHistogram {
        byte[] of(int[] histogram);
    }

    private static FrameEffect perChannel(TableOfHistogram tables) {
        return (from, height, width, to) -> {
            int values = height * width * ClipShape.CHANNELS;
            for (int channel = 0; channel < ClipShape.CHANNELS; channel++) {
                int[] histogram = new int[LEVELS];
                for (int i = channel; i < values; i += ClipShape.CHANNELS) {
                    histogram[from[i] & 0xff]++;
                }
                byte[] table = tables.of(histogram);
                for (int i = channel; i < values; i += ClipShape.CHANNELS) {
                    to[i] = table[from[i] & 0xff];
                }
            }
        };
    }
}
