package org.tornadomae.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The tiles are written out by hand: every one of their sums must have the bits of a plain loop of fused
/// multiply-adds, on any machine, also the tile that this machine does not use.
class VectorTileTest {
    private static final int WIDTH = VectorTile.WIDTH;
    private static final int ROW = WIDTH + 5;
    private static final int AT = 3;

    /// Both methods of a tile, by the layout of A.
    private interface Tile {
        void run(float[] c, int cAt, int cRow, float[] init, int initAt, int initRow, float[] a, int aAt, float[] b,
                int bAt, int depth);
    }

    private static float[] random(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }

    /// @param across floats of A from one row to the next
    /// @param along  floats of A from one step of the depth to the next
    private static void check(Tile tile, int rows, int across, int along, int depth) {
        Random random = new Random(depth);
        float[] a = random(random, AT + rows * across + depth * along);
        float[] b = random(random, AT + depth * WIDTH);
        float[] init = random(random, AT + rows * ROW);
        for (int initRow : new int[] {0, ROW}) {
            float[] actual = random(random, AT + rows * ROW);
            float[] expected = actual.clone();
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < WIDTH; j++) {
                    float sum = init[AT + r * initRow + j];
                    for (int k = 0; k < depth; k++) {
                        sum = Math.fma(a[AT + r * across + k * along], b[AT + k * WIDTH + j], sum);
                    }
                    expected[AT + r * ROW + j] = sum;
                }
            }
            tile.run(actual, AT, ROW, init, AT, initRow, a, AT, b, AT, depth);
            assertArrayEquals(expected, actual, 0f);
        }
    }

    private static void columns(Tile tile, int rows, int depth) {
        check(tile, rows, 1, rows + 2, depth);
    }

    private static void rows(Tile tile, int rows, int depth) {
        check(tile, rows, VectorTile.STRIDE, 1, depth);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 13, 207})
    void tileOfTwelveRows(int depth) {
        int rows = VectorTile12.ROWS;
        columns((c, cAt, cRow, init, initAt, initRow, a, aAt, b, bAt, n) -> VectorTile12.columns(c, cAt, cRow, init,
                initAt, initRow, a, aAt, rows + 2, b, bAt, n), rows, depth);
        rows(VectorTile12::rows, rows, depth);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 13, 207})
    void tileOfFourRows(int depth) {
        int rows = VectorTile4.ROWS;
        columns((c, cAt, cRow, init, initAt, initRow, a, aAt, b, bAt, n) -> VectorTile4.columns(c, cAt, cRow, init,
                initAt, initRow, a, aAt, rows + 2, b, bAt, n), rows, depth);
        rows(VectorTile4::rows, rows, depth);
    }
}
