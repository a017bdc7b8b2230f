package org.tornadomae.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The 4 × 2 register tile: 4 rows of two vectors each, 8 sums held in registers, for machines with sixteen
/// vector registers. [VectorTile] states the contract of both methods and chooses between the tiles.
///
/// Written out row by row because C2 keeps a sum in a register only when it is a local variable. Nothing else may
/// stand in these methods: past some 18,000 graph nodes C2 stops inlining and every vector becomes an object.
final class VectorTile4 {
    static final int ROWS = 4;
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int WIDTH = 2 * LANES;
    private static final int STRIDE = VectorTile.STRIDE;

    private VectorTile4() {}

    /// [VectorTile#columns] for this tile.
    static void columns(float[] c, int cAt, int cRow, float[] init, int initAt, int initRow,
            float[] a, int aAt, int aStep, float[] b, int bAt, int depth) {
        FloatVector c00 = load(init, initAt), c01 = load(init, initAt + LANES);
        FloatVector c10 = load(init, initAt + initRow), c11 = load(init, initAt + initRow + LANES);
        FloatVector c20 = load(init, initAt + 2 * initRow), c21 = load(init, initAt + 2 * initRow + LANES);
        FloatVector c30 = load(init, initAt + 3 * initRow), c31 = load(init, initAt + 3 * initRow + LANES);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = load(b, bAt), b1 = load(b, bAt + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aAt + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aAt + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aAt + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            aAt += aStep;
            bAt += WIDTH;
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + LANES);
        c20.intoArray(c, cAt + 2 * cRow);
        c21.intoArray(c, cAt + 2 * cRow + LANES);
        c30.intoArray(c, cAt + 3 * cRow);
        c31.intoArray(c, cAt + 3 * cRow + LANES);
    }

    /// [VectorTile#rows] for this tile.
    static void rows(float[] c, int cAt, int cRow, float[] init, int initAt, int initRow,
            float[] a, int aAt, float[] b, int bAt, int depth) {
        FloatVector c00 = load(init, initAt), c01 = load(init, initAt + LANES);
        FloatVector c10 = load(init, initAt + initRow), c11 = load(init, initAt + initRow + LANES);
        FloatVector c20 = load(init, initAt + 2 * initRow), c21 = load(init, initAt + 2 * initRow + LANES);
        FloatVector c30 = load(init, initAt + 3 * initRow), c31 = load(init, initAt + 3 * initRow + LANES);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = load(b, bAt), b1 = load(b, bAt + LANES);
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[aAt]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[aAt + STRIDE]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            FloatVector a2 = FloatVector.broadcast(SPECIES, a[aAt + 2 * STRIDE]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            FloatVector a3 = FloatVector.broadcast(SPECIES, a[aAt + 3 * STRIDE]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            aAt++;
            bAt += WIDTH;
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + LANES);
        c10.intoArray(c, cAt + cRow);
        c11.intoArray(c, cAt + cRow + LANES);
        c20.intoArray(c, cAt + 2 * cRow);
        c21.intoArray(c, cAt + 2 * cRow + LANES);
        c30.intoArray(c, cAt + 3 * cRow);
        c31.intoArray(c, cAt + 3 * cRow + LANES);
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }
}
