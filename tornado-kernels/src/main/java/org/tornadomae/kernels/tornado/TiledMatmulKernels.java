package org.tornadomae.kernels.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;

/// The matrix products of [org.tornadomae.kernels.loop.MatmulKernels] for GPUs: a work-group of 16×16 threads computes
/// a tile of 64×64 results, each thread 4×4 of them in registers, from slices of both operands that the group shares in
/// local memory.
///
/// Every sum runs over the same terms in the same order as in the plain loops. Threads are numbered so that neighbours
/// read neighbouring elements; rows and columns past the end are read as 0 and not written. Tiles are padded by one
/// column, so that threads storing into a column of a tile do not queue for one memory bank. Local arrays stay in the
/// kernel's own body: TornadoVM addresses them wrongly in a method that it inlines.
public final class TiledMatmulKernels {
    /// Threads along each side of a work-group.
    private static final int THREADS = 16;
    /// Results along each side of a work-group's tile.
    private static final int TILE = 64;
    /// Terms that are summed between two barriers.
    private static final int DEPTH = 16;
    private static final int STRIDE = TILE + 1;

    private TiledMatmulKernels() {}

    /// Threads for tiles that cover a result `[rows, columns]`.
    public static WorkerGrid threads(int rows, int columns) {
        WorkerGrid2D grid = new WorkerGrid2D(side(columns), side(rows));
        grid.setLocalWork(THREADS, THREADS, 1);
        return grid;
    }

    private static int side(int n) {
        return Math.ceilDiv(n, TILE) * THREADS;
    }

    /// [org.tornadomae.kernels.loop.MatmulKernels#matmulForward]
    public static void matmulForward(KernelContext context, int[] layer, float[] out, int outAt, float[] in, int inAt,
            int stacked,
            float[] params, int weightAt, int weightStep, int biasAt, int biasStep, int rows, int inC, int outC) {
        float[] a = context.allocateFloatLocalArray(DEPTH * STRIDE);
        float[] b = context.allocateFloatLocalArray(DEPTH * STRIDE);
        int l = layer[0];
        int r0 = context.groupIdy * TILE;
        int o0 = context.groupIdx * TILE;
        int x = context.localIdx;
        int y = context.localIdy;
        float[] sum = new float[16];
        zero(sum);
        for (int k = 0; k < inC; k += DEPTH) {
            for (int i = 0; i < 4; i++) {
                a[x * STRIDE + y + THREADS * i] =
                        element(in, inAt + l * (stacked / 2) * rows * inC, r0 + y + THREADS * i, rows, k + x, inC);
                b[x * STRIDE + y + THREADS * i] = element(params, weightAt + l * weightStep,
                        o0 + y + THREADS * i, outC, k + x, inC);
            }
            context.localBarrier();
            for (int d = 0; d < DEPTH; d++) {
                for (int i = 0; i < 4; i++) {
                    float left = a[d * STRIDE + y + THREADS * i];
                    for (int j = 0; j < 4; j++) {
                        sum[4 * i + j] = sum[4 * i + j] + left * b[d * STRIDE + x + THREADS * j];
                    }
                }
            }
            context.localBarrier();
        }
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                int r = r0 + y + THREADS * i;
                int o = o0 + x + THREADS * j;
                if (r < rows && o < outC) {
                    float bias = 0f;
                    if (biasAt >= 0) {
                        bias = params[biasAt + l * biasStep + o];
                    }
                    out[outAt + (l * (stacked % 2) * rows + r) * outC + o] = bias + sum[4 * i + j];
                }
            }
        }
    }

    /// [org.tornadomae.kernels.loop.MatmulKernels#matmulBackwardInput]
    public static void matmulBackwardInput(KernelContext context, int[] layer, float[] dIn, int dInAt,
            float[] dOut, int dOutAt, float[] params, int weightAt, int weightStep, int rows, int inC, int outC) {
        float[] a = context.allocateFloatLocalArray(DEPTH * STRIDE);
        float[] b = context.allocateFloatLocalArray(DEPTH * STRIDE);
        int r0 = context.groupIdy * TILE;
        int i0 = context.groupIdx * TILE;
        int x = context.localIdx;
        int y = context.localIdy;
        float[] sum = new float[16];
        zero(sum);
        for (int k = 0; k < outC; k += DEPTH) {
            for (int i = 0; i < 4; i++) {
                a[x * STRIDE + y + THREADS * i] = element(dOut, dOutAt, r0 + y + THREADS * i, rows, k + x, outC);
                b[y * STRIDE + x + THREADS * i] = element(params, weightAt + layer[0] * weightStep,
                        k + y, outC, i0 + x + THREADS * i, inC);
            }
            context.localBarrier();
            for (int d = 0; d < DEPTH; d++) {
                for (int i = 0; i < 4; i++) {
                    float left = a[d * STRIDE + y + THREADS * i];
                    for (int j = 0; j < 4; j++) {
                        sum[4 * i + j] = sum[4 * i + j] + left * b[d * STRIDE + x + THREADS * j];
                    }
                }
            }
            context.localBarrier();
        }
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                int r = r0 + y + THREADS * i;
                int c = i0 + x + THREADS * j;
                if (r < rows && c < inC) {
                    dIn[dInAt + r * inC + c] = sum[4 * i + j];
                }
            }
        }
    }

    /// [org.tornadomae.kernels.loop.MatmulKernels#matmulBackwardWeight]
    public static void matmulBackwardWeight(KernelContext context, int[] layer, float[] grads, int weightAt,
            int weightStep, float[] dOut, int dOutAt, float[] in, int inAt, int inStep, int rows, int inC, int outC) {
        float[] a = context.allocateFloatLocalArray(DEPTH * STRIDE);
        float[] b = context.allocateFloatLocalArray(DEPTH * STRIDE);
        int l = layer[0];
        int o0 = context.groupIdy * TILE;
        int i0 = context.groupIdx * TILE;
        int x = context.localIdx;
        int y = context.localIdy;
        float[] sum = new float[16];
        zero(sum);
        for (int k = 0; k < rows; k += DEPTH) {
            for (int i = 0; i < 4; i++) {
                a[y * STRIDE + x + THREADS * i] = element(dOut, dOutAt, k + y, rows, o0 + x + THREADS * i, outC);
                b[y * STRIDE + x + THREADS * i] =
                        element(in, inAt + l * inStep, k + y, rows, i0 + x + THREADS * i, inC);
            }
            context.localBarrier();
            for (int d = 0; d < DEPTH; d++) {
                for (int i = 0; i < 4; i++) {
                    float left = a[d * STRIDE + y + THREADS * i];
                    for (int j = 0; j < 4; j++) {
                        sum[4 * i + j] = sum[4 * i + j] + left * b[d * STRIDE + x + THREADS * j];
                    }
                }
            }
            context.localBarrier();
        }
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                int o = o0 + y + THREADS * i;
                int c = i0 + x + THREADS * j;
                if (o < outC && c < inC) {
                    int w = weightAt + l * weightStep + o * inC + c;
                    grads[w] = grads[w] + sum[4 * i + j];
                }
            }
        }
    }

    private static void zero(float[] sum) {
        for (int i = 0; i < 16; i++) {
            sum[i] = 0f;
        }
    }

    /// matrix`[row, column]` of a matrix `[rows, columns]` that starts at `at`, or 0 outside of it.
    private static float element(float[] matrix, int at, int row, int rows, int column, int columns) {
        float value = 0f;
        if (row < rows && column < columns) {
            value = matrix[at + row * columns + column];
        }
        return value;
    }
}
