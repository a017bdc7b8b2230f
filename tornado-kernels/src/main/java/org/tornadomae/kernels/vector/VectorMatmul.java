package org.tornadomae.kernels.vector;

import static java.lang.Math.ceilDiv;
import static org.tornadomae.kernels.vector.VectorPack.atLeast;
import static org.tornadomae.kernels.vector.VectorTile.ROWS;
import static org.tornadomae.kernels.vector.VectorTile.WIDTH;

import org.tornadomae.kernels.Tensor;

/// One matrix product for all three orientations a linear layer needs: `C = start + op(A) · op(B)`.
///
/// The depth is cut into blocks of at most [#DEPTH]. For each block all threads first pack A and B into
/// panels (shared, reused by every call), then multiply the panels tile by tile. A matrix that is too large for the
/// panels is done in several such rounds. Every element of C is summed in ascending order of the depth, in one thread:
/// the same bits for any number of threads.
final class VectorMatmul {
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
    /// Tasks that a thread should find.
    private static final int TASKS_PER_THREAD = 2;

    private final VectorWorkers workers;
    /// Sums that start at zero.
    private final Operand none = new Operand(new float[WIDTH], 0, 0, false);
    private final float[] edges;
    private float[] aPanels = new float[0];
    private float[] bPanels = new float[0];

    /// A matrix in rows, somewhere in an array.
    ///
    /// @param row        floats from one row to the next
    /// @param transposed whether the product takes it by columns
    private record Operand(float[] data, int at, int row, boolean transposed) {
        Operand(Tensor tensor, int row, boolean transposed) {
            this(tensor.floats(), tensor.at(), row, transposed);
        }
    }

    /// C = start + op(A) · op(B).
    ///
    /// @param c     `[rows, columns]`
    /// @param a     `[rows, depth]` as the product takes it
    /// @param b     `[depth, columns]` as the product takes it
    /// @param start `[rows, columns]`, or one row for all when its `row` is 0
    private record Product(Operand c, Operand a, Operand b, Operand start, int rows, int columns, int depth) {
    }

    /// What is packed and multiplied at a time: a block of the depth, and the rows and columns that the panels hold.
    ///
    /// @param aCount panels of A from `row0` on
    /// @param bCount panels of B from `column0` on
    private record Round(Product of, int row0, int column0, int depth0, int depth, int aCount, int bCount) {
        /// Where the sums of a tile start: the block before continues in C itself.
        Operand from() {
            return depth0 > 0 ? of.c : of.start;
        }
    }

    VectorMatmul(VectorWorkers workers) {
        this.workers = workers;
        edges = new float[workers.threads() * TILE];
    }

    /// `out[r,o] = bias[o] + sum_i in[r,i] * weight[o,i]`; the bias may be null.
    void forward(Tensor out, Tensor in, Tensor weight, Tensor bias, int rows, int inC, int outC) {
        Operand start = bias == null ? none : new Operand(bias, 0, false);
        product(new Product(new Operand(out, outC, false), new Operand(in, inC, false), new Operand(weight, inC, true),
                start, rows, outC, inC));
    }

    /// `dIn[r,i] = sum_o dOut[r,o] * weight[o,i]`.
    void inputGradient(Tensor dIn, Tensor dOut, Tensor weight, int rows, int inC, int outC) {
        product(new Product(new Operand(dIn, inC, false), new Operand(dOut, outC, false),
                new Operand(weight, inC, false), none, rows, inC, outC));
    }

    /// `dWeight[o,i] += sum_r dOut[r,o] * in[r,i]`.
    void weightGradient(Tensor dWeight, Tensor dOut, Tensor in, int rows, int inC, int outC) {
        Operand sums = new Operand(dWeight, inC, false);
        product(new Product(sums, new Operand(dOut, outC, true), new Operand(in, inC, false), sums, outC, inC, rows));
    }

    private void product(Product p) {
        int aMost = evenPart(ceilDiv(p.rows, ROWS), MAX_A_PANELS);
        int bMost = evenPart(ceilDiv(p.columns, WIDTH), MAX_B_PANELS);
        aPanels = atLeast(aPanels, aMost * A_PANEL);
        bPanels = atLeast(bPanels, bMost * B_PANEL);
        int blocks = ceilDiv(p.depth, DEPTH);
        for (int column = 0; column < p.columns; column += bMost * WIDTH) {
            int bCount = Math.min(bMost, ceilDiv(p.columns - column, WIDTH));
            for (int block = 0; block < blocks; block++) {
                int depth0 = (int) ((long) p.depth * block / blocks);
                int depth = (int) ((long) p.depth * (block + 1) / blocks) - depth0;
                for (int row = 0; row < p.rows; row += aMost * ROWS) {
                    int aCount = Math.min(aMost, ceilDiv(p.rows - row, ROWS));
                    Round round = new Round(p, row, column, depth0, depth, aCount, bCount);
                    pack(round, row == 0);
                    multiply(round);
                }
            }
        }
    }

    private void pack(Round round, boolean packsB) {
        int bCount = packsB ? round.bCount : 0;
        int group = packGroup(round.aCount + bCount);
        int aTasks = ceilDiv(round.aCount, group);
        workers.run(aTasks + ceilDiv(bCount, group), (task, _) -> {
            if (task < aTasks) {
                packA(round, task * group, group);
            } else {
                packB(round, (task - aTasks) * group, group);
            }
        });
    }

    /// Panels of a packing task: fewer where threads would have nothing to do.
    private int packGroup(int panels) {
        int group = PACK_GROUP;
        while (group > 1 && ceilDiv(panels, group) < TASKS_PER_THREAD * workers.threads()) {
            group /= 2;
        }
        return group;
    }

    /// `group` panels of A from `first` on.
    private void packA(Round round, int first, int group) {
        Operand a = round.of.a;
        int row = round.row0 + first * ROWS;
        int filled = Math.min(group * ROWS, Math.min(round.aCount * ROWS, round.of.rows - round.row0) - first * ROWS);
        if (a.transposed) {
            VectorPack.columns(aPanels, first * A_PANEL, A_PANEL, a.data, a.at + round.depth0 * a.row + row, a.row,
                    filled, round.depth);
            return;
        }
        for (int r = 0; r < filled; r += ROWS) {
            VectorPack.columnsTransposed(aPanels, first * A_PANEL + r * DEPTH, a.data,
                    a.at + (row + r) * a.row + round.depth0, a.row,
                    Math.min(ROWS, filled - r), round.depth);
        }
    }

    /// `group` panels of B from `first` on.
    private void packB(Round round, int first, int group) {
        Operand b = round.of.b;
        int column = round.column0 + first * WIDTH;
        int filled = Math.min(group * WIDTH, Math.min(round.bCount * WIDTH, round.of.columns - round.column0)
                - first * WIDTH);
        if (!b.transposed) {
            VectorPack.panels(bPanels, first * B_PANEL, B_PANEL, b.data, b.at + round.depth0 * b.row + column, b.row,
                    filled, round.depth);
            return;
        }
        for (int j = 0; j < filled; j += WIDTH) {
            VectorPack.panelTransposed(bPanels, first * B_PANEL + j * DEPTH, b.data,
                    b.at + (column + j) * b.row + round.depth0, b.row,
                    Math.min(WIDTH, filled - j), round.depth);
        }
    }

    /// A task is a group of rows by a group of columns: halved, the longer side first, where threads would have nothing
    /// to do.
    private void multiply(Round round) {
        int aGroups = ceilDiv(round.aCount, A_GROUP);
        int bGroups = ceilDiv(round.bCount, B_GROUP);
        while (aGroups * bGroups < TASKS_PER_THREAD * workers.threads()
                && (aGroups < round.aCount || bGroups < round.bCount)) {
            boolean tall = round.aCount * ROWS * bGroups > round.bCount * WIDTH * aGroups;
            if (bGroups == round.bCount || tall && aGroups < round.aCount) {
                aGroups = Math.min(2 * aGroups, round.aCount);
            } else {
                bGroups = Math.min(2 * bGroups, round.bCount);
            }
        }
        int high = aGroups;
        int wide = bGroups;
        workers.run(high * wide, (task, worker) -> {
            int a = task % high;
            int b = task / high;
            tiles(round, round.aCount * a / high, round.aCount * (a + 1) / high,
                    round.bCount * b / wide, round.bCount * (b + 1) / wide, worker * TILE);
        });
    }

    private void tiles(Round round, int aFirst, int aEnd, int bFirst, int bEnd, int edge) {
        for (int aPanel = aFirst; aPanel < aEnd; aPanel++) {
            int row = round.row0 + aPanel * ROWS;
            for (int bPanel = bFirst; bPanel < bEnd; bPanel++) {
                int column = round.column0 + bPanel * WIDTH;
                if (row + ROWS <= round.of.rows && column + WIDTH <= round.of.columns) {
                    fullTile(round, row, column, aPanel, bPanel);
                } else {
                    edgeTile(round, row, column, aPanel, bPanel, edge);
                }
            }
        }
    }

    private void fullTile(Round round, int row, int column, int aPanel, int bPanel) {
        Operand c = round.of.c;
        Operand from = round.from();
        int fromAt = from == none ? 0 : from.at + row * from.row + column;
        tile(c.data, c.at + row * c.row + column, c.row, from.data, fromAt, from.row, aPanel, bPanel, round.depth);
    }

    private void edgeTile(Round round, int row, int column, int aPanel, int bPanel, int edge) {
        Operand c = round.of.c;
        Operand from = round.from();
        int height = Math.min(ROWS, round.of.rows - row);
        int width = Math.min(WIDTH, round.of.columns - column);
        int fromAt = from == none ? 0 : from.at + row * from.row + column;
        for (int r = 0; r < height; r++) {
            System.arraycopy(from.data, fromAt + r * from.row, edges, edge + r * WIDTH, width);
        }
        tile(edges, edge, WIDTH, edges, edge, WIDTH, aPanel, bPanel, round.depth);
        for (int r = 0; r < height; r++) {
            System.arraycopy(edges, edge + r * WIDTH, c.data, c.at + (row + r) * c.row + column, width);
        }
    }

    private void tile(float[] to, int toAt, int toRow, float[] from, int fromAt, int fromRow, int aPanel, int bPanel,
            int depth) {
        VectorTile.columns(to, toAt, toRow, from, fromAt, fromRow, aPanels, aPanel * A_PANEL, ROWS, bPanels,
                bPanel * B_PANEL, depth);
    }

    /// The size of the parts when `count` is cut into parts of nearly equal size, none above `most`.
    private static int evenPart(int count, int most) {
        return ceilDiv(count, ceilDiv(count, most));
    }
}
