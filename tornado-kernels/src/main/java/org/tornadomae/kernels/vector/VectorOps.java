package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorTile.LANES;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.kernels.Hyper;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.kernels.loop.ReduceKernels;
import org.tornadomae.kernels.loop.TokenKernels;
import org.tornadomae.kernels.vector.VectorPositions.Sharers;

/// The Vector API on several threads. What costs time has a vector version; everything else goes, visibly, to the plain
/// loops.
///
/// Results do not depend on the number of threads: every element is computed by one task, in one order. How many
/// elements a task gets does depend on it, so that many threads find work in small operations too.
final class VectorOps implements Ops {
    /// Elements of a task of an element-wise operation: multiples of every vector's length.
    private static final int CHUNK = 1 << 14;
    private static final int SMALL_CHUNK = 1 << 9;
    /// Rows, or partial sums, of a task.
    private static final int GROUP = 16;
    /// Columns of a task below which it would move more cache lines than numbers.
    private static final int FEW_COLUMNS = 4;

    private final VectorWorkers workers;
    private final VectorMatmul matmul;
    private final VectorAttention attention;
    private final VectorAttentionBackward attentionBackward;
    private final float[][] lanes;
    private int layer;

    VectorOps(VectorWorkers workers) {
        this.workers = workers;
        matmul = new VectorMatmul(workers);
        attention = new VectorAttention(workers);
        attentionBackward = new VectorAttentionBackward(workers);
        lanes = new float[workers.threads()][LANES];
    }

    /// A tensor at the cursor's layer, which stays where it is while a parallel loop runs; null stays null.
    private Tensor at(Tensor tensor) {
        return tensor == null ? null : tensor.layer(layer);
    }

    /// The body of a parallel loop over a range.
    private interface Range {
        void run(int from, int to, int worker);
    }

    private void inParts(int n, int part, Range range) {
        workers.run(Math.ceilDiv(n, part), (task, worker) ->
                range.run(task * part, Math.min(n, (task + 1) * part), worker));
    }

    private void inChunks(Tensor tensor, Range range) {
        inParts(tensor.size(), workers.part(tensor.size(), SMALL_CHUNK, CHUNK), range);
    }

    private void inRows(int rows, Range range) {
        inParts(rows, workers.part(rows, 1, GROUP), range);
    }

    private void inColumns(int columns, int most, Range range) {
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
        inColumns(count, 2 * LANES, (from, to, worker) ->
                VectorLayerNorm.columnSums(at(dBias), at(dOut), rows, outC, first + from, first + to));
    }

    @Override
    public void layerNorm(Tensor out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels) {
        inRows(rows, (from, to, worker) -> VectorLayerNorm.stats(at(stats), at(in), channels, lanes[worker], from, to));
        layerNormRecompute(out, stats, in, weight, bias, rows, channels);
    }

    @Override
    public void layerNormRecompute(Tensor out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows,
            int channels) {
        inRows(rows, (from, to, worker) ->
                VectorLayerNorm.forward(at(out), at(stats), at(in), at(weight), at(bias), channels, from, to));
    }

    @Override
    public void layerNormBackwardInput(Tensor dIn, Tensor sums, Tensor dOut, Tensor stats, Tensor in, Tensor weight,
            int rows, int channels) {
        inRows(rows, (from, to, worker) ->
                VectorLayerNorm.backwardInput(at(dIn), at(sums), at(dOut), at(stats), at(in), at(weight),
                        channels, lanes[worker], from, to));
    }

    @Override
    public void layerNormBackwardParams(Tensor dWeight, Tensor dBias, Tensor dOut, Tensor stats, Tensor in,
            int rows, int channels) {
        inColumns(channels, LANES, (from, to, worker) ->
                VectorLayerNorm.backwardParams(at(dWeight), at(dBias), at(dOut), at(stats), at(in),
                        rows, channels, from, to));
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

    @Override
    public void norm(Tensor out, Tensor partials, Tensor in) {
        Tensor p = at(partials);
        Tensor x = at(in);
        int parts = p.size();
        inRows(parts, (from, to, worker) -> {
            for (int i = from; i < to; i++) {
                int first = (int) ((long) x.size() * i / parts);
                int end = (int) ((long) x.size() * (i + 1) / parts);
                p.floats()[p.at() + i] = VectorElements.squares(x, first, end, lanes[worker]);
            }
        });
        ReduceKernels.rootOfPartials(out.floats(), at(out).at(), p.floats(), p.at(), parts);
    }

    @Override
    public void adamW(Tensor params, Tensor m, Tensor v, Tensor grads, Tensor norm, Tensor hyper, int decay) {
        float length = norm.floats()[at(norm).at()];
        Tensor h = at(hyper);
        float[] numbers = h.floats();
        float maxNorm = numbers[h.at() + Hyper.MAX_NORM];
        float clip = maxNorm > 0f ? Math.min(1f, maxNorm / (length + 1e-6f)) : 1f;
        float kept = 1f - numbers[h.at() + Hyper.LR] * numbers[h.at() + Hyper.WEIGHT_DECAY];
        VectorElements.AdamW step = new VectorElements.AdamW(at(params), at(m), at(v), at(grads), h, clip);
        inChunks(params, (from, to, worker) -> {
            int border = Math.clamp(decay, from, to);
            VectorElements.adamW(step, kept, from, border);
            VectorElements.adamW(step, 1f, border, to);
        });
    }

    @Override
    public void zero(Tensor values) {
        Tensor x = at(values);
        inChunks(x, (from, to, worker) -> Arrays.fill(x.floats(), x.at() + from, x.at() + to, 0f));
    }

    @Override
    public void gatherPatches(Tensor patches, Tensor clip, Tensor ids, int batch, int count, PatchGrid grid) {
        inRows(batch * count, (from, to, worker) ->
                VectorPatches.gather(at(patches), at(clip), at(ids), count, grid, from, to));
    }

    @Override
    public void gatherTargets(Tensor target, Tensor clip, Tensor ids, Tensor targetFrames, int batch, int count,
            PatchGrid grid, int framesPerPatch) {
        inRows(batch * count, (from, to, worker) ->
                VectorPatches.gatherTargets(at(target), at(clip), at(ids), at(targetFrames),
                        count, grid, framesPerPatch, from, to));
    }

    @Override
    public void normaliseTargets(Tensor target, int rows, int values) {
        inRows(rows, (from, to, worker) -> VectorPatches.normalise(at(target), values, lanes[worker], from, to));
    }

    @Override
    public void prependClass(Tensor out, Tensor in, Tensor classToken, TokenShape shape) {
        inRows(shape.rows(), (from, to, worker) ->
                VectorTokens.prependClass(at(out), at(in), at(classToken), shape, from, to));
    }

    @Override
    public void prependClassBackward(Tensor dIn, Tensor dOut, TokenShape shape) {
        inRows(shape.chosen(), (from, to, worker) ->
                VectorTokens.prependClassBackward(at(dIn), at(dOut), shape, from, to));
    }

    @Override
    public void unshuffle(Tensor out, Tensor in, Tensor slots, Tensor maskToken, Tensor classToken, TokenShape shape) {
        inRows(shape.allRows(), (from, to, worker) ->
                VectorTokens.unshuffle(at(out), at(in), at(slots), at(maskToken), at(classToken), shape, from, to));
    }

    @Override
    public void unshuffleBackward(Tensor dIn, Tensor dOut, Tensor ids, TokenShape shape, boolean carry) {
        inRows(shape.rows(), (from, to, worker) ->
                VectorTokens.unshuffleBackward(at(dIn), at(dOut), at(ids), shape, carry, from, to));
    }

    @Override
    public void maskTokenBackward(Tensor dMaskToken, Tensor dOut, Tensor slots, TokenShape shape) {
        inColumns(shape.channels(), LANES, (from, to, worker) ->
                VectorTokens.sumOfRemoved(at(dMaskToken), at(dOut), at(slots), shape, from, to));
    }

    @Override
    public void gatherTokens(Tensor out, Tensor in, Tensor ids, TokenShape shape) {
        inRows(shape.chosen(), (from, to, worker) -> VectorTokens.gather(at(out), at(in), at(ids), shape, from, to));
    }

    @Override
    public void gatherTokensBackward(Tensor dIn, Tensor dOut, Tensor slots, TokenShape shape) {
        inRows(shape.allRows(), (from, to, worker) ->
                VectorTokens.gatherBackward(at(dIn), at(dOut), at(slots), shape, from, to));
    }

    @Override
    public void addSeparablePositions(Tensor x, Tensor ids, Tensor spatial, Tensor temporal, Tensor classPosition,
            TokenShape shape, int places) {
        inRows(shape.rows(), (from, to, worker) ->
                VectorPositions.addSeparable(at(x), at(ids), at(spatial), at(temporal), at(classPosition),
                        shape, places, from, to));
    }

    @Override
    public void addJointPositions(Tensor x, Tensor ids, Tensor joint, TokenShape shape) {
        inRows(shape.rows(), (from, to, worker) ->
                VectorPositions.addJoint(at(x), at(ids), at(joint), shape, from, to));
    }

    @Override
    public void spatialPositionsBackward(Tensor dSpatial, Tensor dX, Tensor slots, TokenShape shape, int places) {
        int times = shape.tokens() / places;
        positionsBackward(dSpatial, dX, slots, shape, places, place -> new Sharers(place, places, times), 0);
    }

    @Override
    public void temporalPositionsBackward(Tensor dTemporal, Tensor dX, Tensor slots, TokenShape shape, int places) {
        int times = shape.tokens() / places;
        positionsBackward(dTemporal, dX, slots, shape, times, time -> new Sharers(time * places, 1, places), 0);
    }

    @Override
    public void jointPositionsBackward(Tensor dJoint, Tensor dX, Tensor slots, TokenShape shape) {
        positionsBackward(dJoint, dX, slots, shape, shape.tokens(), token -> new Sharers(token, 1, 1), shape.cls());
    }

    /// Every position's gradient sums over the tokens that share it; few positions are cut by channels too.
    ///
    /// @param before rows of the gradient that come first and stay
    private void positionsBackward(Tensor gradient, Tensor dX, Tensor slots, TokenShape shape, int positions,
            IntFunction<Sharers> sharers, int before) {
        int vectors = Math.ceilDiv(shape.channels(), LANES);
        int parts = workers.parts(positions, vectors, 1);
        inRows(positions * parts, (from, to, worker) -> {
            for (int i = from; i < to; i++) {
                int first = vectors * (i % parts) / parts * LANES;
                int end = Math.min(shape.channels(), vectors * (i % parts + 1) / parts * LANES);
                VectorPositions.sum(at(gradient), before + i / parts, at(dX), at(slots), sharers.apply(i / parts),
                        shape, first, end);
            }
        });
    }

    @Override
    public void loss(Tensor rowLoss, Tensor pred, Tensor target, Tensor ids, Tensor mask, TokenShape shape) {
        inRows(shape.chosen(), (from, to, worker) ->
                VectorPatches.loss(at(rowLoss), at(pred), at(target), at(ids), at(mask),
                        shape, lanes[worker], from, to));
    }

    @Override
    public void lossBackward(Tensor dPred, Tensor pred, Tensor target, Tensor ids, Tensor mask, TokenShape shape,
            int removed) {
        inRows(shape.chosen(), (from, to, worker) ->
                VectorPatches.lossBackward(at(dPred), at(pred), at(target), at(ids), at(mask),
                        shape, removed, from, to));
    }

    // Plain loops: two sums over some thousand numbers.

    @Override
    public void classTokenBackward(Tensor grad, Tensor dOut, TokenShape shape) {
        TokenKernels.classTokenBackward(grad.floats(), at(grad).at(), dOut.floats(), at(dOut).at(),
                shape.batch(), shape.cls() + shape.count(), shape.channels());
    }

    @Override
    public void mean(Tensor out, Tensor partials, Tensor in, int divisor) {
        Tensor p = at(partials);
        ReduceKernels.sumPartials(p.floats(), p.at(), in.floats(), at(in).at(), p.size(), in.size());
        ReduceKernels.meanOfPartials(out.floats(), at(out).at(), p.floats(), p.at(), p.size(), divisor);
    }
}
