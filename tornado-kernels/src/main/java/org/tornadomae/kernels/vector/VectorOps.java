package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorTile.LANES;

import java.util.Arrays;
import java.util.function.IntFunction;
import org.tornadomae.kernels.Hyper;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.kernels.loop.CrossEntropyKernels;
import org.tornadomae.kernels.loop.ReduceKernels;
import org.tornadomae.kernels.loop.TokenKernels;
import org.tornadomae.kernels.vector.VectorPositions.Sharers;

/// The Vector API on several threads. What costs time has a vector version; everything else goes, visibly, to the plain
/// loops.
///
/// Results do not depend on the number of threads: every element is computed by one task, in one order. How many
/// elements a task gets does depend on it, so that many threads find work in small operations too.
final class VectorOps extends VectorBlockOps {
    VectorOps(VectorWorkers workers) {
        super(workers);
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
        Tensor rows = at(patches);
        Tensor pixels = at(clip);
        Tensor tokens = at(ids);
        inRows(batch * count, (from, to, worker) -> VectorPatches.gather(rows, pixels, tokens, count, grid, from, to));
    }

    @Override
    public void gatherTargets(Tensor target, Tensor clip, Tensor ids, Tensor targetFrames, int batch, int count,
            PatchGrid grid, int framesPerPatch) {
        Tensor rows = at(target);
        Tensor pixels = at(clip);
        Tensor tokens = at(ids);
        Tensor frames = at(targetFrames);
        inRows(batch * count, (from, to, worker) -> VectorPatches.gatherTargets(rows, pixels, tokens, frames, count,
                grid, framesPerPatch, from, to));
    }

    @Override
    public void normaliseTargets(Tensor target, int rows, int values) {
        Tensor x = at(target);
        inRows(rows, (from, to, worker) -> VectorPatches.normalise(x, values, lanes[worker], from, to));
    }

    @Override
    public void prependClass(Tensor out, Tensor in, Tensor classToken, TokenShape shape) {
        Tensor y = at(out);
        Tensor x = at(in);
        Tensor learned = at(classToken);
        inRows(shape.rows(), (from, to, worker) -> VectorTokens.prependClass(y, x, learned, shape, from, to));
    }

    @Override
    public void prependClassBackward(Tensor dIn, Tensor dOut, TokenShape shape) {
        Tensor dX = at(dIn);
        Tensor dY = at(dOut);
        inRows(shape.chosen(), (from, to, worker) -> VectorTokens.prependClassBackward(dX, dY, shape, from, to));
    }

    @Override
    public void unshuffle(Tensor out, Tensor in, Tensor slots, Tensor maskToken, Tensor classToken, TokenShape shape) {
        Tensor y = at(out);
        Tensor x = at(in);
        Tensor places = at(slots);
        Tensor mask = at(maskToken);
        Tensor learned = at(classToken);
        inRows(shape.allRows(),
                (from, to, worker) -> VectorTokens.unshuffle(y, x, places, mask, learned, shape, from, to));
    }

    @Override
    public void unshuffleBackward(Tensor dIn, Tensor dOut, Tensor ids, TokenShape shape, boolean carry) {
        Tensor dX = at(dIn);
        Tensor dY = at(dOut);
        Tensor tokens = at(ids);
        inRows(shape.rows(),
                (from, to, worker) -> VectorTokens.unshuffleBackward(dX, dY, tokens, shape, carry, from, to));
    }

    @Override
    public void maskTokenBackward(Tensor dMaskToken, Tensor dOut, Tensor slots, TokenShape shape) {
        Tensor gradient = at(dMaskToken);
        Tensor dY = at(dOut);
        Tensor places = at(slots);
        inColumns(shape.channels(), LANES,
                (from, to, worker) -> VectorTokens.sumOfRemoved(gradient, dY, places, shape, from, to));
    }

    @Override
    public void gatherTokens(Tensor out, Tensor in, Tensor ids, TokenShape shape) {
        Tensor y = at(out);
        Tensor x = at(in);
        Tensor tokens = at(ids);
        inRows(shape.chosen(), (from, to, worker) -> VectorTokens.gather(y, x, tokens, shape, from, to));
    }

    @Override
    public void gatherTokensBackward(Tensor dIn, Tensor dOut, Tensor slots, TokenShape shape) {
        Tensor dX = at(dIn);
        Tensor dY = at(dOut);
        Tensor places = at(slots);
        inRows(shape.allRows(), (from, to, worker) -> VectorTokens.gatherBackward(dX, dY, places, shape, from, to));
    }

    @Override
    public void addSeparablePositions(Tensor x, Tensor ids, Tensor spatial, Tensor temporal, Tensor classPosition,
            TokenShape shape, int places) {
        Tensor rows = at(x);
        Tensor tokens = at(ids);
        Tensor space = at(spatial);
        Tensor time = at(temporal);
        Tensor first = at(classPosition);
        inRows(shape.rows(), (from, to, worker) -> VectorPositions.addSeparable(rows, tokens, space, time, first, shape,
                places, from, to));
    }

    @Override
    public void addJointPositions(Tensor x, Tensor ids, Tensor joint, TokenShape shape) {
        Tensor rows = at(x);
        Tensor tokens = at(ids);
        Tensor positions = at(joint);
        inRows(shape.rows(), (from, to, worker) -> VectorPositions.addJoint(rows, tokens, positions, shape, from, to));
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
        Tensor sums = at(gradient);
        Tensor d = at(dX);
        Tensor places = at(slots);
        int vectors = Math.ceilDiv(shape.channels(), LANES);
        int parts = workers.parts(positions, vectors, 1);
        inRows(positions * parts, (from, to, worker) -> {
            for (int i = from; i < to; i++) {
                int first = vectors * (i % parts) / parts * LANES;
                int end = Math.min(shape.channels(), vectors * (i % parts + 1) / parts * LANES);
                VectorPositions.sum(sums, before + i / parts, d, places, sharers.apply(i / parts), shape, first, end);
            }
        });
    }

    @Override
    public void loss(Tensor rowLoss, Tensor pred, Tensor target, Tensor ids, Tensor mask, TokenShape shape) {
        Tensor losses = at(rowLoss);
        Tensor p = at(pred);
        Tensor t = at(target);
        Tensor tokens = at(ids);
        Tensor removed = at(mask);
        inRows(shape.chosen(), (from, to, worker) -> VectorPatches.loss(losses, p, t, tokens, removed, shape,
                lanes[worker], from, to));
    }

    @Override
    public void lossBackward(Tensor dPred, Tensor pred, Tensor target, Tensor ids, Tensor mask, TokenShape shape,
            int removed) {
        Tensor d = at(dPred);
        Tensor p = at(pred);
        Tensor t = at(target);
        Tensor tokens = at(ids);
        Tensor masks = at(mask);
        inRows(shape.chosen(),
                (from, to, worker) -> VectorPatches.lossBackward(d, p, t, tokens, masks, shape, removed, from, to));
    }

    @Override
    public void meanTokens(Tensor out, Tensor in, TokenShape shape, int skip) {
        Tensor y = at(out);
        Tensor x = at(in);
        int vectors = Math.ceilDiv(shape.channels(), LANES);
        inRows(shape.batch() * vectors, (from, to, worker) -> {
            for (int i = from; i < to; i++) {
                VectorTokens.mean(y, x, shape, skip, i / vectors, i % vectors * LANES);
            }
        });
    }

    @Override
    public void meanTokensBackward(Tensor dIn, Tensor dOut, TokenShape shape, int skip) {
        Tensor dX = at(dIn);
        Tensor dY = at(dOut);
        inRows(shape.rows(), (from, to, worker) -> VectorTokens.meanBackward(dX, dY, shape, skip, from, to));
    }

    @Override
    public void scale(Tensor out, Tensor in, Tensor factors) {
        Tensor y = at(out);
        Tensor x = at(in);
        Tensor f = at(factors);
        int each = y.size() / f.size();
        inChunks(y, (from, to, worker) -> VectorElements.scale(y, x, f, each, from, to));
    }

    // Plain loops: sums over some thousand numbers.

    @Override
    public void crossEntropy(Tensor rowLoss, Tensor logits, Tensor target, int rows, int classes) {
        CrossEntropyKernels.crossEntropyForward(rowLoss.floats(), at(rowLoss).at(), logits.floats(), at(logits).at(),
                target.floats(), at(target).at(), rows, classes);
    }

    @Override
    public void crossEntropyBackward(Tensor dLogits, Tensor logits, Tensor target, int rows, int classes, int count) {
        CrossEntropyKernels.crossEntropyBackward(dLogits.floats(), at(dLogits).at(), logits.floats(), at(logits).at(),
                target.floats(), at(target).at(), rows, classes, count);
    }

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
