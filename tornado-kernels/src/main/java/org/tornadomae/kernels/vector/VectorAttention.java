package org.tornadomae.kernels.vector;

import static java.lang.Math.ceilDiv;
import static org.tornadomae.kernels.vector.VectorPack.atLeast;
import static org.tornadomae.kernels.vector.VectorTile.LANES;
import static org.tornadomae.kernels.vector.VectorTile.ROWS;
import static org.tornadomae.kernels.vector.VectorTile.WIDTH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.tornadomae.kernels.AttentionShape;

/// Softmax attention, forward: one sweep over the keys with a running maximum, a block of queries at a time.
///
/// Scores lie transposed, `[keys, QUERIES]`, so that a vector holds one key's scores of neighbouring queries: maxima,
/// sums and factors are vectors too, and nothing is ever reduced across lanes. They are kept times log2(e): the
/// exponential is then 2^x. A task is a part of the queries of one head; it packs the head's keys and values for
/// itself. Each query is computed alone and in a fixed order.
final class VectorAttention {
    /// Queries of a block: a whole number of tiles, in rows as in columns.
    private static final int QUERIES = 96;
    /// Keys of a block: its scores stay in the second-level cache.
    private static final int MAX_KEYS = 384 / ROWS * ROWS;
    private static final float NONE = -1e30f;
    private static final float LN_2 = 0.6931472f;
    private static final int TASKS_PER_THREAD = 8;

    private final VectorWorkers workers;
    private final Scratch[] scratch;
    private final float[] zeros = new float[WIDTH];

    /// What one thread works on. `max`, `totals` and `factors` have one number per query.
    private static final class Scratch {
        float[] keys = {};
        float[] values = {};
        float[] query = {};
        float[] sums = {};
        final float[] scores = new float[MAX_KEYS * QUERIES];
        final float[] max = new float[QUERIES];
        final float[] totals = new float[QUERIES];
        final float[] factors = new float[QUERIES];
    }

    VectorAttention(VectorWorkers workers) {
        this.workers = workers;
        scratch = new Scratch[workers.threads()];
        Arrays.setAll(scratch, i -> new Scratch());
    }

    /// out`[q]` = Σ_k softmax_k(q·k / √HS)·v`[k]`, and the logarithm of each softmax's denominator.
    void forward(AttentionArrays arrays) {
        int parts = parts(arrays.heads(), arrays.shape().tokens());
        workers.run(arrays.heads() * parts,
                (task, worker) -> part(arrays, task / parts, task % parts, parts, scratch[worker]));
    }

    /// Parts of a head: some per thread in whole blocks, and smaller ones where that leaves a thread without work.
    private int parts(int heads, int tokens) {
        int wanted = ceilDiv(TASKS_PER_THREAD * workers.threads(), heads);
        return workers.parts(heads, ceilDiv(tokens, WIDTH), Math.clamp(tokens / QUERIES, 1, wanted));
    }

    private void part(AttentionArrays arrays, int head, int part, int parts, Scratch own) {
        int tokens = arrays.shape().tokens();
        int step = parts <= tokens / QUERIES ? QUERIES : WIDTH;
        int steps = ceilDiv(tokens, step);
        int end = Math.min(tokens, steps * (part + 1) / parts * step);
        packKeysAndValues(own, arrays, head);
        for (int first = steps * part / parts * step; first < end; first += QUERIES) {
            queries(own, arrays, head, first, Math.min(QUERIES, end - first));
        }
    }

    private static void packKeysAndValues(Scratch own, AttentionArrays arrays, int head) {
        int tokens = arrays.shape().tokens();
        int headSize = arrays.shape().headSize();
        int row = arrays.qkvRow();
        int slices = ceilDiv(headSize, WIDTH);
        float[] qkv = arrays.qkv().floats();
        int keys = arrays.queries(arrays.qkv(), head) + arrays.shape().channels();
        own.keys = atLeast(own.keys, ceilDiv(tokens, ROWS) * ROWS * headSize);
        own.values = atLeast(own.values, slices * tokens * WIDTH);
        own.query = atLeast(own.query, QUERIES * headSize);
        own.sums = atLeast(own.sums, slices * QUERIES * WIDTH);
        for (int key = 0; key < tokens; key += ROWS) {
            VectorPack.columnsTransposed(own.keys, key * headSize, qkv, keys + key * row, row,
                    Math.min(ROWS, tokens - key), headSize);
        }
        VectorPack.panels(own.values, 0, tokens * WIDTH, qkv, keys + arrays.shape().channels(), row, headSize, tokens);
    }

    /// One block of queries from `first` on, against all keys.
    private void queries(Scratch own, AttentionArrays arrays, int head, int first, int count) {
        int tokens = arrays.shape().tokens();
        int headSize = arrays.shape().headSize();
        int keyBlock = ceilDiv(ceilDiv(tokens, ceilDiv(tokens, MAX_KEYS)), ROWS) * ROWS;
        packQueries(own, arrays, arrays.queries(arrays.qkv(), head) + first * arrays.qkvRow(), count);
        Arrays.fill(own.max, NONE);
        Arrays.fill(own.totals, 0f);
        Arrays.fill(own.sums, 0f);
        for (int key = 0; key < tokens; key += keyBlock) {
            int keys = Math.min(keyBlock, tokens - key);
            for (int k = 0; k < keys; k += ROWS) {
                for (int q = 0; q < count; q += WIDTH) {
                    VectorTile.columns(own.scores, k * QUERIES + q, QUERIES, zeros, 0, 0,
                            own.keys, (key + k) * headSize, ROWS, own.query, q * headSize, headSize);
                }
            }
            for (int q = 0; q < count; q += WIDTH) {
                softmax(own, keys, q);
            }
            rescale(own, headSize, count);
            addValues(own, arrays.shape(), key, keys, count);
        }
        write(own, arrays, head, first, count);
    }

    private static void packQueries(Scratch own, AttentionArrays arrays, int from, int count) {
        int headSize = arrays.shape().headSize();
        int row = arrays.qkvRow();
        float factor = VectorMath.LOG2_E / (float) Math.sqrt(headSize);
        for (int q = 0; q < count; q += WIDTH) {
            VectorPack.panelTransposed(own.query, q * headSize, arrays.qkv().floats(), from + q * row, row,
                    Math.min(WIDTH, count - q), headSize);
        }
        for (int i = 0; i < Math.ceilDiv(count, WIDTH) * WIDTH * headSize; i++) {
            own.query[i] *= factor;
        }
    }

    /// Two vectors of queries from `q` on: scores become exponentials relative to the largest score so far.
    private static void softmax(Scratch own, int keys, int q) {
        float[] scores = own.scores;
        FloatVector before0 = load(own.max, q);
        FloatVector before1 = load(own.max, q + LANES);
        FloatVector max0 = before0;
        FloatVector max1 = before1;
        for (int at = q; at < q + keys * QUERIES; at += QUERIES) {
            max0 = VectorMath.larger(max0, load(scores, at));
            max1 = VectorMath.larger(max1, load(scores, at + LANES));
        }
        max0.intoArray(own.max, q);
        max1.intoArray(own.max, q + LANES);
        VectorMath.exp2(before0.sub(max0)).intoArray(own.factors, q);
        VectorMath.exp2(before1.sub(max1)).intoArray(own.factors, q + LANES);
        exponentials(own, keys, q);
    }

    private static void exponentials(Scratch own, int keys, int q) {
        float[] scores = own.scores;
        FloatVector max0 = load(own.max, q);
        FloatVector max1 = load(own.max, q + LANES);
        FloatVector total0 = load(own.factors, q).mul(load(own.totals, q));
        FloatVector total1 = load(own.factors, q + LANES).mul(load(own.totals, q + LANES));
        for (int at = q; at < q + keys * QUERIES; at += QUERIES) {
            FloatVector p0 = VectorMath.exp2(load(scores, at).sub(max0));
            FloatVector p1 = VectorMath.exp2(load(scores, at + LANES).sub(max1));
            p0.intoArray(scores, at);
            p1.intoArray(scores, at + LANES);
            total0 = p0.add(total0);
            total1 = p1.add(total1);
        }
        total0.intoArray(own.totals, q);
        total1.intoArray(own.totals, q + LANES);
    }

    /// What was summed so far, relative to the new maximum.
    private static void rescale(Scratch own, int headSize, int count) {
        for (int slice = 0; slice * WIDTH < headSize; slice++) {
            for (int q = 0; q < count; q++) {
                int at = (slice * QUERIES + q) * WIDTH;
                load(own.sums, at).mul(own.factors[q]).intoArray(own.sums, at);
                load(own.sums, at + LANES).mul(own.factors[q]).intoArray(own.sums, at + LANES);
            }
        }
    }

    private static void addValues(Scratch own, AttentionShape shape, int key, int keys, int count) {
        for (int slice = 0; slice * WIDTH < shape.headSize(); slice++) {
            for (int q = 0; q < count; q += ROWS) {
                int at = (slice * QUERIES + q) * WIDTH;
                VectorTile.columns(own.sums, at, WIDTH, own.sums, at, WIDTH,
                        own.scores, q, QUERIES, own.values, (slice * shape.tokens() + key) * WIDTH, keys);
            }
        }
    }

    private static void write(Scratch own, AttentionArrays arrays, int head, int first, int count) {
        int width = arrays.shape().channels();
        int headSize = arrays.shape().headSize();
        int outAt = arrays.outputs(arrays.out(), head) + first * width;
        int lseAt = arrays.statistics(head) + first;
        float[] out = arrays.out().floats();
        float[] logSumExp = arrays.logSumExp().floats();
        for (int q = 0; q < count; q++) {
            VectorPack.scaledRow(out, outAt + q * width, own.sums, q * WIDTH, QUERIES * WIDTH, headSize,
                    1f / own.totals[q]);
            logSumExp[lseAt + q] = own.max[q] * LN_2 + (float) Math.log(own.totals[q]);
        }
    }

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(VectorMath.SPECIES, from, at);
    }
}
