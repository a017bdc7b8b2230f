package org.tornadomae.kernels;

import static org.tornadomae.kernels.vector.VectorTile.LANES;

import java.util.Arrays;
import org.tornadomae.kernels.vector.VectorAttention;
import org.tornadomae.kernels.vector.VectorAttentionBackward;
import org.tornadomae.kernels.vector.VectorElements;
import org.tornadomae.kernels.vector.VectorLayerNorm;
import org.tornadomae.kernels.vector.VectorMatmul;
import org.tornadomae.kernels.vector.VectorPatches;
import org.tornadomae.kernels.vector.VectorPositions;
import org.tornadomae.kernels.vector.VectorTokens;
import org.tornadomae.kernels.vector.VectorWorkers;

/// The Vector API on several threads. What costs time has a vector version; everything else goes, visibly, to `plain`.
///
/// Results do not depend on the number of threads: every element is computed by one task, in one order, and tasks are
/// cut by the shapes alone.
final class VectorOps implements Ops {
    /// Elements of a task of an element-wise operation: a multiple of every vector's length.
    private static final int CHUNK = 1 << 14;
    /// Rows, and partial sums, of a task.
    private static final int GROUP = 16;

    private final LoopOps plain = new LoopOps();
    private final VectorWorkers workers;
    private final VectorMatmul matmul;
    private final VectorAttention attention;
    private final VectorAttentionBackward attentionBackward;
    private final float[][] lanes;
    private int layer;

    VectorOps(int threads) {
        workers = new VectorWorkers(threads);
        matmul = new VectorMatmul(workers);
        attention = new VectorAttention(workers);
        attentionBackward = new VectorAttentionBackward(workers);
        lanes = new float[threads][LANES];
    }

    private int at(Tensor tensor) {
        return tensor.at() + layer * tensor.step();
    }

    /// The body of a parallel loop over a range.
    private interface Range {
        void run(int from, int to, int worker);
    }

    private void inParts(int n, int part, Range range) {
        workers.run(Math.ceilDiv(n, part), (task, worker) -> range.run(task * part, Math.min(n, (task + 1) * part), worker));
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
        matmul.forward(out.data(), at(out), in.data(), at(in), weight.data(), at(weight), bias == null ? -1 : at(bias), rows, inC, outC);
    }

    @Override
    public void matmulBackwardInput(float[] dIn, float[] dOut, Tensor weight, int rows, int inC, int outC) {
        matmul.inputGradient(dIn, dOut, weight.data(), at(weight), rows, inC, outC);
    }

    @Override
    public void matmulBackwardWeight(Tensor dWeight, float[] dOut, Tensor in, int rows, int inC, int outC) {
        matmul.weightGradient(dWeight.data(), at(dWeight), dOut, in.data(), at(in), rows, inC, outC);
    }

    @Override
    public void matmulBackwardBias(Tensor dBias, float[] dOut, int rows, int outC, int first, int count) {
        int to = at(dBias);
        inParts(count, 2 * LANES, (from, end, worker) ->
                VectorLayerNorm.columnSums(dBias.data(), to, dOut, rows, outC, first + from, first + count));
    }

    @Override
    public void layerNorm(float[] out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels) {
        int x = at(in);
        int s = at(stats);
        inParts(rows, GROUP, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                VectorLayerNorm.stats(stats.data(), s + 2 * r, in.data(), x + r * channels, channels, lanes[worker]);
            }
        });
        layerNormAgain(out, stats, in, weight, bias, rows, channels);
    }

    @Override
    public void layerNormAgain(float[] out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels) {
        int x = at(in);
        int s = at(stats);
        int w = at(weight);
        int b = at(bias);
        inParts(rows, GROUP, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                VectorLayerNorm.forward(out, r * channels, stats.data()[s + 2 * r], stats.data()[s + 2 * r + 1],
                        in.data(), x + r * channels, weight.data(), w, b, channels);
            }
        });
    }

    @Override
    public void layerNormBackwardInput(float[] dIn, float[] sums, float[] dOut, Tensor stats, Tensor in, Tensor weight,
            int rows, int channels) {
        int x = at(in);
        int s = at(stats);
        int w = at(weight);
        inParts(rows, GROUP, (from, to, worker) -> {
            for (int r = from; r < to; r++) {
                float mean = stats.data()[s + 2 * r];
                float rstd = stats.data()[s + 2 * r + 1];
                VectorLayerNorm.backwardSums(sums, 2 * r, dOut, r * channels, mean, rstd,
                        in.data(), x + r * channels, weight.data(), w, channels, lanes[worker]);
                VectorLayerNorm.backwardInput(dIn, sums[2 * r], sums[2 * r + 1], dOut, r * channels, mean, rstd,
                        in.data(), x + r * channels, weight.data(), w, channels);
            }
        });
    }

    @Override
    public void layerNormBackwardParams(Tensor dWeight, Tensor dBias, float[] dOut, Tensor stats, Tensor in, int rows, int channels) {
        int x = at(in);
        int s = at(stats);
        int w = at(dWeight);
        int b = at(dBias);
        inParts(channels, LANES, (from, to, worker) -> VectorLayerNorm.backwardParams(dWeight.data(), w, dBias.data(), b,
                dOut, stats.data(), s, in.data(), x, rows, channels, from));
    }

    @Override
    public void gelu(float[] out, Tensor in, int n) {
        int x = at(in);
        inParts(n, CHUNK, (from, to, worker) -> VectorElements.gelu(out, in.data(), x, from, to));
    }

    @Override
    public void geluBackward(float[] d, Tensor in, int n) {
        int x = at(in);
        inParts(n, CHUNK, (from, to, worker) -> VectorElements.geluBackward(d, in.data(), x, from, to));
    }

    @Override
    public void attention(Tensor out, Tensor logSumExp, Tensor qkv, int batch, int tokens, int heads, int headSize) {
        attention.forward(out.data(), at(out), logSumExp.data(), at(logSumExp), qkv.data(), at(qkv), batch, tokens, heads, headSize);
    }

    @Override
    public void attentionBackward(float[] dQkv, float[] dot, float[] dOut, Tensor out, Tensor logSumExp, Tensor qkv,
            int batch, int tokens, int heads, int headSize) {
        attentionBackward.backward(dQkv, dot, dOut, out.data(), at(out), logSumExp.data(), at(logSumExp),
                qkv.data(), at(qkv), batch, tokens, heads, headSize);
    }

    @Override
    public void residual(Tensor out, Tensor stream, float[] branch, int n) {
        int o = at(out);
        int s = at(stream);
        inParts(n, CHUNK, (from, to, worker) -> VectorElements.add(out.data(), o, stream.data(), s, branch, from, to));
    }

    @Override
    public void norm(float[] out, float[] partials, float[] in, int n) {
        int parts = partials.length;
        inParts(parts, GROUP, (from, to, worker) -> {
            for (int p = from; p < to; p++) {
                partials[p] = VectorElements.squares(in, (int) ((long) n * p / parts), (int) ((long) n * (p + 1) / parts), lanes[worker]);
            }
        });
        ReduceKernels.rootOfPartials(out, partials, parts);
    }

    @Override
    public void adamW(float[] params, float[] m, float[] v, float[] grads, float[] norm, float[] hyper, int decay, int n) {
        float clip = hyper[7] > 0f ? Math.min(1f, hyper[7] / (norm[0] + 1e-6f)) : 1f;
        float kept = 1f - hyper[0] * hyper[4];
        inParts(n, CHUNK, (from, to, worker) -> {
            int border = Math.clamp(decay, from, to);
            VectorElements.adamW(params, m, v, grads, hyper, clip, kept, from, border);
            VectorElements.adamW(params, m, v, grads, hyper, clip, 1f, border, to);
        });
    }

    @Override
    public void zero(float[] values, int n) {
        inParts(n, CHUNK, (from, to, worker) -> Arrays.fill(values, from, to, 0f));
    }

    @Override
    public void gatherPatches(float[] patches, float[] clip, int[] ids, int batch, int count, int frames, int height, int width, int u, int p) {
        inParts(batch * count, GROUP, (from, to, worker) ->
                VectorPatches.gather(patches, clip, ids, count, frames, height, width, u, p, from, to));
    }

    @Override
    public void gatherTargets(float[] target, float[] clip, int[] ids, int[] targetFrames,
            int batch, int count, int frames, int height, int width, int u, int p) {
        inParts(batch * count, GROUP, (from, to, worker) ->
                VectorPatches.gatherTargets(target, clip, ids, targetFrames, count, frames, height, width, u, p, from, to));
    }

    @Override
    public void normaliseTargets(float[] target, int rows, int values) {
        inParts(rows, GROUP, (from, to, worker) -> VectorPatches.normalise(target, values, lanes[worker], from, to));
    }

    @Override
    public void prependClass(float[] out, float[] in, Tensor classToken, int batch, int count, int cls, int channels) {
        inParts(batch * (cls + count), GROUP, (from, to, worker) ->
                VectorTokens.prependClass(out, in, classToken, count, cls, channels, from, to));
    }

    @Override
    public void prependClassBackward(float[] dIn, float[] dOut, int batch, int count, int cls, int channels) {
        inParts(batch * count, GROUP, (from, to, worker) ->
                VectorTokens.prependClassBackward(dIn, dOut, count, cls, channels, from, to));
    }

    @Override
    public void unshuffle(float[] out, float[] in, int[] slots, Tensor maskToken, Tensor classToken,
            int batch, int keep, int tokens, int cls, int channels) {
        inParts(batch * (cls + tokens), GROUP, (from, to, worker) ->
                VectorTokens.unshuffle(out, in, slots, maskToken, classToken, keep, tokens, cls, channels, from, to));
    }

    @Override
    public void unshuffleBackward(float[] dIn, float[] dOut, int[] ids, int batch, int keep, int tokens, int cls, boolean carry, int channels) {
        inParts(batch * (cls + keep), GROUP, (from, to, worker) ->
                VectorTokens.unshuffleBackward(dIn, dOut, ids, keep, tokens, cls, carry, channels, from, to));
    }

    @Override
    public void maskTokenBackward(Tensor dMaskToken, float[] dOut, int[] slots, int batch, int keep, int tokens, int cls, int channels) {
        inParts(channels, LANES, (c, end, worker) ->
                VectorTokens.sumOfRemoved(dMaskToken, dOut, slots, batch, keep, tokens, cls, channels, c));
    }

    @Override
    public void gatherTokens(float[] out, Tensor in, int[] ids, int batch, int count, int tokens, int cls, int channels) {
        int x = at(in);
        inParts(batch * count, GROUP, (from, to, worker) ->
                VectorTokens.gather(out, in.data(), x, ids, count, tokens, cls, channels, from, to));
    }

    @Override
    public void gatherTokensBackward(float[] dIn, float[] dOut, int[] slots, int batch, int count, int tokens, int cls, int channels) {
        inParts(batch * (cls + tokens), GROUP, (from, to, worker) ->
                VectorTokens.gatherBackward(dIn, dOut, slots, count, tokens, cls, channels, from, to));
    }

    @Override
    public void addSeparablePositions(float[] x, int[] ids, Tensor spatial, Tensor temporal, Tensor classPosition,
            int batch, int count, int places, int cls, int channels) {
        inParts(batch * (cls + count), GROUP, (from, to, worker) ->
                VectorPositions.addSeparable(x, ids, spatial, temporal, classPosition, count, places, cls, channels, from, to));
    }

    @Override
    public void addJointPositions(float[] x, int[] ids, Tensor joint, int batch, int count, int cls, int channels) {
        inParts(batch * (cls + count), GROUP, (from, to, worker) ->
                VectorPositions.addJoint(x, ids, joint, count, cls, channels, from, to));
    }

    @Override
    public void spatialPositionsBackward(Tensor dSpatial, float[] dX, int[] slots,
            int batch, int count, int places, int times, int cls, int channels) {
        inParts(places, 1, (s, end, worker) -> VectorPositions.sum(dSpatial.data(), dSpatial.at() + s * channels, dX, slots,
                batch, count, times * places, cls, s, places, times, channels));
    }

    @Override
    public void temporalPositionsBackward(Tensor dTemporal, float[] dX, int[] slots,
            int batch, int count, int places, int times, int cls, int channels) {
        inParts(times, 1, (t, end, worker) -> VectorPositions.sum(dTemporal.data(), dTemporal.at() + t * channels, dX, slots,
                batch, count, times * places, cls, t * places, 1, places, channels));
    }

    @Override
    public void jointPositionsBackward(Tensor dJoint, float[] dX, int[] slots, int batch, int count, int tokens, int cls, int channels) {
        inParts(tokens, GROUP, (from, to, worker) -> {
            for (int n = from; n < to; n++) {
                VectorPositions.sum(dJoint.data(), dJoint.at() + (cls + n) * channels, dX, slots, batch, count, tokens, cls, n, 1, 1, channels);
            }
        });
    }

    @Override
    public void loss(float[] rowLoss, float[] pred, float[] target, int[] ids, float[] mask, int batch, int count, int tokens, int values) {
        inParts(batch * count, GROUP, (from, to, worker) ->
                VectorPatches.loss(rowLoss, pred, target, ids, mask, count, tokens, values, lanes[worker], from, to));
    }

    @Override
    public void lossBackward(float[] dPred, float[] pred, float[] target, int[] ids, float[] mask,
            int batch, int count, int tokens, int values, int removed) {
        inParts(batch * count, GROUP, (from, to, worker) ->
                VectorPatches.lossBackward(dPred, pred, target, ids, mask, count, tokens, values, removed, from, to));
    }

    // Plain loops: two sums over some thousand numbers.

    @Override
    public void firstRowBackward(Tensor grad, float[] dOut, int batch, int rows, int channels) {
        plain.firstRowBackward(grad, dOut, batch, rows, channels);
    }

    @Override
    public void mean(float[] out, float[] partials, float[] in, int n, int divisor) {
        plain.mean(out, partials, in, n, divisor);
    }
}
