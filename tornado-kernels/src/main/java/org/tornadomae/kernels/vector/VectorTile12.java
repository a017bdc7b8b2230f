package org.tornadomae.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The 12 × 2 register tile: 12 rows of two vectors each, 24 sums held in registers, for machines with thirty-two
/// vector registers. [VectorTile] states the contract of both methods and chooses between the tiles.
///
/// Written out row by row because C2 keeps a sum in a register only when it is a local variable. Nothing else may
/// stand in these methods: past some 18,000 graph nodes C2 stops inlining and every vector becomes an object.
final class VectorTile12 {
    static final int ROWS = 12;
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int WIDTH = 2 * LANES;
    private static final int STRIDE = VectorTile.STRIDE;

    private VectorTile12() {}

    /// [VectorTile#columns] for this tile.
    static void columns(float[] c, int cAt, int cRow, float[] init, int initAt, int initRow,
            float[] a, int aAt, int aStep, float[] b, int bAt, int depth) {
        FloatVector c00 = load(init, initAt), c01 = load(init, initAt + LANES);
        FloatVector c10 = load(init, initAt + initRow), c11 = load(init, initAt + initRow + LANES);
        FloatVector c20 = load(init, initAt + 2 * initRow), c21 = load(init, initAt + 2 * initRow + LANES);
        FloatVector c30 = load(init, initAt + 3 * initRow), c31 = load(init, initAt + 3 * initRow + LANES);
        FloatVector c40 = load(init, initAt + 4 * initRow), c41 = load(init, initAt + 4 * initRow + LANES);
        FloatVector c50 = load(init, initAt + 5 * initRow), c51 = load(init, initAt + 5 * initRow + LANES);
        FloatVector c60 = load(init, initAt + 6 * initRow), c61 = load(init, initAt + 6 * initRow + LANES);
        FloatVector c70 = load(init, initAt + 7 * initRow), c71 = load(init, initAt + 7 * initRow + LANES);
        FloatVector c80 = load(init, initAt + 8 * initRow), c81 = load(init, initAt + 8 * initRow + LANES);
        FloatVector c90 = load(init, initAt + 9 * initRow), c91 = load(init, initAt + 9 * initRow + LANES);
        FloatVector ca0 = load(init, initAt + 10 * initRow), ca1 = load(init, initAt + 10 * initRow + LANES);
        FloatVector cb0 = load(init, initAt + 11 * initRow), cb1 = load(init, initAt + 11 * initRow + LANES);
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
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[aAt + 4]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[aAt + 5]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[aAt + 6]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[aAt + 7]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a[aAt + 8]);
            c80 = a8.fma(b0, c80);
            c81 = a8.fma(b1, c81);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a[aAt + 9]);
            c90 = a9.fma(b0, c90);
            c91 = a9.fma(b1, c91);
            FloatVector aa = FloatVector.broadcast(SPECIES, a[aAt + 10]);
            ca0 = aa.fma(b0, ca0);
            ca1 = aa.fma(b1, ca1);
            FloatVector ab = FloatVector.broadcast(SPECIES, a[aAt + 11]);
            cb0 = ab.fma(b0, cb0);
            cb1 = ab.fma(b1, cb1);
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
        c40.intoArray(c, cAt + 4 * cRow);
        c41.intoArray(c, cAt + 4 * cRow + LANES);
        c50.intoArray(c, cAt + 5 * cRow);
        c51.intoArray(c, cAt + 5 * cRow + LANES);
        c60.intoArray(c, cAt + 6 * cRow);
        c61.intoArray(c, cAt + 6 * cRow + LANES);
        c70.intoArray(c, cAt + 7 * cRow);
        c71.intoArray(c, cAt + 7 * cRow + LANES);
        c80.intoArray(c, cAt + 8 * cRow);
        c81.intoArray(c, cAt + 8 * cRow + LANES);
        c90.intoArray(c, cAt + 9 * cRow);
        c91.intoArray(c, cAt + 9 * cRow + LANES);
        ca0.intoArray(c, cAt + 10 * cRow);
        ca1.intoArray(c, cAt + 10 * cRow + LANES);
        cb0.intoArray(c, cAt + 11 * cRow);
        cb1.intoArray(c, cAt + 11 * cRow + LANES);
    }

    /// [VectorTile#rows] for this tile.
    static void rows(float[] c, int cAt, int cRow, float[] init, int initAt, int initRow,
            float[] a, int aAt, float[] b, int bAt, int depth) {
        FloatVector c00 = load(init, initAt), c01 = load(init, initAt + LANES);
        FloatVector c10 = load(init, initAt + initRow), c11 = load(init, initAt + initRow + LANES);
        FloatVector c20 = load(init, initAt + 2 * initRow), c21 = load(init, initAt + 2 * initRow + LANES);
        FloatVector c30 = load(init, initAt + 3 * initRow), c31 = load(init, initAt + 3 * initRow + LANES);
        FloatVector c40 = load(init, initAt + 4 * initRow), c41 = load(init, initAt + 4 * initRow + LANES);
        FloatVector c50 = load(init, initAt + 5 * initRow), c51 = load(init, initAt + 5 * initRow + LANES);
        FloatVector c60 = load(init, initAt + 6 * initRow), c61 = load(init, initAt + 6 * initRow + LANES);
        FloatVector c70 = load(init, initAt + 7 * initRow), c71 = load(init, initAt + 7 * initRow + LANES);
        FloatVector c80 = load(init, initAt + 8 * initRow), c81 = load(init, initAt + 8 * initRow + LANES);
        FloatVector c90 = load(init, initAt + 9 * initRow), c91 = load(init, initAt + 9 * initRow + LANES);
        FloatVector ca0 = load(init, initAt + 10 * initRow), ca1 = load(init, initAt + 10 * initRow + LANES);
        FloatVector cb0 = load(init, initAt + 11 * initRow), cb1 = load(init, initAt + 11 * initRow + LANES);
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
            FloatVector a4 = FloatVector.broadcast(SPECIES, a[aAt + 4 * STRIDE]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            FloatVector a5 = FloatVector.broadcast(SPECIES, a[aAt + 5 * STRIDE]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            FloatVector a6 = FloatVector.broadcast(SPECIES, a[aAt + 6 * STRIDE]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            FloatVector a7 = FloatVector.broadcast(SPECIES, a[aAt + 7 * STRIDE]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
            FloatVector a8 = FloatVector.broadcast(SPECIES, a[aAt + 8 * STRIDE]);
            c80 = a8.fma(b0, c80);
            c81 = a8.fma(b1, c81);
            FloatVector a9 = FloatVector.broadcast(SPECIES, a[aAt + 9 * STRIDE]);
            c90 = a9.fma(b0, c90);
            c91 = a9.fma(b1, c91);
            FloatVector aa = FloatVector.broadcast(SPECIES, a[aAt + 10 * STRIDE]);
            ca0 = aa.fma(b0, ca0);
            ca1 = aa.fma(b1, ca1);
            FloatVector ab = FloatVector.broadcast(SPECIES, a[aAt + 11 * STRIDE]);
            cb0 = ab.fma(b0, cb0);
            cb1 = ab.fma(b1, cb1);
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
        c40.intoArray(c, cAt + 4 * cRow);
        c41.intoArray(c, cAt + 4 * cRow + LANES);
        c50.intoArray(c, cAt + 5 * cRow);
        c51.intoArray(c, cAt + 5 * cRow + LANES);
        c60.intoArray(c, cAt + 6 * cRow);
        c61.intoArray(c, cAt + 6 * cRow + LANES);
        c70.intoArray(c, cAt + 7 * cRow);
        c71.intoArray(c, cAt + 7 * cRow + LANES);
        c80.intoArray(c, cAt + 8 * cRow);
        c81.intoArray(c, cAt + 8 * cRow + LANES);
        c90.intoArray(c, cAt + 9 * cRow);
        c91.intoArray(c, cAt + 9 * cRow + LANES);
        ca0.intoArray(c, cAt + 10 * cRow);
        ca1.intoArray(c, cAt + 10 * cRow + LANES);
        cb0.intoArray(c, cAt + 11 * cRow);
        cb1.intoArray(c, cAt + 11 * cRow + LANES);
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }
}
