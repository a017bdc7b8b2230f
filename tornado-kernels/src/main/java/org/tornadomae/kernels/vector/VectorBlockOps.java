package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorTile.LANES;

import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;

/// The crew and its cuts, and the operations of a transformer block; [VectorOps] has the others.
abstract class VectorBlockOps implements Ops {
    /// Elements of a task of an element-wise operation: multiples of every vector's length.
    private static final int CHUNK = 1 << 14;
    private static final int SMALL_CHUNK = 1 << 9;
    /// Rows, or partial sums, of a task.
    private static final int GROUP = 16;
    /// Columns of a task below which it would move more cache lines than numbers.
    private static final int FEW_COLUMNS = 4;

    final VectorWorkers workers;
    private final VectorMatmul matmul;
    private final VectorAttention attention;
    private final VectorAttentionBackward attentionBackward;
    final float[][] lanes;
    private int layer;

    VectorBlockOps(VectorWorkers workers) {
        this.workers = workers;
        matmul = new VectorMatmul(workers);
        attention = new VectorAttention(workers);
        attentionBackward = new VectorAttentionBackward(workers);
        lanes = new float[workers.threads()][LANES];
    }

    /// A tensor at the cursor's layer; null stays null.
    final Tensor at(Tensor tensor) {
        return tensor == null ? null : tensor.layer(layer);
    }

    /// The body of a parallel loop over a range.
    interface Range {
        void run(int from, int to, int worker);
    }

    final void inParts(int n, int part, Range range) {
        workers.run(Math.ceilDiv(n, part),
                (task, worker) -> range.run(task * part, Math.min(n, (task + 1) * part), worker));
    }

    final void inChunks(Tensor tensor, Range range) {
        inParts(tensor.size(), workers.part(tensor.size(), SMALL_CHUNK, CHUNK), range);
    }

    final void inRows(int rows, Range range) {
        inParts(rows, workers.part(rows, 1, GROUP), range);
    }

    final void inColumns(int columns, int most, Range range) {
        inParts(columns, workers.part(columns, FEW_COLUMNS, most), range);
    }

    @Override
    public void forEachLayer(int layers, boolean reversed, Runnable body) {
        for (int i = 0; i < layers; i++) {
            layer = reversed ? layers - 1 - i : i;
            body.run();
        }
        layer = 0;
    }

    @Override
    public void matmul(Tensor out, Tensor in, Tensor weight, Tensor bias, int rows, int inC, int outC) {
        matmul.forward(at(out), at(in), at(weight), at(bias), rows, inC, outC);
    }

    @Override
    public void matmulBackwardInput(Tensor dIn, Tensor dOut, Tensor weight, int rows, int inC, int outC) {
        matmul.inputGradient(at(dIn), at(dOut), at(weight), rows, inC, outC);
    }

    @Override
    public void matmulBackwardWeight(Tensor dWeight, Tensor dOut, Tensor in, int rows, int inC, int outC) {
        matmul.weightGradient(at(dWeight), at(dOut), at(in), rows, inC, outC);
    }

    @Override
    public void matmulBackwardBias(Tensor dBias, Tensor dOut, int rows, int outC, int first, int count) {
        Tensor sums = at(dBias);
        Tensor matrix = at(dOut);
        inColumns(count, 2 * LANES,
                (from, to, worker) -> VectorLayerNorm.columnSums(sums, matrix, rows, outC, first + from, first + to));
    }

    @Override
    public void layerNorm(Tensor out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels,
            float eps) {
        Tensor s = at(stats);
        Tensor x = at(in);
        inRows(rows, (from, to, worker) -> VectorLayerNorm.stats(s, x, channels, eps, lanes[worker], from, to));
        layerNormRecompute(out, stats, in, weight, bias, rows, channels);
    }

    @Override
    public void layerNormRecompute(Tensor out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows,
            int channels) {
        Tensor y = at(out);
        Tensor s = at(stats);
        Tensor x = at(in);
        Tensor w = at(weight);
        Tensor b = at(bias);
        inRows(rows, (from, to, worker) -> VectorLayerNorm.forward(y, s, x, w, b, channels, from, to));
    }

    @Override
    public void layerNormBackwardInput(Tensor dIn, Tensor sums, Tensor dOut, Tensor stats, Tensor in, Tensor weight,
            int rows, int channels) {
        Tensor dX = at(dIn);
        Tensor means = at(sums);
        Tensor dY = at(dOut);
        Tensor s = at(stats);
        Tensor x = at(in);
        Tensor w = at(weight);
        inRows(rows, (from, to, worker) -> VectorLayerNorm.backwardInput(dX, means, dY, s, x, w, channels,
                lanes[worker], from, to));
    }

    @Override
    public void layerNormBackwardParams(Tensor dWeight, Tensor dBias, Tensor dOut, Tensor stats, Tensor in,
            int rows, int channels) {
        Tensor dW = at(dWeight);
        Tensor dB = at(dBias);
        Tensor dY = at(dOut);
        Tensor s = at(stats);
        Tensor x = at(in);
        inColumns(channels, LANES,
                (from, to, worker) -> VectorLayerNorm.backwardParams(dW, dB, dY, s, x, rows, channels, from, to));
    }

    @Override
    public void gelu(Tensor out, Tensor in) {
        Tensor y = at(out);
        Tensor x = at(in);
        inChunks(x, (from, to, worker) -> VectorElements.gelu(y, x, from, to));
    }

    @Override
    public void geluBackward(Tensor d, Tensor in) {
        Tensor gradient = at(d);
        Tensor x = at(in);
        inChunks(x, (from, to, worker) -> VectorElements.geluBackward(gradient, x, from, to));
    }

    @Override
    public void attention(Tensor out, Tensor logSumExp, Tensor qkv, AttentionShape shape) {
        attention.forward(new AttentionArrays(at(out), at(logSumExp), at(qkv), shape));
    }

    @Override
    public void attentionBackward(Tensor dQkv, Tensor dots, Tensor dOut, Tensor out, Tensor logSumExp, Tensor qkv,
            AttentionShape shape) {
        attentionBackward.backward(at(dQkv), at(dots), at(dOut),
                new AttentionArrays(at(out), at(logSumExp), at(qkv), shape));
    }

    @Override
    public void residual(Tensor out, Tensor stream, Tensor branch) {
        Tensor sum = at(out);
        Tensor a = at(stream);
        Tensor b = at(branch);
        inChunks(sum, (from, to, worker) -> VectorElements.add(sum, a, b, from, to));
    }
}
