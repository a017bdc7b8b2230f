package org.tornadomae.kernels.vector;

import static java.lang.Math.ceilDiv;
import static org.tornadomae.kernels.vector.VectorMath.SPECIES;
import static org.tornadomae.kernels.vector.VectorPack.atLeast;
import static org.tornadomae.kernels.vector.VectorTile.LANES;
import static org.tornadomae.kernels.vector.VectorTile.ROWS;
import static org.tornadomae.kernels.vector.VectorTile.STRIDE;
import static org.tornadomae.kernels.vector.VectorTile.WIDTH;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.tornadomae.kernels.Tensor;

/// Softmax attention, backward: the probabilities are computed again from the log-sum-exp, tile by tile, and each tile
/// serves all three gradients while it is in the cache: five products per tile where two separate sweeps need seven.
///
/// A task is a part of the keys of one head: it alone writes dK and dV of those keys, summing over all queries. dQ sums
/// over all keys, so it passes through the parts of its head in order: a part adds its share to a block of queries when
/// the part before it has done so, and computes everything else of that block without waiting. Every sum therefore runs
/// in ascending order whatever the number of parts, and that number may depend on the number of threads: one part where
/// there are heads enough, else no part is longer than a block of keys.
final class VectorAttentionBackward {
    /// Queries of a block: a tile of probabilities is `[QUERIES, STRIDE]`.
    private static final int QUERIES = 96 / ROWS * ROWS;
    /// Keys of a block: a row of such a tile is below [VectorTile#STRIDE].
    private static final int MAX_KEYS = 384 / WIDTH * WIDTH;
    private static final int KEY_ROWS = ceilDiv(MAX_KEYS, ROWS) * ROWS;

    private final VectorWorkers workers;
    private final Scratch[] scratch;
    private final float[] zeros = new float[WIDTH];

    /// Sums of dQ: of a head when the heads are cut in parts, else of a thread.
    private float[][] dQueries = {};

    /// The attention in hand.
    ///
    /// @param of    what the forward direction wrote and read
    /// @param parts of a head
    /// @param turns per head and block of queries, the part that may add to dQ next
    private record Job(Tensor dQkv, Tensor dots, Tensor dOut, AttentionArrays of, int parts, AtomicIntegerArray turns) {
        int tokens() {
            return of.shape().tokens();
        }

        int headSize() {
            return of.shape().headSize();
        }

        int slices() {
            return ceilDiv(headSize(), WIDTH);
        }

        /// Queries of a head, filled up to whole tiles.
        int queryRows() {
            return ceilDiv(tokens(), ROWS) * ROWS;
        }

        int blocks() {
            return ceilDiv(tokens(), QUERIES);
        }

        float scale() {
            return 1f / (float) Math.sqrt(headSize());
        }
    }

    /// What one thread works on. `…Columns` and `…Rows` are the A and B operands of [VectorTile], `…Turned` a B operand
    /// from transposed input.
    private static final class Scratch {
        float[] queryColumns = {};
        float[] queryRows = {};
        float[] dOutColumns = {};
        float[] dOutRows = {};
        float[] keyRows = {};
        float[] keyTurned = {};
        float[] valueTurned = {};
        float[] dKey = {};
        float[] dValue = {};
        final float[] p = new float[QUERIES * STRIDE];
        final float[] dS = new float[QUERIES * STRIDE];
        final float[] lanes = new float[LANES];
    }

    VectorAttentionBackward(VectorWorkers workers) {
        this.workers = workers;
        scratch = new Scratch[workers.threads()];
        Arrays.setAll(scratch, i -> new Scratch());
    }

    /// Forward: s = q·k/√HS, p = exp(s − lse), out = Σ_k p·v; so dV = Σ_q p·dOut, dS = p·(dOut·v − dot),
    /// dQ = Σ_k dS·k/√HS and dK = Σ_q dS·q/√HS, with dot = Σ_c dOut·out.
    void backward(Tensor dQkv, Tensor dots, Tensor dOut, AttentionArrays of) {
        int heads = of.heads();
        int parts = parts(heads, of.shape().tokens());
        AtomicIntegerArray turns = new AtomicIntegerArray(heads * ceilDiv(of.shape().tokens(), QUERIES));
        Job job = new Job(dQkv, dots, dOut, of, parts, turns);
        reserveQueries(job);
        workers.run(heads * job.blocks(),
                (task, worker) -> dots(job, task / job.blocks(), task % job.blocks() * QUERIES, scratch[worker].lanes));
        workers.run(heads * parts, (task, worker) -> part(job, task % heads, task / heads, worker));
    }

    private int parts(int heads, int tokens) {
        int tiles = ceilDiv(tokens, WIDTH);
        int shared = workers.parts(heads, tiles, Math.max(2, ceilDiv(tokens, MAX_KEYS)));
        return workers.busiest(heads, tiles, shared) < workers.busiest(heads, tiles, 1) ? shared : 1;
    }

    private void reserveQueries(Job job) {
        int count = job.parts == 1 ? workers.threads() : job.of.heads();
        dQueries = dQueries.length >= count ? dQueries : Arrays.copyOf(dQueries, count);
        for (int i = 0; i < count; i++) {
            float[] sums = dQueries[i] == null ? new float[0] : dQueries[i];
            dQueries[i] = atLeast(sums, job.slices() * job.queryRows() * WIDTH);
        }
    }

    private void part(Job job, int head, int part, int worker) {
        Scratch own = scratch[worker];
        float[] dQuery = dQueries[job.parts == 1 ? worker : head];
        int tiles = ceilDiv(job.tokens(), WIDTH);
        int end = Math.min(job.tokens(), tiles * (part + 1) / job.parts * WIDTH);
        if (part == 0) {
            Arrays.fill(dQuery, 0, job.slices() * job.queryRows() * WIDTH, 0f);
        }
        reserve(own, job);
        packQueries(own, job, head);
        for (int key = tiles * part / job.parts * WIDTH; key < end; key += MAX_KEYS) {
            keys(own, job, head, part, key, Math.min(MAX_KEYS, end - key), dQuery);
        }
        if (part == job.parts - 1) {
            write(job, job.of.queries(job.dQkv, head), dQuery, job.queryRows(), job.tokens(), job.scale());
        }
    }

    /// One block of keys against all queries.
    private void keys(Scratch own, Job job, int head, int part, int key, int keys, float[] dQuery) {
        packKeys(own, job, head, key, keys);
        for (int block = 0; block < job.blocks(); block++) {
            int query = block * QUERIES;
            int queries = Math.min(QUERIES, job.tokens() - query);
            int turn = head * job.blocks() + block;
            probabilities(own, job, head, query, queries, keys);
            keyProducts(own, job, query, queries, keys);
            workers.awaitTurn(job.turns, turn, part);
            queryProduct(own, job, query, queries, keys, dQuery);
            job.turns.set(turn, (part + 1) % job.parts);
        }
        int to = job.of.queries(job.dQkv, head) + key * job.of.qkvRow() + job.of.shape().channels();
        write(job, to, own.dKey, KEY_ROWS, keys, job.scale());
        write(job, to + job.of.shape().channels(), own.dValue, KEY_ROWS, keys, 1f);
    }

    private static void reserve(Scratch own, Job job) {
        int slices = job.slices();
        int columns = job.queryRows() * job.headSize();
        own.queryColumns = atLeast(own.queryColumns, columns);
        own.dOutColumns = atLeast(own.dOutColumns, columns);
        own.queryRows = atLeast(own.queryRows, slices * job.tokens() * WIDTH);
        own.dOutRows = atLeast(own.dOutRows, slices * job.tokens() * WIDTH);
        own.keyRows = atLeast(own.keyRows, slices * MAX_KEYS * WIDTH);
        own.dKey = atLeast(own.dKey, slices * KEY_ROWS * WIDTH);
        own.dValue = atLeast(own.dValue, slices * KEY_ROWS * WIDTH);
        own.keyTurned = atLeast(own.keyTurned, MAX_KEYS * job.headSize());
        own.valueTurned = atLeast(own.valueTurned, MAX_KEYS * job.headSize());
    }

    /// dot = Σ_c dOut·out and the log-sum-exp beside it, for a block of queries from `query` on; `lanes` is scratch.
    private static void dots(Job job, int head, int query, float[] lanes) {
        AttentionArrays of = job.of;
        float[] dOut = job.dOut.floats();
        float[] out = of.out().floats();
        float[] dots = job.dots.floats();
        float[] logSumExp = of.logSumExp().floats();
        int dotsAt = job.dots.at() + 2 * head * job.tokens();
        int lseAt = of.statistics(head);
        int row = of.shape().channels();
        for (int t = query; t < Math.min(job.tokens(), query + QUERIES); t++) {
            int dOutAt = of.outputs(job.dOut, head) + t * row;
            int outAt = of.outputs(of.out(), head) + t * row;
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int c = 0; c < job.headSize(); c += LANES) {
                VectorMask<Float> mask = SPECIES.indexInRange(c, job.headSize());
                FloatVector d = FloatVector.fromArray(SPECIES, dOut, dOutAt + c, mask);
                sum = d.fma(FloatVector.fromArray(SPECIES, out, outAt + c, mask), sum);
            }
            dots[dotsAt + 2 * t] = VectorMath.sum(sum, lanes);
            dots[dotsAt + 2 * t + 1] = logSumExp[lseAt + t];
        }
    }

    private static void packQueries(Scratch own, Job job, int head) {
        AttentionArrays of = job.of;
        float[] qkv = of.qkv().floats();
        float[] dOut = job.dOut.floats();
        int tokens = job.tokens();
        int headSize = job.headSize();
        int width = of.shape().channels();
        int from = of.queries(of.qkv(), head);
        int at = of.outputs(job.dOut, head);
        for (int query = 0; query < tokens; query += ROWS) {
            int height = Math.min(ROWS, tokens - query);
            VectorPack.columnsTransposed(own.queryColumns, query * headSize, qkv, from + query * 3 * width, 3 * width,
                    height, headSize);
            VectorPack.columnsTransposed(own.dOutColumns, query * headSize, dOut, at + query * width, width, height,
                    headSize);
        }
        float factor = VectorMath.LOG2_E * job.scale();
        for (int i = 0; i < job.queryRows() * headSize; i++) {
            own.queryColumns[i] *= factor;
        }
        VectorPack.panels(own.queryRows, 0, tokens * WIDTH, qkv, from, 3 * width, headSize, tokens);
        VectorPack.panels(own.dOutRows, 0, tokens * WIDTH, dOut, at, width, headSize, tokens);
    }

    private static void packKeys(Scratch own, Job job, int head, int first, int keys) {
        AttentionArrays of = job.of;
        float[] qkv = of.qkv().floats();
        int headSize = job.headSize();
        int row = of.qkvRow();
        int from = of.queries(of.qkv(), head) + first * row + of.shape().channels();
        for (int key = 0; key < keys; key += WIDTH) {
            int at = from + key * row;
            int columns = Math.min(WIDTH, keys - key);
            VectorPack.panelTransposed(own.keyTurned, key * headSize, qkv, at, row, columns, headSize);
            VectorPack.panelTransposed(own.valueTurned, key * headSize, qkv, at + of.shape().channels(), row, columns,
                    headSize);
        }
        VectorPack.panels(own.keyRows, 0, MAX_KEYS * WIDTH, qkv, from, row, headSize, keys);
        Arrays.fill(own.dKey, 0, job.slices() * KEY_ROWS * WIDTH, 0f);
        Arrays.fill(own.dValue, 0, job.slices() * KEY_ROWS * WIDTH, 0f);
    }

    /// p = exp(s − lse) and dS = p·(dOut·v − dot) of one block of queries and keys.
    private void probabilities(Scratch own, Job job, int head, int query, int queries, int keys) {
        int headSize = job.headSize();
        float[] dots = job.dots.floats();
        int dotsAt = job.dots.at() + 2 * (head * job.tokens() + query);
        for (int q = 0; q < queries; q += ROWS) {
            int a = (query + q) * headSize;
            int height = Math.min(ROWS, queries - q);
            for (int k = 0; k < keys; k += WIDTH) {
                int at = q * STRIDE + k;
                VectorTile.columns(own.p, at, STRIDE, zeros, 0, 0, own.queryColumns, a, ROWS, own.keyTurned,
                        k * headSize, headSize);
                VectorTile.columns(own.dS, at, STRIDE, zeros, 0, 0, own.dOutColumns, a, ROWS, own.valueTurned,
                        k * headSize, headSize);
                softmaxBackward(own.p, own.dS, at, height, dots, dotsAt + 2 * q);
            }
        }
    }

    /// The two tiles just computed, while they are in the first-level cache.
    private static void softmaxBackward(float[] p, float[] dS, int at, int height, float[] dots, int dotsAt) {
        for (int r = 0; r < height; r++) {
            float dot = dots[dotsAt + 2 * r];
            float lse = dots[dotsAt + 2 * r + 1] * VectorMath.LOG2_E;
            for (int k = at + r * STRIDE; k < at + r * STRIDE + WIDTH; k += LANES) {
                FloatVector probability = VectorMath.exp2(FloatVector.fromArray(SPECIES, p, k).sub(lse));
                probability.intoArray(p, k);
                FloatVector.fromArray(SPECIES, dS, k).sub(dot).mul(probability).intoArray(dS, k);
            }
        }
    }

    /// dV += pᵀ·dOut and dK += dSᵀ·q for one block of queries and keys.
    private static void keyProducts(Scratch own, Job job, int query, int queries, int keys) {
        for (int slice = 0; slice < job.slices(); slice++) {
            int queryAt = (slice * job.tokens() + query) * WIDTH;
            for (int k = 0; k < keys; k += ROWS) {
                int at = (slice * KEY_ROWS + k) * WIDTH;
                VectorTile.columns(own.dValue, at, WIDTH, own.dValue, at, WIDTH, own.p, k, STRIDE, own.dOutRows,
                        queryAt, queries);
                VectorTile.columns(own.dKey, at, WIDTH, own.dKey, at, WIDTH, own.dS, k, STRIDE, own.queryRows, queryAt,
                        queries);
            }
        }
    }

    /// dQ += dS·k for one block of queries and keys.
    private static void queryProduct(Scratch own, Job job, int query, int queries, int keys, float[] dQuery) {
        for (int slice = 0; slice < job.slices(); slice++) {
            int keyAt = slice * MAX_KEYS * WIDTH;
            for (int q = 0; q < queries; q += ROWS) {
                int at = (slice * job.queryRows() + query + q) * WIDTH;
                VectorTile.rows(dQuery, at, WIDTH, dQuery, at, WIDTH, own.dS, q * STRIDE, own.keyRows, keyAt, keys);
            }
        }
    }

    private static void write(Job job, int to, float[] sums, int sliceRows, int count, float factor) {
        float[] dQkv = job.dQkv.floats();
        int row = job.of.qkvRow();
        for (int t = 0; t < count; t++) {
            VectorPack.scaledRow(dQkv, to + t * row, sums, t * WIDTH, sliceRows * WIDTH, job.headSize(), factor);
        }
    }
}
