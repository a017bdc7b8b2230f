package org.tornadomae.kernels.vector;

import static java.lang.Math.ceilDiv;
import static org.tornadomae.kernels.vector.VectorPack.atLeast;
import static org.tornadomae.kernels.vector.VectorTile.ROWS;
import static org.tornadomae.kernels.vector.VectorTile.WIDTH;

/// One matrix product for all three orientations a linear layer needs: `C = start + op(A) · op(B)`.
///
/// The depth is cut into blocks of at most [#DEPTH]. For each block all threads first pack A and B into
/// panels (shared, reused by every call), then multiply the panels tile by tile. A matrix that is too large for the
/// panels is done in several such rounds. Every element of C is summed in ascending order of the depth, in one thread:
/// the same bits for any number of threads.
public final class VectorMatmul {
    /// Most steps of a block.
    private static final int DEPTH = 384;
    private static final int MAX_A_PANELS = 1536 / ROWS;
    private static final int MAX_B_PANELS = 3072 / WIDTH;
    /// Panels of a task: what a core keeps in its second-level cache.
    private static final int A_GROUP = 96 / ROWS;
    private static final int B_GROUP = 128 / WIDTH;
    private static final int A_PANEL = DEPTH * ROWS;
    private static final int B_PANEL = DEPTH * WIDTH;
    private static final int TILE = ROWS * WIDTH;
    /// Panels that one task packs side by side.
    private static final int PACK_GROUP = 8;

    private final VectorWorkers workers;
    private final VectorWorkers.Body pack = this::pack;
    private final VectorWorkers.Body multiply = this::multiply;
    private final float[] zeros = new float[WIDTH];
    private final float[] edges;
    private float[] aPanels = new float[0];
    private float[] bPanels = new float[0];

    // The product in hand, set by product() and read by the tasks.
    private float[] c;
    private float[] a;
    private float[] b;
    private float[] start;
    private int cAt;
    private int aAt;
    private int bAt;
    private int startAt;
    private int rows;
    private int columns;
    private int aRow;
    private int bRow;
    private boolean aTransposed;
    private boolean bTransposed;
    private int startRow;
    private int row0;
    private int column0;
    private int depth0;
    private int depth;
    private int aCount;
    private int bCount;
    private boolean packsB;

    public VectorMatmul(VectorWorkers workers) {
        this.workers = workers;
        edges = new float[workers.threads() * TILE];
    }

    /// `out[r,o] = bias[o] + sum_i in[r,i] * weight[o,i]`; the bias lies at `biasAt` in the array of the weight, -1 for none.
    public void forward(float[] out, int outAt, float[] in, int inAt, float[] weight, int weightAt, int biasAt,
            int rowCount, int inC, int outC) {
        setC(out, outAt, rowCount, outC);
        setA(in, inAt, inC, false);
        setB(weight, weightAt, inC, true);
        start = biasAt < 0 ? zeros : weight;
        startAt = biasAt;
        startRow = 0;
        product(inC);
    }

    /// `dIn[r,i] = sum_o dOut[r,o] * weight[o,i]`.
    public void inputGradient(float[] dIn, float[] dOut, float[] weight, int weightAt,
            int rowCount, int inC, int outC) {
        setC(dIn, 0, rowCount, inC);
        setA(dOut, 0, outC, false);
        setB(weight, weightAt, inC, false);
        start = zeros;
        product(outC);
    }

    /// `dWeight[o,i] += sum_r dOut[r,o] * in[r,i]`.
    public void weightGradient(float[] dWeight, int dWeightAt, float[] dOut, float[] in, int inAt,
            int rowCount, int inC, int outC) {
        setC(dWeight, dWeightAt, outC, inC);
        setA(dOut, 0, outC, true);
        setB(in, inAt, inC, false);
        start = dWeight;
        startAt = dWeightAt;
        startRow = inC;
        product(rowCount);
    }

    private void setC(float[] matrix, int at, int rowCount, int columnCount) {
        c = matrix;
        cAt = at;
        rows = rowCount;
        columns = columnCount;
    }

    private void setA(float[] matrix, int at, int row, boolean transposed) {
        a = matrix;
        aAt = at;
        aRow = row;
        aTransposed = transposed;
    }

    private void setB(float[] matrix, int at, int row, boolean transposed) {
        b = matrix;
        bAt = at;
        bRow = row;
        bTransposed = transposed;
    }

    private void product(int fullDepth) {
        int aMost = evenPart(ceilDiv(rows, ROWS), MAX_A_PANELS);
        int bMost = evenPart(ceilDiv(columns, WIDTH), MAX_B_PANELS);
        aPanels = atLeast(aPanels, aMost * A_PANEL);
        bPanels = atLeast(bPanels, bMost * B_PANEL);
        int depthBlocks = ceilDiv(fullDepth, DEPTH);
        for (column0 = 0; column0 < columns; column0 += bMost * WIDTH) {
            bCount = Math.min(bMost, ceilDiv(columns - column0, WIDTH));
            for (int block = 0; block < depthBlocks; block++) {
                depth0 = (int) ((long) fullDepth * block / depthBlocks);
                depth = (int) ((long) fullDepth * (block + 1) / depthBlocks) - depth0;
                packsB = true;
                for (row0 = 0; row0 < rows; row0 += aMost * ROWS) {
                    aCount = Math.min(aMost, ceilDiv(rows - row0, ROWS));
                    workers.run(ceilDiv(aCount, PACK_GROUP) + (packsB ? ceilDiv(bCount, PACK_GROUP) : 0), pack);
                    workers.run(ceilDiv(aCount, A_GROUP) * ceilDiv(bCount, B_GROUP), multiply);
                    packsB = false;
                }
            }
        }
    }

    private void pack(int task, int worker) {
        int aTasks = ceilDiv(aCount, PACK_GROUP);
        if (task < aTasks) {
            packA(task * PACK_GROUP);
        } else {
            packB((task - aTasks) * PACK_GROUP);
        }
    }

    /// Some panels of A from `first` on.
    private void packA(int first) {
        int row = row0 + first * ROWS;
        int filled = Math.min(PACK_GROUP * ROWS, Math.min(aCount * ROWS, rows - row0) - first * ROWS);
        if (aTransposed) {
            VectorPack.columns(aPanels, first * A_PANEL, A_PANEL, a, aAt + depth0 * aRow + row, aRow, filled, depth);
            return;
        }
        for (int r = 0; r < filled; r += ROWS) {
            VectorPack.columnsTransposed(aPanels, first * A_PANEL + r * DEPTH, a, aAt + (row + r) * aRow + depth0, aRow,
                    Math.min(ROWS, filled - r), depth);
        }
    }

    /// Some panels of B from `first` on.
    private void packB(int first) {
        int column = column0 + first * WIDTH;
        int filled = Math.min(PACK_GROUP * WIDTH, Math.min(bCount * WIDTH, columns - column0) - first * WIDTH);
        if (!bTransposed) {
            VectorPack.panels(bPanels, first * B_PANEL, B_PANEL, b, bAt + depth0 * bRow + column, bRow, filled, depth);
            return;
        }
        for (int j = 0; j < filled; j += WIDTH) {
            VectorPack.panelTransposed(bPanels, first * B_PANEL + j * DEPTH, b, bAt + (column + j) * bRow + depth0, bRow,
                    Math.min(WIDTH, filled - j), depth);
        }
    }

    private void multiply(int task, int worker) {
        int aGroups = ceilDiv(aCount, A_GROUP);
        int bGroups = ceilDiv(bCount, B_GROUP);
        int aGroup = task % aGroups;
        int bGroup = task / aGroups;
        int aFirst = aCount * aGroup / aGroups;
        int bFirst = bCount * bGroup / bGroups;
        int aEnd = aCount * (aGroup + 1) / aGroups;
        int bEnd = bCount * (bGroup + 1) / bGroups;
        for (int aPanel = aFirst; aPanel < aEnd; aPanel++) {
            int row = row0 + aPanel * ROWS;
            for (int bPanel = bFirst; bPanel < bEnd; bPanel++) {
                int column = column0 + bPanel * WIDTH;
                if (row + ROWS <= rows && column + WIDTH <= columns) {
                    fullTile(row, column, aPanel, bPanel);
                } else {
                    edgeTile(row, column, aPanel, bPanel, worker * TILE);
                }
            }
        }
    }

    private void fullTile(int row, int column, int aPanel, int bPanel) {
        int at = cAt + row * columns + column;
        if (depth0 > 0) {
            tile(c, at, columns, c, at, columns, aPanel, bPanel);
        } else if (start == zeros) {
            tile(c, at, columns, zeros, 0, 0, aPanel, bPanel);
        } else {
            tile(c, at, columns, start, startAt + row * startRow + column, startRow, aPanel, bPanel);
        }
    }

    private void edgeTile(int row, int column, int aPanel, int bPanel, int edge) {
        int height = Math.min(ROWS, rows - row);
        int width = Math.min(WIDTH, columns - column);
        int at = cAt + row * columns + column;
        for (int r = 0; r < height; r++) {
            if (depth0 > 0) {
                System.arraycopy(c, at + r * columns, edges, edge + r * WIDTH, width);
            } else if (start == zeros) {
                System.arraycopy(zeros, 0, edges, edge + r * WIDTH, width);
            } else {
                System.arraycopy(start, startAt + (row + r) * startRow + column, edges, edge + r * WIDTH, width);
            }
        }
        tile(edges, edge, WIDTH, edges, edge, WIDTH, aPanel, bPanel);
        for (int r = 0; r < height; r++) {
            System.arraycopy(edges, edge + r * WIDTH, c, at + r * columns, width);
        }
    }

    private void tile(float[] to, int toAt, int toRow, float[] from, int fromAt, int fromRow, int aPanel, int bPanel) {
        VectorTile.columns(to, toAt, toRow, from, fromAt, fromRow, aPanels, aPanel * A_PANEL, ROWS, bPanels, bPanel * B_PANEL, depth);
    }

    /// The size of the parts when `count` is cut into parts of nearly equal size, none above `most`.
    private static int evenPart(int count, int most) {
        return ceilDiv(count, ceilDiv(count, most));
    }
}
