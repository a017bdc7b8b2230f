package org.tornadomae.mae.model;

import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.nn.Sizes;

/// Positions as sines and cosines of growing wavelengths: VideoMAE's fixed table over the tokens' numbers, and tables
/// over the three axes that learned positions may start from.
public final class SinCosTable {
    private static final double VIDEO_MAE_BASE = 10_000;
    /// The longest wavelength is 2π times this. An axis has some ten patches, along which VideoMAE's base would leave
    /// most channels constant.
    private static final double AXIS_BASE = 100;

    private SinCosTable() {}

    /// VideoMAE's table. It is in no file: whoever loads such weights computes it.
    ///
    /// @return (tokens, width): row i in (t, h, w) order, column j = sin for even j, cos for odd j, of
    ///         i / 10000^(2·⌊j/2⌋/width); in double, stored as float32
    public static float[] of(int tokens, int width) {
        float[] table = Sizes.floats(tokens, width);
        for (int i = 0; i < tokens; i++) {
            row(table, i * width, width, i, VIDEO_MAE_BASE);
        }
        return table;
    }

    /// Positions in space: the first half of the channels tells the row, the second the column.
    ///
    /// @return (h·w, width)
    static float[] spatial(PatchGrid grid, int width) {
        float[] table = Sizes.floats(grid.places(), width);
        int half = width / 2;
        for (int place = 0; place < grid.places(); place++) {
            row(table, place * width, half, place / grid.columns(), AXIS_BASE);
            row(table, place * width + half, width - half, place % grid.columns(), AXIS_BASE);
        }
        return table;
    }

    /// Positions in time.
    ///
    /// @return (t, width)
    static float[] temporal(PatchGrid grid, int width) {
        float[] table = Sizes.floats(grid.times(), width);
        for (int time = 0; time < grid.times(); time++) {
            row(table, time * width, width, time, AXIS_BASE);
        }
        return table;
    }

    /// Space plus time, behind `cls` rows of zeros for a class token, which is nowhere.
    ///
    /// @return (cls + t·h·w, width)
    static float[] joint(PatchGrid grid, int width, int cls) {
        float[] spatial = spatial(grid, width);
        float[] temporal = temporal(grid, width);
        float[] table = Sizes.floats(cls + grid.tokens(), width);
        for (int token = 0; token < grid.tokens(); token++) {
            for (int c = 0; c < width; c++) {
                table[(cls + token) * width + c] = spatial[token % grid.places() * width + c]
                        + temporal[token / grid.places() * width + c];
            }
        }
        return table;
    }

    private static void row(float[] table, int at, int width, int position, double base) {
        for (int j = 0; j < width; j++) {
            double angle = position / Math.pow(base, 2 * (j / 2) / (double) width);
            table[at + j] = (float) (j % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
        }
    }
}
