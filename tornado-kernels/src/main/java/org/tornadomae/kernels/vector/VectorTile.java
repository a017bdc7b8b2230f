package org.tornadomae.kernels.vector;

import jdk.incubator.vector.FloatVector;

/// The inner product of everything: a small tile of `C = init + A·B` whose sums stay in registers.
///
/// A tile is [#ROWS] rows high and [#WIDTH] floats (two vectors) wide. B is a packed panel, one row of
/// WIDTH floats per step of the depth. Each sum runs through the depth in ascending order, one fused multiply-add per
/// step, starting from `init`: so a product cut anywhere along its depth gives the same bits as one uncut, and
/// neither the tile, the vector width nor the number of threads can change a result.
final class VectorTile {
    /// Floats of a vector on this machine.
    static final int LANES = FloatVector.SPECIES_PREFERRED.length();
    /// Floats from one row of A to the next in [#rows]: a constant, so that it folds into the addresses, and an odd
    /// number of cache lines, so that rows below each other do not compete for the same cache sets.
    static final int STRIDE = 400;
    private static final boolean TALL = hasManyRegisters();
    /// Rows of a tile.
    static final int ROWS = TALL ? VectorTile12.ROWS : VectorTile4.ROWS;
    /// Floats of a tile's row.
    static final int WIDTH = 2 * LANES;

    private VectorTile() {}

    /// x86 without AVX-512 has 16 vector registers; AVX-512 and the other machines Java vectorises for have 32.
    /// With 16, C2 already spills the sums of a tile of five or six rows and runs at half the speed of four.
    private static boolean hasManyRegisters() {
        String arch = System.getProperty("os.arch");
        return LANES >= 16 || !(arch.equals("amd64") || arch.equals("x86_64"));
    }

    /// `c[r,j] = init[r,j] + sum_k a[k,r] * b[k,j]`: A lies transposed, its column k at `aAt + k * aStep`.
    /// `initRow` 0 starts every row from the same values; `init` may be `c` itself.
    static void columns(float[] c, int cAt, int cRow, float[] init, int initAt, int initRow,
            float[] a, int aAt, int aStep, float[] b, int bAt, int depth) {
        if (TALL) {
            VectorTile12.columns(c, cAt, cRow, init, initAt, initRow, a, aAt, aStep, b, bAt, depth);
        } else {
            VectorTile4.columns(c, cAt, cRow, init, initAt, initRow, a, aAt, aStep, b, bAt, depth);
        }
    }

    /// `c[r,j] = init[r,j] + sum_k a[r,k] * b[k,j]`: A lies in rows, row r at `aAt + r * STRIDE`.
    static void rows(float[] c, int cAt, int cRow, float[] init, int initAt, int initRow,
            float[] a, int aAt, float[] b, int bAt, int depth) {
        if (TALL) {
            VectorTile12.rows(c, cAt, cRow, init, initAt, initRow, a, aAt, b, bAt, depth);
        } else {
            VectorTile4.rows(c, cAt, cRow, init, initAt, initRow, a, aAt, b, bAt, depth);
        }
    }
}
