package org.tornadomae.mae.picture;

import java.util.Locale;
import java.util.OptionalDouble;

/// Peak signal-to-noise ratio in dB over the removed pixels of the predicted frames, pixels in `[0, 1]`:
/// 10·log10(1/MSE). Infinite where nothing differs.
///
/// @param model        the reconstruction's
/// @param meanFill     of the mean colour of the visible pixels
/// @param neighbours   of the mean of the visible patches around
/// @param nearestFrame of copying the same place from the nearest frame in which it is visible; empty when no removed
///                     place is visible in another frame (tube masks, images)
public record Psnr(double model, double meanFill, double neighbours, OptionalDouble nearestFrame) {

    /// @param mask `[N]`: 0 kept, 1 removed; kept patches do not count
    static double between(PatchRows a, PatchRows b, float[] mask) {
        double squares = 0;
        long count = 0;
        for (int n = 0; n < mask.length; n++) {
            if (mask[n] == 0) {
                continue;
            }
            int start = a.at(n, 0);
            for (int i = start; i < start + a.rowValues(); i++) {
                double d = (double) a.values()[i] - b.values()[i];
                squares += d * d;
            }
            count += a.rowValues();
        }
        return 10 * Math.log10(count / squares);
    }

    /// One line for people.
    public String summary() {
        String copy = nearestFrame.isPresent()
                ? "copy of the nearest visible frame " + decibels(nearestFrame.getAsDouble())
                : "no removed place is visible in another frame";
        return "PSNR on removed pixels: " + decibels(model) + " (mean fill " + decibels(meanFill)
                + ", mean of visible neighbours " + decibels(neighbours) + ", " + copy + ")";
    }

    private static String decibels(double value) {
        return Double.isInfinite(value) ? "exact" : String.format(Locale.ROOT, "%.2f dB", value);
    }
}
