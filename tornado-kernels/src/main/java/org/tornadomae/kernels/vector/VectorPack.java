package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorTile.LANES;
import static org.tornadomae.kernels.vector.VectorTile.ROWS;
import static org.tornadomae.kernels.vector.VectorTile.WIDTH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Copies pieces of matrices into the panels that [VectorTile] reads. What a piece lacks to a full panel is
/// filled with zeros, so that no product ever meets an edge; edges are met again only where a tile is written out.
final class VectorPack {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
    private static final VectorShuffle<Float> SWAP_ONE = VectorShuffle.fromValues(FOUR, 1, 0, 3, 2);
    private static final VectorShuffle<Float> SWAP_TWO = VectorShuffle.fromValues(FOUR, 2, 3, 0, 1);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(FOUR, 0b1010);
    private static final VectorMask<Float> HIGH = VectorMask.fromLong(FOUR, 0b1100);

    private VectorPack() {}

    /// The buffer, or a larger one with other contents.
    static float[] atLeast(float[] buffer, int size) {
        return buffer.length >= size ? buffer : new float[size];
    }

    /// Panels side by side for [VectorTile#columns], from a matrix that lies transposed: panel `p` begins at
    /// `toAt + p * panel` and holds `to[k * ROWS + r] = from[k * row + p * ROWS + r]`.
    ///
    /// All panels of a row are filled before the next row: rows are far apart, and each of their cache lines is fetched
    /// once. The blend changes nothing, but it tells C2 the class of the vector: without it every four floats become an
    /// object.
    static void columns(float[] to, int toAt, int panel, float[] from, int fromAt, int row, int rows, int depth) {
        int full = rows / ROWS;
        for (int k = 0; k < depth; k++) {
            int source = fromAt + k * row;
            int target = toAt + k * ROWS;
            for (int p = 0; p < full; p++) {
                for (int r = 0; r < ROWS; r += 4) {
                    FloatVector four = FloatVector.fromArray(FOUR, from, source + r);
                    four.blend(four, ODD).intoArray(to, target + r);
                }
                source += ROWS;
                target += panel;
            }
        }
        if (full * ROWS < rows) {
            edge(to, toAt + full * panel, ROWS, from, fromAt + full * ROWS, row, rows - full * ROWS, depth);
        }
    }

    /// A panel for [VectorTile#columns] from a matrix in rows: `to[k * ROWS + r] = from[r * row + k]`.
    static void columnsTransposed(float[] to, int toAt, float[] from, int fromAt, int row, int rows, int depth) {
        transposed(to, toAt, ROWS, from, fromAt, row, rows, depth);
    }

    /// Panels of B side by side: panel `p` begins at `toAt + p * panel` and holds
    /// `to[k * WIDTH + j] = from[k * row + p * WIDTH + j]`.
    static void panels(float[] to, int toAt, int panel, float[] from, int fromAt, int row, int columns, int depth) {
        int full = columns / WIDTH;
        for (int k = 0; k < depth; k++) {
            int source = fromAt + k * row;
            int target = toAt + k * WIDTH;
            for (int p = 0; p < full; p++) {
                FloatVector.fromArray(SPECIES, from, source).intoArray(to, target);
                FloatVector.fromArray(SPECIES, from, source + LANES).intoArray(to, target + LANES);
                source += WIDTH;
                target += panel;
            }
        }
        if (full * WIDTH < columns) {
            edge(to, toAt + full * panel, WIDTH, from, fromAt + full * WIDTH, row, columns - full * WIDTH, depth);
        }
    }

    /// A panel that is not full: zeros behind `columns`.
    private static void edge(float[] to, int toAt, int width, float[] from, int fromAt, int row, int columns,
            int depth) {
        for (int k = 0; k < depth; k++) {
            int target = toAt + k * width;
            System.arraycopy(from, fromAt + k * row, to, target, columns);
            Arrays.fill(to, target + columns, target + width, 0f);
        }
    }

    /// One row back out of panels like those of [#panels], `panel` floats apart:
    /// `to[c] = from[c / WIDTH * panel + c % WIDTH] * factor`.
    static void scaledRow(float[] to, int toAt, float[] from, int fromAt, int panel, int columns, float factor) {
        for (int c = 0; c < columns; c += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, from, fromAt + c / WIDTH * panel + c % WIDTH).mul(factor);
            if (c + LANES <= columns) {
                x.intoArray(to, toAt + c);
            } else {
                x.intoArray(to, toAt + c, SPECIES.indexInRange(c, columns));
            }
        }
    }

    /// A panel of B from a matrix that lies transposed: `to[k * WIDTH + j] = from[j * row + k]`.
    static void panelTransposed(float[] to, int toAt, float[] from, int fromAt, int row, int columns, int depth) {
        transposed(to, toAt, WIDTH, from, fromAt, row, columns, depth);
    }

    /// `to[k * width + j] = from[j * row + k]`, zero where `j >= columns`.
    private static void transposed(float[] to, int toAt, int width, float[] from, int fromAt, int row, int columns,
            int depth) {
        int fullDepth = depth & -4;
        int fullColumns = columns & -4;
        for (int j = 0; j < fullColumns; j += 4) {
            fourRows(to, toAt + j, width, from, fromAt + j * row, row, fullDepth);
            for (int k = fullDepth; k < depth; k++) {
                for (int i = j; i < j + 4; i++) {
                    to[toAt + k * width + i] = from[fromAt + i * row + k];
                }
            }
        }
        for (int j = fullColumns; j < width; j++) {
            for (int k = 0; k < depth; k++) {
                to[toAt + k * width + j] = j < columns ? from[fromAt + j * row + k] : 0f;
            }
        }
    }

    /// Turns four rows into four columns, by squares of 4 × 4: swap neighbours, then pairs.
    private static void fourRows(float[] to, int toAt, int width, float[] from, int fromAt, int row, int depth) {
        for (int k = 0; k < depth; k += 4) {
            FloatVector a = FloatVector.fromArray(FOUR, from, fromAt + k);
            FloatVector b = FloatVector.fromArray(FOUR, from, fromAt + row + k);
            FloatVector c = FloatVector.fromArray(FOUR, from, fromAt + 2 * row + k);
            FloatVector d = FloatVector.fromArray(FOUR, from, fromAt + 3 * row + k);
            FloatVector ab0 = a.blend(b.rearrange(SWAP_ONE), ODD);
            FloatVector ab1 = a.rearrange(SWAP_ONE).blend(b, ODD);
            FloatVector cd0 = c.blend(d.rearrange(SWAP_ONE), ODD);
            FloatVector cd1 = c.rearrange(SWAP_ONE).blend(d, ODD);
            int at = toAt + k * width;
            ab0.blend(cd0.rearrange(SWAP_TWO), HIGH).intoArray(to, at);
            ab1.blend(cd1.rearrange(SWAP_TWO), HIGH).intoArray(to, at + width);
            ab0.rearrange(SWAP_TWO).blend(cd0, HIGH).intoArray(to, at + 2 * width);
            ab1.rearrange(SWAP_TWO).blend(cd1, HIGH).intoArray(to, at + 3 * width);
        }
    }
}
