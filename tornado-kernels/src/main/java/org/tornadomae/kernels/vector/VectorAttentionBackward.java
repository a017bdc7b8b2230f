package org.tornadomae.kernels.vector;

import static java.lang.Math.ceilDiv;
import static org.tornadomae.kernels.vector.VectorPack.atLeast;
import static org.tornadomae.kernels.vector.VectorTile.LANES;
import static org.tornadomae.kernels.vector.VectorTile.ROWS;
import static org.tornadomae.kernels.vector.VectorTile.STRIDE;
import static org.tornadomae.kernels.vector.VectorTile.WIDTH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Softmax attention, backward: the probabilities are computed again from the log-sum-exp, tile by tile, and each tile
/// serves all three gradients while it is in the cache: five products per tile where two separate sweeps need seven.
///
/// A task is one head of one clip: it alone writes that head's dQ, dK and dV, in a fixed order.
public final class VectorAttentionBackward {
    /// Queries of a block: a tile of probabilities is [QUERIES, STRIDE].
    private static final int QUERIES = 96 / ROWS * ROWS;
    /// Keys of a block: a row of such a tile is below [VectorTile#STRIDE].
    private static final int MAX_KEYS = 384 / WIDTH * WIDTH;
    private static final int KEY_ROWS = ceilDiv(MAX_KEYS, ROWS) * ROWS;

    private final VectorWorkers workers;
    private final VectorWorkers.Body task = this::head;
    private final Scratch[] scratch;
    private final float[] zeros = new float[WIDTH];

    private float[] dQkv;
    private float[] dot;
    private float[] dOut;
    private float[] out;
    private float[] logSumExp;
    private float[] qkv;
    private int outAt;
    private int logSumExpAt;
    private int qkvAt;
    private int tokens;
    private int heads;
    private int headSize;
    private int slices;

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
        float[] dQuery = {};
        float[] dKey = {};
        float[] dValue = {};
        final float[] p = new float[QUERIES * STRIDE];
        final float[] dS = new float[QUERIES * STRIDE];
        final float[] lanes = new float[LANES];
    }

    public VectorAttentionBackward(VectorWorkers workers) {
        this.workers = workers;
        scratch = new Scratch[workers.threads()];
        Arrays.setAll(scratch, i -> new Scratch());
    }

    /// Forward: s = q·k/√HS, p = exp(s − lse), out = Σ_k p·v; so dV = Σ_q p·dOut, dS = p·(dOut·v − dot),
    /// dQ = Σ_k dS·k/√HS and dK = Σ_q dS·q/√HS, with dot = Σ_c dOut·out.
    public void backward(float[] gradient, float[] dots, float[] outGradient, float[] output, int outputAt,
            float[] lse, int lseAt, float[] input, int inputAt, int batch, int tokenCount, int headCount, int size) {
        dQkv = gradient;
        dot = dots;
        dOut = outGradient;
        out = output;
        outAt = outputAt;
        logSumExp = lse;
        logSumExpAt = lseAt;
        qkv = input;
        qkvAt = inputAt;
        tokens = tokenCount;
        heads = headCount;
        headSize = size;
        slices = ceilDiv(headSize, WIDTH);
        workers.run(batch * heads, task);
    }

    private void head(int index, int worker) {
        Scratch own = scratch[worker];
        int width = heads * headSize;
        int clip = index / heads * tokens;
        int first = index % heads * headSize;
        int at = clip * width + first;
        int from = qkvAt + clip * 3 * width + first;
        reserve(own);
        dots(at, index * tokens, own.lanes);
        packQueries(own, from, at);
        for (int key = 0; key < tokens; key += MAX_KEYS) {
            int keys = Math.min(MAX_KEYS, tokens - key);
            packKeys(own, from + width + key * 3 * width, keys);
            for (int query = 0; query < tokens; query += QUERIES) {
                int queries = Math.min(QUERIES, tokens - query);
                probabilities(own, index * tokens, query, queries, keys);
                products(own, query, queries, keys);
            }
            int to = (clip + key) * 3 * width + width + first;
            write(to, own.dKey, KEY_ROWS, keys, scale());
            write(to + width, own.dValue, KEY_ROWS, keys, 1f);
        }
        write(clip * 3 * width + first, own.dQuery, queryRows(), tokens, scale());
    }

    private float scale() {
        return 1f / (float) Math.sqrt(headSize);
    }

    private int queryRows() {
        return ceilDiv(tokens, ROWS) * ROWS;
    }

    private void reserve(Scratch own) {
        int columns = queryRows() * headSize;
        own.queryColumns = atLeast(own.queryColumns, columns);
        own.dOutColumns = atLeast(own.dOutColumns, columns);
        own.queryRows = atLeast(own.queryRows, slices * tokens * WIDTH);
        own.dOutRows = atLeast(own.dOutRows, slices * tokens * WIDTH);
        own.dQuery = atLeast(own.dQuery, slices * queryRows() * WIDTH);
        own.keyRows = atLeast(own.keyRows, slices * MAX_KEYS * WIDTH);
        own.dKey = atLeast(own.dKey, slices * KEY_ROWS * WIDTH);
        own.dValue = atLeast(own.dValue, slices * KEY_ROWS * WIDTH);
        own.keyTurned = atLeast(own.keyTurned, MAX_KEYS * headSize);
        own.valueTurned = atLeast(own.valueTurned, MAX_KEYS * headSize);
    }

    private void dots(int at, int dotAt, float[] lanes) {
        for (int t = 0; t < tokens; t++) {
            int row = at + t * heads * headSize;
            FloatVector sum = FloatVector.zero(VectorMath.SPECIES);
            for (int c = 0; c < headSize; c += LANES) {
                VectorMask<Float> mask = VectorMath.SPECIES.indexInRange(c, headSize);
                FloatVector d = FloatVector.fromArray(VectorMath.SPECIES, dOut, row + c, mask);
                sum = d.fma(FloatVector.fromArray(VectorMath.SPECIES, out, outAt + row + c, mask), sum);
            }
            dot[dotAt + t] = VectorMath.sum(sum, lanes);
        }
    }

    private void packQueries(Scratch own, int from, int at) {
        int width = heads * headSize;
        for (int query = 0; query < tokens; query += ROWS) {
            int height = Math.min(ROWS, tokens - query);
            VectorPack.columnsTransposed(own.queryColumns, query * headSize, qkv, from + query * 3 * width, 3 * width, height, headSize);
            VectorPack.columnsTransposed(own.dOutColumns, query * headSize, dOut, at + query * width, width, height, headSize);
        }
        float factor = VectorMath.LOG2_E * scale();
        for (int i = 0; i < queryRows() * headSize; i++) {
            own.queryColumns[i] *= factor;
        }
        VectorPack.panels(own.queryRows, 0, tokens * WIDTH, qkv, from, 3 * width, headSize, tokens);
        VectorPack.panels(own.dOutRows, 0, tokens * WIDTH, dOut, at, width, headSize, tokens);
        Arrays.fill(own.dQuery, 0, slices * queryRows() * WIDTH, 0f);
    }

    private void packKeys(Scratch own, int from, int keys) {
        int width = heads * headSize;
        for (int key = 0; key < keys; key += WIDTH) {
            int at = from + key * 3 * width;
            int columns = Math.min(WIDTH, keys - key);
            VectorPack.panelTransposed(own.keyTurned, key * headSize, qkv, at, 3 * width, columns, headSize);
            VectorPack.panelTransposed(own.valueTurned, key * headSize, qkv, at + width, 3 * width, columns, headSize);
        }
        VectorPack.panels(own.keyRows, 0, MAX_KEYS * WIDTH, qkv, from, 3 * width, headSize, keys);
        Arrays.fill(own.dKey, 0, slices * KEY_ROWS * WIDTH, 0f);
        Arrays.fill(own.dValue, 0, slices * KEY_ROWS * WIDTH, 0f);
    }

    /// p = exp(s − lse) and dS = p·(dOut·v − dot) of one block of queries and keys.
    private void probabilities(Scratch own, int statsAt, int query, int queries, int keys) {
        for (int q = 0; q < queries; q += ROWS) {
            int a = (query + q) * headSize;
            int height = Math.min(ROWS, queries - q);
            for (int k = 0; k < keys; k += WIDTH) {
                int at = q * STRIDE + k;
                VectorTile.columns(own.p, at, STRIDE, zeros, 0, 0, own.queryColumns, a, ROWS, own.keyTurned, k * headSize, headSize);
                VectorTile.columns(own.dS, at, STRIDE, zeros, 0, 0, own.dOutColumns, a, ROWS, own.valueTurned, k * headSize, headSize);
                softmaxBackward(own.p, own.dS, at, height, logSumExp, logSumExpAt + statsAt + query + q, dot, statsAt + query + q);
            }
        }
    }

    /// The two tiles just computed, while they are in the first-level cache.
    private static void softmaxBackward(float[] p, float[] dS, int at, int height, float[] logSumExp, int lseAt, float[] dot, int dotAt) {
        for (int r = 0; r < height; r++) {
            float lse = logSumExp[lseAt + r] * VectorMath.LOG2_E;
            for (int k = at + r * STRIDE; k < at + r * STRIDE + WIDTH; k += LANES) {
                FloatVector probability = VectorMath.exp2(FloatVector.fromArray(VectorMath.SPECIES, p, k).sub(lse));
                probability.intoArray(p, k);
                FloatVector.fromArray(VectorMath.SPECIES, dS, k).sub(dot[dotAt + r]).mul(probability).intoArray(dS, k);
            }
        }
    }

    /// dQ += dS·k, dV += pᵀ·dOut, dK += dSᵀ·q for one block of queries and keys.
    private void products(Scratch own, int query, int queries, int keys) {
        for (int slice = 0; slice < slices; slice++) {
            int keyAt = slice * MAX_KEYS * WIDTH;
            for (int q = 0; q < queries; q += ROWS) {
                int at = (slice * queryRows() + query + q) * WIDTH;
                VectorTile.rows(own.dQuery, at, WIDTH, own.dQuery, at, WIDTH, own.dS, q * STRIDE, own.keyRows, keyAt, keys);
            }
            int queryAt = (slice * tokens + query) * WIDTH;
            for (int k = 0; k < keys; k += ROWS) {
                int at = (slice * KEY_ROWS + k) * WIDTH;
                VectorTile.columns(own.dValue, at, WIDTH, own.dValue, at, WIDTH, own.p, k, STRIDE, own.dOutRows, queryAt, queries);
                VectorTile.columns(own.dKey, at, WIDTH, own.dKey, at, WIDTH, own.dS, k, STRIDE, own.queryRows, queryAt, queries);
            }
        }
    }

    private void write(int to, float[] sums, int sliceRows, int count, float factor) {
        int row = 3 * heads * headSize;
        for (int t = 0; t < count; t++) {
            VectorPack.scaledRow(dQkv, to + t * row, sums, t * WIDTH, sliceRows * WIDTH, headSize, factor);
        }
    }
}
