package org.tornadomae.mae.weights;

import java.util.Arrays;
import java.util.Locale;
import org.tornadomae.nn.UserException;

/// How pixels of 0 to 1 become a model's input: (x − mean) / std for red, green and blue. Part of every set of weights.
public record PixelNorm(float[] mean, float[] std) {
    /// From the words `imagenet`, `0.45/0.225` or `0.485,0.456,0.406/0.229,0.224,0.225`.
    ///
    /// @throws UserException for anything else
    public static PixelNorm parse(String text) {
        if (text.toLowerCase(Locale.ROOT).equals("imagenet")) {
            return parse("0.485,0.456,0.406/0.229,0.224,0.225");
        }
        String[] halves = text.split("/", -1);
        if (halves.length != 2) {
            throw new UserException("pixel normalisation '" + text
                    + "' is not understood: write imagenet, 0.45/0.225 or r,g,b/r,g,b");
        }
        return of(numbers(text, halves[0]), numbers(text, halves[1]));
    }

    static PixelNorm of(float[] mean, float[] std) {
        if (!allFinite(mean) || !allFinite(std) || std[0] <= 0 || std[1] <= 0 || std[2] <= 0) {
            throw new UserException("pixel normalisation " + Arrays.toString(mean) + " / " + Arrays.toString(std)
                    + " needs three means and three positive deviations");
        }
        return new PixelNorm(mean, std);
    }

    private static boolean allFinite(float[] values) {
        return values.length == 3 && Float.isFinite(values[0]) && Float.isFinite(values[1])
                && Float.isFinite(values[2]);
    }

    private static float[] numbers(String whole, String text) {
        String[] parts = text.split(",", -1);
        float[] numbers = new float[3];
        try {
            for (int i = 0; i < 3; i++) {
                numbers[i] = Float.parseFloat(parts.length == 1 ? parts[0] : parts[i]);
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new UserException("pixel normalisation '" + whole
                    + "' is not understood: write imagenet, 0.45/0.225 or r,g,b/r,g,b", e);
        }
        return numbers;
    }
}
