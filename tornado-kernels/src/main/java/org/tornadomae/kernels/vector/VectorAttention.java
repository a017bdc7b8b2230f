package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorTile.LANES;
import static org.tornadomae.kernels.vector.VectorTile.ROWS;
import static org.tornadomae.kernels.vector.VectorTile.STRIDE;
import static org.tornadomae.kernels.vector.VectorTile.WIDTH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Softmax attention, forward: one sweep over the keys with a running maximum, a strip of [VectorTile#ROWS] queries at a
/// time, so that the scores never leave the first-level cache.
///
/// Scores are kept times log2(e): the exponential is then 2^x. A task is a part of the queries of one head; it packs
/// the head's keys and values for itself. Each query is computed alone and in a fixed order.
public final class VectorAttention {
    /// Keys of a block: a strip of scores is [ROWS, STRIDE].
    static final int MAX_KEYS = 384 / WIDTH * WIDTH;
    private static final int TILE = ROWS * WIDTH;
    private static final float NONE = -1e30f;
    private static final float LN_2 = 0.6931472f;
    private static final int TASKS_PER_THREAD = 8;

    private final VectorWorkers workers;
    private final VectorWorkers.Body task = this::part;
    private final Scratch[] scratch;
    private final float[] zeros = new float[WIDTH];

    private float[] out;
    private float[] logSumExp;
    private float[] qkv;
    private int outAt;
    private int logSumExpAt;
    private int qkvAt;
    private int tokens;
    private int heads;
    private int headSize;
    private int parts;
    private int keyBlock;

    /// What one thread works on.
    private static final class Scratch {
        float[] keys = {};
        float[] values = {};
        float[] query = {};
        float[] sums = {};
        final float[] scores = new float[ROWS * STRIDE];
        final float[] max = new float[ROWS];
        final float[] totals = new float[ROWS * LANES];
    }

    public VectorAttention(VectorWorkers workers) {
        this.workers = workers;
        scratch = new Scratch[workers.threads()];
        Arrays.setAll(scratch, i -> new Scratch());
    }

    /// out[q] = Σ_k softmax_k(q·k / √HS)·v[k].
    ///
    /// @param output [B, N, C] at `outputAt`
    /// @param lse    [B, NH, N] at `lseAt`
    /// @param input  [B, N, 3·C] at `inputAt`
    public void forward(float[] output, int outputAt, float[] lse, int lseAt, float[] input, int inputAt,
            int batch, int tokenCount, int headCount, int size) {
        out = output;
        outAt = outputAt;
        logSumExp = lse;
        logSumExpAt = lseAt;
        qkv = input;
        qkvAt = inputAt;
        tokens = tokenCount;
        heads = headCount;
        headSize = size;
        keyBlock = keysPerBlock(tokens);
        int wanted = ceil(TASKS_PER_THREAD * workers.threads(), batch * heads);
        parts = Math.clamp(tokens / (8 * ROWS), 1, wanted);
        workers.run(batch * heads * parts, task);
    }

    /// Blocks of equal length, a multiple of the tile's width and at most [#MAX_KEYS].
    static int keysPerBlock(int tokens) {
        int blocks = ceil(tokens, MAX_KEYS);
        return ceil(ceil(tokens, blocks), WIDTH) * WIDTH;
    }

    private void part(int index, int worker) {
        int head = index / parts;
        int part = index % parts;
        Scratch own = scratch[worker];
        int row = 3 * heads * headSize;
        int from = qkvAt + head / heads * tokens * row + head % heads * headSize;
        packKeysAndValues(own, from);
        int panels = ceil(tokens, ROWS);
        for (int panel = panels * part / parts; panel < panels * (part + 1) / parts; panel++) {
            queries(own, from, head, panel * ROWS);
        }
    }

    private void packKeysAndValues(Scratch own, int from) {
        int width = heads * headSize;
        int slices = ceil(headSize, WIDTH);
        own.keys = atLeast(own.keys, ceil(tokens, WIDTH) * WIDTH * headSize);
        own.values = atLeast(own.values, slices * tokens * WIDTH);
        own.query = atLeast(own.query, ROWS * headSize);
        own.sums = atLeast(own.sums, slices * TILE);
        for (int key = 0; key < tokens; key += WIDTH) {
            VectorPack.panelTransposed(own.keys, key * headSize, qkv, from + width + key * 3 * width, 3 * width,
                    Math.min(WIDTH, tokens - key), headSize);
        }
        VectorPack.panels(own.values, 0, tokens * WIDTH, qkv, from + 2 * width, 3 * width, headSize, tokens);
    }

    /// One strip of queries from `first` on, against all keys.
    private void queries(Scratch own, int from, int head, int first) {
        int row = 3 * heads * headSize;
        int height = Math.min(ROWS, tokens - first);
        int slices = ceil(headSize, WIDTH);
        VectorPack.columnsTransposed(own.query, 0, qkv, from + first * row, row, height, headSize);
        scale(own.query, ROWS * headSize, VectorMath.LOG2_E / (float) Math.sqrt(headSize));
        Arrays.fill(own.max, NONE);
        Arrays.fill(own.totals, 0f);
        Arrays.fill(own.sums, 0f);
        for (int key = 0; key < tokens; key += keyBlock) {
            int count = Math.min(keyBlock, tokens - key);
            int padded = ceil(count, WIDTH) * WIDTH;
            for (int k = 0; k < padded; k += WIDTH) {
                VectorTile.columns(own.scores, k, STRIDE, zeros, 0, 0, own.query, 0, ROWS, own.keys, (key + k) * headSize, headSize);
            }
            for (int r = 0; r < ROWS; r++) {
                Arrays.fill(own.scores, r * STRIDE + count, r * STRIDE + padded, NONE);
                softmax(own, r, padded);
            }
            for (int slice = 0; slice < slices; slice++) {
                VectorTile.rows(own.sums, slice * TILE, WIDTH, own.sums, slice * TILE, WIDTH,
                        own.scores, 0, own.values, (slice * tokens + key) * WIDTH, count);
            }
        }
        write(own, head, first, height);
    }

    /// One row of a strip: scores become exponentials relative to the largest score so far, earlier sums are adapted.
    private void softmax(Scratch own, int r, int count) {
        float before = own.max[r];
        float max = largest(own.scores, r * STRIDE, count, before);
        if (max > before) {
            own.max[r] = max;
            float factor = (float) Math.exp((before - max) * LN_2);
            shrink(own.totals, r * LANES, factor);
            for (int slice = 0; slice * WIDTH < headSize; slice++) {
                shrink(own.sums, slice * TILE + r * WIDTH, factor);
                shrink(own.sums, slice * TILE + r * WIDTH + LANES, factor);
            }
        }
        exponentials(own.scores, r * STRIDE, count, own.max[r], own.totals, r * LANES);
    }

    private static void shrink(float[] sums, int at, float factor) {
        FloatVector.fromArray(VectorMath.SPECIES, sums, at).mul(factor).intoArray(sums, at);
    }

    /// The largest of a row of scores and of what came before.
    private static float largest(float[] scores, int at, int count, float before) {
        FloatVector max0 = FloatVector.broadcast(VectorMath.SPECIES, before);
        FloatVector max1 = max0;
        for (int k = at; k < at + count; k += WIDTH) {
            max0 = VectorMath.larger(max0, FloatVector.fromArray(VectorMath.SPECIES, scores, k));
            max1 = VectorMath.larger(max1, FloatVector.fromArray(VectorMath.SPECIES, scores, k + LANES));
        }
        return VectorMath.larger(max0, max1).reduceLanes(VectorOperators.MAX);
    }

    /// Scores become 2^(score − max), and are added to the totals lane by lane.
    private static void exponentials(float[] scores, int at, int count, float max, float[] totals, int totalsAt) {
        FloatVector total = FloatVector.fromArray(VectorMath.SPECIES, totals, totalsAt);
        for (int k = at; k < at + count; k += LANES) {
            FloatVector p = VectorMath.exp2(FloatVector.fromArray(VectorMath.SPECIES, scores, k).sub(max));
            p.intoArray(scores, k);
            total = p.add(total);
        }
        total.intoArray(totals, totalsAt);
    }

    private void write(Scratch own, int head, int first, int height) {
        int width = heads * headSize;
        for (int r = 0; r < height; r++) {
            float total = 0f;
            for (int lane = 0; lane < LANES; lane++) {
                total += own.totals[r * LANES + lane];
            }
            float factor = 1f / total;
            int at = outAt + (head / heads * tokens + first + r) * width + head % heads * headSize;
            for (int c = 0; c < headSize; c++) {
                out[at + c] = own.sums[c / WIDTH * TILE + r * WIDTH + c % WIDTH] * factor;
            }
            logSumExp[logSumExpAt + head * tokens + first + r] = own.max[r] * LN_2 + (float) Math.log(total);
        }
    }

    private static void scale(float[] x, int count, float factor) {
        for (int i = 0; i < count; i++) {
            x[i] *= factor;
        }
    }

    static int ceil(int size, int step) {
        return (size + step - 1) / step;
    }

    static float[] atLeast(float[] buffer, int size) {
        return buffer.length >= size ? buffer : new float[size];
    }
}
