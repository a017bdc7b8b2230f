package org.tornadomae.kernels.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/// [org.tornadomae.kernels.loop.AttentionKernels] for GPUs: a group of threads owns [#THREADS] tokens of one head, a
/// token each with its sums in registers, while all tokens of the clip pass by in tiles that the group loads once into
/// local memory.
///
/// Scores are taken [#BLOCK] at a time, so that sums are rescaled once a block and not once a key; rows beyond the last
/// token get a score of minus infinity.
///
/// Local arrays are used in the kernels themselves only: in a method that is inlined, TornadoVM 5.2 addresses them as
/// if they were global.
public final class TiledAttentionKernels {
    /// Threads of a group.
    private static final int THREADS = 64;
    /// Largest head whose tiles fit the local memory of every GPU.
    public static final int MAX_HEAD_SIZE = 128;
    /// Rows of a tile.
    private static final int TILE = 32;
    /// Rows that a thread works on together; divides TILE.
    private static final int BLOCK = 4;

    private TiledAttentionKernels() {}

    /// A thread for each token of each of `heads` heads, B·NH, the tokens rounded up to whole groups.
    public static WorkerGrid threads(int tokens, int heads) {
        WorkerGrid2D grid = new WorkerGrid2D(Math.ceilDiv(tokens, THREADS) * THREADS, heads);
        grid.setLocalWork(THREADS, 1, 1);
        return grid;
    }

    /// [org.tornadomae.kernels.loop.AttentionKernels#attentionForward]
    public static void attentionForward(KernelContext context, int[] layer, float[] out, int outAt, int outStep,
            float[] lse, int lseAt, int lseStep, float[] qkv, int qkvAt, int qkvStep, int batch, int tokens, int heads,
            int headSize) {
        float[] keys = context.allocateFloatLocalArray(TILE * headSize);
        float[] values = context.allocateFloatLocalArray(TILE * headSize);
        float[] beyond = context.allocateFloatLocalArray(TILE);
        int bh = context.globalIdy;
        int t = context.globalIdx;
        int width = heads * headSize;
        int clip = qkvAt + layer[0] * qkvStep + (bh / heads) * tokens * 3 * width + (bh % heads) * headSize;
        float[] q = new float[headSize];
        float[] sum = new float[headSize];
        load(q, qkv, clip + TornadoMath.min(t, tokens - 1) * 3 * width, headSize, 1f / TornadoMath.sqrt(headSize));
        clear(sum, headSize);
        float max = -1e30f;
        float total = 0f;
        for (int j0 = 0; j0 < tokens; j0 += TILE) {
            for (int i = context.localIdx; i < TILE * headSize; i += THREADS) {
                int j = j0 + i / headSize;
                int c = i % headSize;
                int row = TornadoMath.min(j, tokens - 1);
                keys[i] = qkv[clip + width + row * 3 * width + c];
                values[i] = qkv[clip + 2 * width + row * 3 * width + c];
                beyond[i / headSize] = (row - j) * 1e30f;
            }
            context.localBarrier();
            for (int j = 0; j < TILE; j += BLOCK) {
                float[] p = new float[BLOCK];
                float newMax = max;
                for (int i = 0; i < BLOCK; i++) {
                    float score = beyond[j + i];
                    for (int c = 0; c < headSize; c++) {
                        score += q[c] * keys[(j + i) * headSize + c];
                    }
                    p[i] = score;
                    newMax = TornadoMath.max(newMax, score);
                }
                float shrink = TornadoMath.exp(max - newMax);
                total = total * shrink;
                for (int i = 0; i < BLOCK; i++) {
                    p[i] = TornadoMath.exp(p[i] - newMax);
                    total = total + p[i];
                }
                for (int c = 0; c < headSize; c++) {
                    float value = sum[c] * shrink;
                    for (int i = 0; i < BLOCK; i++) {
                        value = value + p[i] * values[(j + i) * headSize + c];
                    }
                    sum[c] = value;
                }
                max = newMax;
            }
            context.localBarrier();
        }
        if (t < tokens) {
            int o = outAt + layer[0] * outStep + ((bh / heads) * tokens + t) * width + (bh % heads) * headSize;
            for (int c = 0; c < headSize; c++) {
                out[o + c] = sum[c] / total;
            }
            lse[lseAt + layer[0] * lseStep + bh * tokens + t] = max + TornadoMath.log(total);
        }
    }

    /// [org.tornadomae.kernels.loop.AttentionKernels#attentionBackwardQuery]
    public static void attentionBackwardQuery(KernelContext context, int[] layer, float[] dQkv, int dQkvAt,
            float[] dOut, int dOutAt, float[] dots, int dotsAt, float[] qkv, int qkvAt, int qkvStep, int batch,
            int tokens, int heads, int headSize) {
        float[] keys = context.allocateFloatLocalArray(TILE * headSize);
        float[] values = context.allocateFloatLocalArray(TILE * headSize);
        float[] beyond = context.allocateFloatLocalArray(TILE);
        int bh = context.globalIdy;
        int t = context.globalIdx;
        int safe = TornadoMath.min(t, tokens - 1);
        int width = heads * headSize;
        int head = (bh % heads) * headSize;
        int first = (bh / heads) * tokens;
        int clip = qkvAt + layer[0] * qkvStep + first * 3 * width + head;
        float scale = 1f / TornadoMath.sqrt(headSize);
        float queryDot = dots[dotsAt + 2 * (bh * tokens + safe)];
        float logSum = dots[dotsAt + 2 * (bh * tokens + safe) + 1];
        float[] q = new float[headSize];
        float[] d = new float[headSize];
        float[] sum = new float[headSize];
        load(q, qkv, clip + safe * 3 * width, headSize, scale);
        load(d, dOut, dOutAt + (first + safe) * width + head, headSize, 1f);
        clear(sum, headSize);
        for (int j0 = 0; j0 < tokens; j0 += TILE) {
            for (int i = context.localIdx; i < TILE * headSize; i += THREADS) {
                int j = j0 + i / headSize;
                int c = i % headSize;
                int row = TornadoMath.min(j, tokens - 1);
                keys[i] = qkv[clip + width + row * 3 * width + c];
                values[i] = qkv[clip + 2 * width + row * 3 * width + c];
                beyond[i / headSize] = (row - j) * 1e30f;
            }
            context.localBarrier();
            for (int j = 0; j < TILE; j += BLOCK) {
                float[] dS = new float[BLOCK];
                for (int i = 0; i < BLOCK; i++) {
                    float score = beyond[j + i];
                    float dP = 0f;
                    for (int c = 0; c < headSize; c++) {
                        score += q[c] * keys[(j + i) * headSize + c];
                        dP += d[c] * values[(j + i) * headSize + c];
                    }
                    dS[i] = TornadoMath.exp(score - logSum) * (dP - queryDot) * scale;
                }
                for (int c = 0; c < headSize; c++) {
                    float value = sum[c];
                    for (int i = 0; i < BLOCK; i++) {
                        value = value + dS[i] * keys[(j + i) * headSize + c];
                    }
                    sum[c] = value;
                }
            }
            context.localBarrier();
        }
        if (t < tokens) {
            for (int c = 0; c < headSize; c++) {
                dQkv[dQkvAt + (first + t) * 3 * width + head + c] = sum[c];
            }
        }
    }

    /// [org.tornadomae.kernels.loop.AttentionKernels#attentionBackwardKeyValue]; here the thread's token is a key, and
    /// queries pass by.
    public static void attentionBackwardKeyValue(KernelContext context, int[] layer, float[] dQkv, int dQkvAt,
            float[] dOut, int dOutAt, float[] dots, int dotsAt, float[] qkv, int qkvAt, int qkvStep, int batch,
            int tokens, int heads, int headSize) {
        float[] queries = context.allocateFloatLocalArray(TILE * headSize);
        float[] dOuts = context.allocateFloatLocalArray(TILE * headSize);
        float[] minusLogSums = context.allocateFloatLocalArray(TILE);
        float[] queryDots = context.allocateFloatLocalArray(TILE);
        int bh = context.globalIdy;
        int t = context.globalIdx;
        int safe = TornadoMath.min(t, tokens - 1);
        int width = heads * headSize;
        int head = (bh % heads) * headSize;
        int first = (bh / heads) * tokens;
        int clip = qkvAt + layer[0] * qkvStep + first * 3 * width + head;
        float scale = 1f / TornadoMath.sqrt(headSize);
        float[] k = new float[headSize];
        float[] v = new float[headSize];
        float[] sumK = new float[headSize];
        float[] sumV = new float[headSize];
        load(k, qkv, clip + width + safe * 3 * width, headSize, scale);
        load(v, qkv, clip + 2 * width + safe * 3 * width, headSize, 1f);
        clear(sumK, headSize);
        clear(sumV, headSize);
        for (int j0 = 0; j0 < tokens; j0 += TILE) {
            for (int i = context.localIdx; i < TILE * headSize; i += THREADS) {
                int j = j0 + i / headSize;
                int c = i % headSize;
                int row = TornadoMath.min(j, tokens - 1);
                queries[i] = qkv[clip + row * 3 * width + c];
                dOuts[i] = dOut[dOutAt + first * width + head + row * width + c];
                int query = dotsAt + 2 * (bh * tokens + row);
                queryDots[i / headSize] = dots[query];
                minusLogSums[i / headSize] = (row - j) * 1e30f - dots[query + 1];
            }
            context.localBarrier();
            for (int j = 0; j < TILE; j++) {
                float score = minusLogSums[j];
                float dP = 0f;
                for (int c = 0; c < headSize; c++) {
                    score += k[c] * queries[j * headSize + c];
                    dP += v[c] * dOuts[j * headSize + c];
                }
                float p = TornadoMath.exp(score);
                float dS = p * (dP - queryDots[j]) * scale;
                for (int c = 0; c < headSize; c++) {
                    sumK[c] = sumK[c] + dS * queries[j * headSize + c];
                    sumV[c] = sumV[c] + p * dOuts[j * headSize + c];
                }
            }
            context.localBarrier();
        }
        if (t < tokens) {
            int d = dQkvAt + (first + t) * 3 * width + width + head;
            for (int c = 0; c < headSize; c++) {
                dQkv[d + c] = sumK[c];
                dQkv[d + width + c] = sumV[c];
            }
        }
    }

    private static void clear(float[] sum, int headSize) {
        for (int c = 0; c < headSize; c++) {
            sum[c] = 0f;
        }
    }

    /// row`[c]` = from`[at + c]`·scale.
    private static void load(float[] row, float[] from, int at, int headSize, float scale) {
        for (int c = 0; c < headSize; c++) {
            row[c] = from[at + c] * scale;
        }
    }
}
