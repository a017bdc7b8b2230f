package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;

/// The plain loops, one thread, in order: the oracle that every other executor is tested against.
final class LoopOps implements Ops {
    private final int[] layer = new int[1];
    private boolean looping;

    /// The layer that the operations read and write.
    int layer() {
        return layer[0];
    }

    @Override
    public void forEachLayer(int layers, boolean reversed, Runnable body) {
        looping = true;
        try {
            for (int i = 0; i < layers; i++) {
                layer[0] = reversed ? layers - 1 - i : i;
                body.run();
            }
        } finally {
            layer[0] = 0;
            looping = false;
        }
    }

    private int at(Tensor tensor) {
        return tensor.fixedAt(looping);
    }

    @Override
    public void matmul(Tensor out, Tensor in, Tensor weight, Tensor bias, int rows, int inC, int outC) {
        MatmulKernels.matmulForward(layer, out.floats(), out.at(), in.floats(), in.at(), Tensor.stacked(out, in),
                weight.floats(), weight.at(), weight.step(), bias == null ? -1 : bias.atIn(weight),
                bias == null ? 0 : bias.step(), rows, inC, outC);
    }

    @Override
    public void matmulBackwardInput(Tensor dIn, Tensor dOut, Tensor weight, int rows, int inC, int outC) {
        MatmulKernels.matmulBackwardInput(layer, dIn.floats(), at(dIn), dOut.floats(), at(dOut),
                weight.floats(), weight.at(), weight.step(), rows, inC, outC);
    }

    @Override
    public void matmulBackwardWeight(Tensor dWeight, Tensor dOut, Tensor in, int rows, int inC, int outC) {
        MatmulKernels.matmulBackwardWeight(layer, dWeight.floats(), dWeight.at(), dWeight.step(),
                dOut.floats(), at(dOut), in.floats(), in.at(), in.step(), rows, inC, outC);
    }

    @Override
    public void matmulBackwardBias(Tensor dBias, Tensor dOut, int rows, int outC, int first, int count) {
        MatmulKernels.matmulBackwardBias(layer, dBias.floats(), dBias.at(), dBias.step(), dOut.floats(), at(dOut),
                rows, outC, first, count);
    }

    @Override
    public void layerNorm(Tensor out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels,
            float eps) {
        LayerNormKernels.layerNormStats(layer, stats.floats(), stats.at(), stats.step(),
                in.floats(), in.at(), in.step(), rows, channels, eps);
        layerNormRecompute(out, stats, in, weight, bias, rows, channels);
    }

    @Override
    public void layerNormRecompute(Tensor out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows,
            int channels) {
        LayerNormKernels.layerNormForward(layer, out.floats(), at(out), stats.floats(), stats.at(), stats.step(),
                in.floats(), in.at(), in.step(), weight.floats(), weight.at(), bias.atBeside(weight), weight.step(),
                rows, channels);
    }

    @Override
    public void layerNormBackwardInput(Tensor dIn, Tensor sums, Tensor dOut, Tensor stats, Tensor in, Tensor weight,
            int rows, int channels) {
        LayerNormKernels.layerNormBackwardStats(layer, sums.floats(), at(sums),
                stats.floats(), stats.at(), stats.step(), rows);
        LayerNormKernels.layerNormBackwardSums(layer, sums.floats(), at(sums), dOut.floats(), at(dOut),
                in.floats(), in.at(), in.step(), weight.floats(), weight.at(), weight.step(), rows, channels);
        LayerNormKernels.layerNormBackwardInput(layer, dIn.floats(), at(dIn), sums.floats(), at(sums),
                dOut.floats(), at(dOut), in.floats(), in.at(), in.step(), weight.floats(), weight.at(), weight.step(),
                rows, channels);
    }

    @Override
    public void layerNormBackwardParams(Tensor dWeight, Tensor dBias, Tensor dOut, Tensor stats, Tensor in, int rows,
            int channels) {
        LayerNormKernels.layerNormBackwardParams(layer, dWeight.floats(), dWeight.at(), dBias.atBeside(dWeight),
                dWeight.step(), dOut.floats(), at(dOut), stats.floats(), stats.at(), stats.step(),
                in.floats(), in.at(), in.step(), rows, channels);
    }

    @Override
    public void gelu(Tensor out, Tensor in) {
        GeluKernels.geluForward(layer, out.floats(), at(out), in.floats(), in.at(), in.step(), in.size());
    }

    @Override
    public void geluBackward(Tensor d, Tensor in) {
        GeluKernels.geluBackward(layer, d.floats(), at(d), in.floats(), in.at(), in.step(), in.size());
    }

    @Override
    public void attention(Tensor out, Tensor logSumExp, Tensor qkv, AttentionShape shape) {
        AttentionKernels.attentionForward(layer, out.floats(), out.at(), out.step(),
                logSumExp.floats(), logSumExp.at(), logSumExp.step(), qkv.floats(), qkv.at(), qkv.step(),
                shape.batch(), shape.tokens(), shape.heads(), shape.headSize());
    }

    @Override
    public void attentionBackward(Tensor dQkv, Tensor dots, Tensor dOut, Tensor out, Tensor logSumExp, Tensor qkv,
            AttentionShape shape) {
        AttentionKernels.attentionBackwardDots(layer, dots.floats(), at(dots), dOut.floats(), at(dOut),
                out.floats(), out.at(), out.step(), logSumExp.floats(), logSumExp.at(), logSumExp.step(),
                shape.batch(), shape.tokens(), shape.heads(), shape.headSize());
        AttentionKernels.attentionBackwardQuery(layer, dQkv.floats(), at(dQkv), dOut.floats(), at(dOut),
                dots.floats(), at(dots), qkv.floats(), qkv.at(), qkv.step(), shape.batch(), shape.tokens(),
                shape.heads(), shape.headSize());
        AttentionKernels.attentionBackwardKeyValue(layer, dQkv.floats(), at(dQkv), dOut.floats(), at(dOut),
                dots.floats(), at(dots), qkv.floats(), qkv.at(), qkv.step(), shape.batch(), shape.tokens(),
                shape.heads(), shape.headSize());
    }

    @Override
    public void residual(Tensor out, Tensor stream, Tensor branch) {
        ResidualKernels.residualForward(layer, out.floats(), out.at(), out.step(),
                stream.floats(), stream.at(), stream.step(), branch.floats(), at(branch), out.size());
    }

    @Override
    public void gatherPatches(Tensor patches, Tensor clip, Tensor ids, int batch, int count, PatchGrid grid) {
        PatchKernels.gatherPatches(patches.floats(), at(patches), clip.floats(), at(clip), ids.ints(), at(ids), batch,
                count, grid.frames(), grid.height(), grid.width(), grid.tPatchSize(), grid.patchSize());
    }

    @Override
    public void gatherTargets(Tensor target, Tensor clip, Tensor ids, Tensor targetFrames, int batch, int count,
            PatchGrid grid, int framesPerPatch) {
        PatchKernels.gatherTargets(target.floats(), at(target), clip.floats(), at(clip), ids.ints(), at(ids),
                targetFrames.ints(), at(targetFrames), batch, count, grid.frames(), grid.height(), grid.width(),
                framesPerPatch, grid.patchSize());
    }

    @Override
    public void normaliseTargets(Tensor target, int rows, int values) {
        PatchKernels.normaliseTargets(target.floats(), at(target), rows, values);
    }

    @Override
    public void prependClass(Tensor out, Tensor in, Tensor classToken, TokenShape shape) {
        Tensor token = classToken == null ? in : classToken; // without class token no row reads it
        TokenKernels.prependClassForward(out.floats(), at(out), in.floats(), at(in), token.floats(), at(token),
                shape.batch(), shape.count(), shape.cls(), shape.channels());
    }

    @Override
    public void prependClassBackward(Tensor dIn, Tensor dOut, TokenShape shape) {
        TokenKernels.prependClassBackward(dIn.floats(), at(dIn), dOut.floats(), at(dOut), shape.batch(),
                shape.count(), shape.cls(), shape.channels());
    }

    @Override
    public void classTokenBackward(Tensor grad, Tensor dOut, TokenShape shape) {
        TokenKernels.classTokenBackward(grad.floats(), at(grad), dOut.floats(), at(dOut), shape.batch(),
                shape.cls() + shape.count(), shape.channels());
    }

    @Override
    public void unshuffle(Tensor out, Tensor in, Tensor slots, Tensor maskToken, Tensor classToken,
            TokenShape shape) {
        TokenKernels.unshuffleForward(out.floats(), at(out), in.floats(), at(in), slots.ints(), at(slots),
                maskToken.floats(), at(maskToken), classToken == null ? -1 : classToken.atBeside(maskToken),
                shape.batch(), shape.count(), shape.tokens(), shape.cls(), shape.channels());
    }

    @Override
    public void unshuffleBackward(Tensor dIn, Tensor dOut, Tensor ids, TokenShape shape, boolean carry) {
        TokenKernels.unshuffleBackward(dIn.floats(), at(dIn), dOut.floats(), at(dOut), ids.ints(), at(ids),
                shape.batch(), shape.count(), shape.tokens(), shape.cls(), carry ? 1 : 0, shape.channels());
    }

    @Override
    public void maskTokenBackward(Tensor dMaskToken, Tensor dOut, Tensor slots, TokenShape shape) {
        TokenKernels.maskTokenBackward(dMaskToken.floats(), at(dMaskToken), dOut.floats(), at(dOut),
                slots.ints(), at(slots), shape.batch(), shape.count(), shape.tokens(), shape.cls(), shape.channels());
    }

    @Override
    public void gatherTokens(Tensor out, Tensor in, Tensor ids, TokenShape shape) {
        TokenKernels.gatherTokensForward(out.floats(), at(out), in.floats(), at(in), ids.ints(), at(ids),
                shape.batch(), shape.count(), shape.tokens(), shape.cls(), shape.channels());
    }

    @Override
    public void gatherTokensBackward(Tensor dIn, Tensor dOut, Tensor slots, TokenShape shape) {
        TokenKernels.gatherTokensBackward(dIn.floats(), at(dIn), dOut.floats(), at(dOut), slots.ints(), at(slots),
                shape.batch(), shape.count(), shape.tokens(), shape.cls(), shape.channels());
    }

    @Override
    public void addSeparablePositions(Tensor x, Tensor ids, Tensor spatial, Tensor temporal, Tensor classPosition,
            TokenShape shape, int places) {
        PositionKernels.addSeparablePositions(x.floats(), at(x), ids.ints(), at(ids), spatial.floats(), at(spatial),
                temporal.atBeside(spatial), classPosition == null ? 0 : classPosition.atBeside(spatial),
                shape.batch(), shape.count(), places, shape.cls(), shape.channels());
    }

    @Override
    public void addJointPositions(Tensor x, Tensor ids, Tensor joint, TokenShape shape) {
        PositionKernels.addJointPositions(x.floats(), at(x), ids.ints(), at(ids), joint.floats(), at(joint),
                shape.batch(), shape.count(), shape.cls(), shape.channels());
    }

    @Override
    public void spatialPositionsBackward(Tensor dSpatial, Tensor dX, Tensor slots, TokenShape shape, int places) {
        PositionKernels.spatialPositionsBackward(dSpatial.floats(), at(dSpatial), dX.floats(), at(dX),
                slots.ints(), at(slots), shape.batch(), shape.count(), places, shape.tokens() / places, shape.cls(),
                shape.channels());
    }

    @Override
    public void temporalPositionsBackward(Tensor dTemporal, Tensor dX, Tensor slots, TokenShape shape, int places) {
        PositionKernels.temporalPositionsBackward(dTemporal.floats(), at(dTemporal), dX.floats(), at(dX),
                slots.ints(), at(slots), shape.batch(), shape.count(), places, shape.tokens() / places, shape.cls(),
                shape.channels());
    }

    @Override
    public void jointPositionsBackward(Tensor dJoint, Tensor dX, Tensor slots, TokenShape shape) {
        PositionKernels.jointPositionsBackward(dJoint.floats(), at(dJoint), dX.floats(), at(dX),
                slots.ints(), at(slots), shape.batch(), shape.count(), shape.tokens(), shape.cls(), shape.channels());
    }

    @Override
    public void loss(Tensor rowLoss, Tensor pred, Tensor target, Tensor ids, Tensor mask, TokenShape shape) {
        LossKernels.lossForward(rowLoss.floats(), at(rowLoss), pred.floats(), at(pred), target.floats(), at(target),
                ids.ints(), at(ids), mask.floats(), at(mask), shape.batch(), shape.count(), shape.tokens(),
                shape.channels());
    }

    @Override
    public void lossBackward(Tensor dPred, Tensor pred, Tensor target, Tensor ids, Tensor mask, TokenShape shape,
            int removed) {
        LossKernels.lossBackward(dPred.floats(), at(dPred), pred.floats(), at(pred), target.floats(), at(target),
                ids.ints(), at(ids), mask.floats(), at(mask), shape.batch(), shape.count(), shape.tokens(),
                shape.channels(), removed);
    }

    @Override
    public void meanTokens(Tensor out, Tensor in, TokenShape shape, int skip) {
        PoolKernels.meanTokensForward(out.floats(), at(out), in.floats(), at(in), shape.batch(),
                shape.cls() + shape.count(), skip, shape.channels());
    }

    @Override
    public void meanTokensBackward(Tensor dIn, Tensor dOut, TokenShape shape, int skip) {
        PoolKernels.meanTokensBackward(dIn.floats(), at(dIn), dOut.floats(), at(dOut), shape.batch(),
                shape.cls() + shape.count(), skip, shape.channels());
    }

    @Override
    public void scale(Tensor out, Tensor in, Tensor factors) {
        ScaleKernels.scaleGroups(layer, out.floats(), at(out), in.floats(), at(in),
                factors.floats(), factors.at(), factors.step(), factors.size(), out.size() / factors.size());
    }

    @Override
    public void crossEntropy(Tensor rowLoss, Tensor logits, Tensor target, int rows, int classes) {
        CrossEntropyKernels.crossEntropyForward(rowLoss.floats(), at(rowLoss), logits.floats(), at(logits),
                target.floats(), at(target), rows, classes);
    }

    @Override
    public void crossEntropyBackward(Tensor dLogits, Tensor logits, Tensor target, int rows, int classes, int count) {
        CrossEntropyKernels.crossEntropyBackward(dLogits.floats(), at(dLogits), logits.floats(), at(logits),
                target.floats(), at(target), rows, classes, count);
    }

    @Override
    public void mean(Tensor out, Tensor partials, Tensor in, int divisor) {
        ReduceKernels.sumPartials(partials.floats(), at(partials), in.floats(), at(in), partials.size(), in.size());
        ReduceKernels.meanOfPartials(out.floats(), at(out), partials.floats(), at(partials), partials.size(),
                divisor);
    }

    @Override
    public void norm(Tensor out, Tensor partials, Tensor in) {
        ReduceKernels.squarePartials(partials.floats(), at(partials), in.floats(), at(in), partials.size(),
                in.size());
        ReduceKernels.rootOfPartials(out.floats(), at(out), partials.floats(), at(partials), partials.size());
    }

    @Override
    public void adamW(Tensor params, Tensor m, Tensor v, Tensor grads, Tensor norm, Tensor hyper, int decay) {
        AdamWKernels.adamWStep(params.floats(), at(params), m.floats(), at(m), v.floats(), at(v),
                grads.floats(), at(grads), norm.floats(), at(norm), hyper.floats(), at(hyper), decay, params.size());
    }

    @Override
    public void zero(Tensor values) {
        ReduceKernels.zero(values.floats(), at(values), values.size());
    }
}
