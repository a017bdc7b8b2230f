package org.tornadomae.mae.weights;

import org.tornadomae.nn.Sizes;

/// VideoMAE's fixed positions. They are in no file: whoever loads such weights computes them.
public final class SinCosTable {
    private SinCosTable() {}

    /// (tokens, width): row i in (t, h, w) order, column j = sin for even j, cos for odd j, of
    /// i / 10000^(2·⌊j/2⌋/width); in double, stored as float32.
    public static float[] of(int tokens, int width) {
        float[] table = Sizes.floats(tokens, width);
        for (int i = 0; i < tokens; i++) {
            for (int j = 0; j < width; j++) {
                double angle = i / Math.pow(10_000, 2 * (j / 2) / (double) width);
                table[i * width + j] = (float) (j % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
            }
        }
        return table;
    }
}
