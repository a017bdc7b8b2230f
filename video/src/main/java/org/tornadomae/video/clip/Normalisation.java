package org.tornadomae.video.clip;

import java.util.Locale;
import org.tornadomae.video.VideoException;

/// How a model sees colour: a value in `[0, 1]` less the mean, over the deviation, channel by channel. Part of every
/// set of weights: with another one they load without complaint and see wrongly.
public record Normalisation(Rgb mean, Rgb std) {
    /// The paper's and both official codes' (docs/spec.md, "Pre-training recipe", Pixels).
    public static final Normalisation PAPER = new Normalisation(Rgb.grey(0.45f), Rgb.grey(0.225f));

    /// Of models for pictures, and of VideoMAE.
    public static final Normalisation IMAGENET =
            new Normalisation(new Rgb(0.485f, 0.456f, 0.406f), new Rgb(0.229f, 0.224f, 0.225f));

    /// One number for each channel.
    public record Rgb(float red, float green, float blue) {
        /// The same for all three.
        public static Rgb grey(float value) {
            return new Rgb(value, value, value);
        }

        /// Of channel 0, 1 or 2.
        public float of(int channel) {
            return switch (channel) {
                case 0 -> red;
                case 1 -> green;
                default -> blue;
            };
        }

        @Override
        public String toString() {
            return red == green && green == blue ? Float.toString(red) : red + "," + green + "," + blue;
        }
    }

    public Normalisation {
        for (int c = 0; c < ClipShape.CHANNELS; c++) {
            if (!Float.isFinite(mean.of(c)) || !Float.isFinite(std.of(c)) || std.of(c) <= 0) {
                throw new VideoException("pixel normalisation " + mean + "/" + std
                        + " needs finite means and positive deviations");
            }
        }
    }

    /// From the words `imagenet`, `0.45/0.225` or `0.485,0.456,0.406/0.229,0.224,0.225`.
    ///
    /// @throws VideoException for anything else
    public static Normalisation parse(String text) {
        if (text.toLowerCase(Locale.ROOT).equals("imagenet")) {
            return IMAGENET;
        }
        String[] halves = text.split("/", -1);
        if (halves.length != 2) {
            throw unknown(text, null);
        }
        return new Normalisation(rgb(text, halves[0]), rgb(text, halves[1]));
    }

    private static Rgb rgb(String whole, String half) {
        String[] parts = half.split(",", -1);
        try {
            return switch (parts.length) {
                case 1 -> Rgb.grey(Float.parseFloat(half));
                case 3 -> new Rgb(Float.parseFloat(parts[0]), Float.parseFloat(parts[1]), Float.parseFloat(parts[2]));
                default -> throw unknown(whole, null);
            };
        } catch (NumberFormatException e) {
            throw unknown(whole, e);
        }
    }

    private static VideoException unknown(String text, NumberFormatException cause) {
        return new VideoException("pixel normalisation '" + text
                + "' is not understood: write imagenet, 0.45/0.225 or r,g,b/r,g,b", cause);
    }

    /// What a byte is multiplied with.
    float scale(int channel) {
        return 1 / (255 * std.of(channel));
    }

    /// What is then added.
    float shift(int channel) {
        return -mean.of(channel) / std.of(channel);
    }

    /// Undoes it: the value in `[0, 1]`, clamped.
    public float undo(float normalised, int channel) {
        return Math.clamp(normalised * std.of(channel) + mean.of(channel), 0f, 1f);
    }

    /// As [#parse] reads it.
    @Override
    public String toString() {
        return mean + "/" + std;
    }
}
