package org.tornadomae.kernels.tornado;

import static uk.ac.manchester.tornado.api.common.TaskPackage.createPackage;

import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.kernels.loop.AdamWKernels;
import org.tornadomae.kernels.loop.CrossEntropyKernels;
import org.tornadomae.kernels.loop.LossKernels;
import org.tornadomae.kernels.loop.PatchKernels;
import org.tornadomae.kernels.loop.PoolKernels;
import org.tornadomae.kernels.loop.PositionKernels;
import org.tornadomae.kernels.loop.ReduceKernels;
import org.tornadomae.kernels.loop.ScaleKernels;
import org.tornadomae.kernels.loop.TokenKernels;

/// Records a program for TornadoVM: each operation becomes the tasks that run its kernels, in the order of the plain
/// loops.
final class TornadoOps extends TornadoBlockOps {
    private TornadoOps(int[] layer, boolean tiled, Placement placement) {
        super(layer, tiled, placement);
    }

    /// Emits a program into tasks.
    ///
    /// @see Recorder#Recorder
    static Recording record(Program program, int[] layer, boolean tiled, Placement placement) {
        TornadoOps ops = new TornadoOps(layer, tiled, placement);
        program.body().accept(ops);
        return ops.recording();
    }

    @Override
    public void gatherPatches(Tensor patches, Tensor clip, Tensor ids, int batch, int count, PatchGrid grid) {
        record(PatchKernels.class, createPackage(id("gatherPatches"), PatchKernels::gatherPatches,
                patches.floats(), fixed(patches), clip.floats(), fixed(clip), ids.ints(), fixed(ids), batch, count,
                grid.frames(), grid.height(), grid.width(), grid.tPatchSize(), grid.patchSize()));
    }

    @Override
    public void gatherTargets(Tensor target, Tensor clip, Tensor ids, Tensor targetFrames, int batch, int count,
            PatchGrid grid, int framesPerPatch) {
        record(PatchKernels.class, createPackage(id("gatherTargets"), PatchKernels::gatherTargets,
                target.floats(), fixed(target), clip.floats(), fixed(clip), ids.ints(), fixed(ids),
                targetFrames.ints(), fixed(targetFrames), batch, count, grid.frames(), grid.height(), grid.width(),
                framesPerPatch, grid.patchSize()));
    }

    @Override
    public void normaliseTargets(Tensor target, int rows, int values) {
        record(PatchKernels.class, createPackage(id("normaliseTargets"), PatchKernels::normaliseTargets,
                target.floats(), fixed(target), rows, values));
    }

    @Override
    public void prependClass(Tensor out, Tensor in, Tensor classToken, TokenShape shape) {
        Tensor token = classToken == null ? in : classToken; // without class token no row reads it
        record(TokenKernels.class, createPackage(id("prependClassForward"), TokenKernels::prependClassForward,
                out.floats(), fixed(out), in.floats(), fixed(in), token.floats(), fixed(token), shape.batch(),
                shape.count(), shape.cls(), shape.channels()));
    }

    @Override
    public void prependClassBackward(Tensor dIn, Tensor dOut, TokenShape shape) {
        record(TokenKernels.class, createPackage(id("prependClassBackward"), TokenKernels::prependClassBackward,
                dIn.floats(), fixed(dIn), dOut.floats(), fixed(dOut), shape.batch(), shape.count(), shape.cls(),
                shape.channels()));
    }

    @Override
    public void classTokenBackward(Tensor grad, Tensor dOut, TokenShape shape) {
        record(TokenKernels.class, createPackage(id("classTokenBackward"), TokenKernels::classTokenBackward,
                grad.floats(), fixed(grad), dOut.floats(), fixed(dOut), shape.batch(), shape.cls() + shape.count(),
                shape.channels()));
    }

    @Override
    public void unshuffle(Tensor out, Tensor in, Tensor slots, Tensor maskToken, Tensor classToken,
            TokenShape shape) {
        record(TokenKernels.class, createPackage(id("unshuffleForward"), TokenKernels::unshuffleForward,
                out.floats(), fixed(out), in.floats(), fixed(in), slots.ints(), fixed(slots),
                maskToken.floats(), fixed(maskToken), classToken == null ? -1 : beside(classToken, maskToken),
                shape.batch(), shape.count(), shape.tokens(), shape.cls(), shape.channels()));
    }

    @Override
    public void unshuffleBackward(Tensor dIn, Tensor dOut, Tensor ids, TokenShape shape, boolean carry) {
        record(TokenKernels.class, createPackage(id("unshuffleBackward"), TokenKernels::unshuffleBackward,
                dIn.floats(), fixed(dIn), dOut.floats(), fixed(dOut), ids.ints(), fixed(ids), shape.batch(),
                shape.count(), shape.tokens(), shape.cls(), carry ? 1 : 0, shape.channels()));
    }

    @Override
    public void maskTokenBackward(Tensor dMaskToken, Tensor dOut, Tensor slots, TokenShape shape) {
        record(TokenKernels.class, createPackage(id("maskTokenBackward"), TokenKernels::maskTokenBackward,
                dMaskToken.floats(), fixed(dMaskToken), dOut.floats(), fixed(dOut), slots.ints(), fixed(slots),
                shape.batch(), shape.count(), shape.tokens(), shape.cls(), shape.channels()));
    }

    @Override
    public void gatherTokens(Tensor out, Tensor in, Tensor ids, TokenShape shape) {
        record(TokenKernels.class, createPackage(id("gatherTokensForward"), TokenKernels::gatherTokensForward,
                out.floats(), fixed(out), in.floats(), fixed(in), ids.ints(), fixed(ids), shape.batch(),
                shape.count(), shape.tokens(), shape.cls(), shape.channels()));
    }

    @Override
    public void gatherTokensBackward(Tensor dIn, Tensor dOut, Tensor slots, TokenShape shape) {
        record(TokenKernels.class, createPackage(id("gatherTokensBackward"), TokenKernels::gatherTokensBackward,
                dIn.floats(), fixed(dIn), dOut.floats(), fixed(dOut), slots.ints(), fixed(slots), shape.batch(),
                shape.count(), shape.tokens(), shape.cls(), shape.channels()));
    }

    @Override
    public void addSeparablePositions(Tensor x, Tensor ids, Tensor spatial, Tensor temporal, Tensor classPosition,
            TokenShape shape, int places) {
        record(PositionKernels.class, createPackage(id("addSeparablePositions"), PositionKernels::addSeparablePositions,
                x.floats(), fixed(x), ids.ints(), fixed(ids), spatial.floats(), fixed(spatial),
                beside(temporal, spatial), classPosition == null ? 0 : beside(classPosition, spatial), shape.batch(),
                shape.count(), places, shape.cls(), shape.channels()));
    }

    @Override
    public void addJointPositions(Tensor x, Tensor ids, Tensor joint, TokenShape shape) {
        record(PositionKernels.class, createPackage(id("addJointPositions"), PositionKernels::addJointPositions,
                x.floats(), fixed(x), ids.ints(), fixed(ids), joint.floats(), fixed(joint), shape.batch(),
                shape.count(), shape.cls(), shape.channels()));
    }

    @Override
    public void spatialPositionsBackward(Tensor dSpatial, Tensor dX, Tensor slots, TokenShape shape, int places) {
        record(PositionKernels.class,
                createPackage(id("spatialPositionsBackward"), PositionKernels::spatialPositionsBackward,
                        dSpatial.floats(), fixed(dSpatial), dX.floats(), fixed(dX), slots.ints(), fixed(slots),
                        shape.batch(),
                        shape.count(), places, shape.tokens() / places, shape.cls(), shape.channels()));
    }

    @Override
    public void temporalPositionsBackward(Tensor dTemporal, Tensor dX, Tensor slots, TokenShape shape, int places) {
        record(PositionKernels.class,
                createPackage(id("temporalPositionsBackward"), PositionKernels::temporalPositionsBackward,
                        dTemporal.floats(), fixed(dTemporal), dX.floats(), fixed(dX), slots.ints(), fixed(slots),
                        shape.batch(), shape.count(), places, shape.tokens() / places, shape.cls(), shape.channels()));
    }

    @Override
    public void jointPositionsBackward(Tensor dJoint, Tensor dX, Tensor slots, TokenShape shape) {
        record(PositionKernels.class,
                createPackage(id("jointPositionsBackward"), PositionKernels::jointPositionsBackward,
                        dJoint.floats(), fixed(dJoint), dX.floats(), fixed(dX), slots.ints(), fixed(slots),
                        shape.batch(),
                        shape.count(), shape.tokens(), shape.cls(), shape.channels()));
    }

    @Override
    public void loss(Tensor rowLoss, Tensor pred, Tensor target, Tensor ids, Tensor mask, TokenShape shape) {
        record(LossKernels.class, createPackage(id("lossForward"), LossKernels::lossForward,
                rowLoss.floats(), fixed(rowLoss), pred.floats(), fixed(pred), target.floats(), fixed(target),
                ids.ints(), fixed(ids), mask.floats(), fixed(mask), shape.batch(), shape.count(), shape.tokens(),
                shape.channels()));
    }

    @Override
    public void lossBackward(Tensor dPred, Tensor pred, Tensor target, Tensor ids, Tensor mask, TokenShape shape,
            int removed) {
        record(LossKernels.class, createPackage(id("lossBackward"), LossKernels::lossBackward,
                dPred.floats(), fixed(dPred), pred.floats(), fixed(pred), target.floats(), fixed(target),
                ids.ints(), fixed(ids), mask.floats(), fixed(mask), shape.batch(), shape.count(), shape.tokens(),
                shape.channels(), removed));
    }

    @Override
    public void meanTokens(Tensor out, Tensor in, TokenShape shape, int skip) {
        record(PoolKernels.class, createPackage(id("meanTokensForward"), PoolKernels::meanTokensForward,
                out.floats(), fixed(out), in.floats(), fixed(in), shape.batch(), shape.cls() + shape.count(), skip,
                shape.channels()));
    }

    @Override
    public void meanTokensBackward(Tensor dIn, Tensor dOut, TokenShape shape, int skip) {
        record(PoolKernels.class, createPackage(id("meanTokensBackward"), PoolKernels::meanTokensBackward,
                dIn.floats(), fixed(dIn), dOut.floats(), fixed(dOut), shape.batch(), shape.cls() + shape.count(), skip,
                shape.channels()));
    }

    @Override
    public void scale(Tensor out, Tensor in, Tensor factors) {
        record(ScaleKernels.class, createPackage(id("scaleGroups"), ScaleKernels::scaleGroups, layer,
                out.floats(), fixed(out), in.floats(), fixed(in), factors.floats(), at(factors), factors.step(),
                factors.size(), out.size() / factors.size()));
    }

    @Override
    public void crossEntropy(Tensor rowLoss, Tensor logits, Tensor target, int rows, int classes) {
        record(CrossEntropyKernels.class, createPackage(id("crossEntropyForward"),
                CrossEntropyKernels::crossEntropyForward, rowLoss.floats(), fixed(rowLoss), logits.floats(),
                fixed(logits), target.floats(), fixed(target), rows, classes));
    }

    @Override
    public void crossEntropyBackward(Tensor dLogits, Tensor logits, Tensor target, int rows, int classes, int count) {
        record(CrossEntropyKernels.class, createPackage(id("crossEntropyBackward"),
                CrossEntropyKernels::crossEntropyBackward, dLogits.floats(), fixed(dLogits), logits.floats(),
                fixed(logits), target.floats(), fixed(target), rows, classes, count));
    }

    @Override
    public void mean(Tensor out, Tensor partials, Tensor in, int divisor) {
        record(ReduceKernels.class, createPackage(id("sumPartials"), ReduceKernels::sumPartials,
                partials.floats(), fixed(partials), in.floats(), fixed(in), partials.size(), in.size()));
        record(ReduceKernels.class, createPackage(id("meanOfPartials"), ReduceKernels::meanOfPartials,
                out.floats(), fixed(out), partials.floats(), fixed(partials), partials.size(), divisor));
    }

    @Override
    public void norm(Tensor out, Tensor partials, Tensor in) {
        record(ReduceKernels.class, createPackage(id("squarePartials"), ReduceKernels::squarePartials,
                partials.floats(), fixed(partials), in.floats(), fixed(in), partials.size(), in.size()));
        record(ReduceKernels.class, createPackage(id("rootOfPartials"), ReduceKernels::rootOfPartials,
                out.floats(), fixed(out), partials.floats(), fixed(partials), partials.size()));
    }

    @Override
    public void adamW(Tensor params, Tensor m, Tensor v, Tensor grads, Tensor norm, Tensor hyper, int decay) {
        record(AdamWKernels.class, createPackage(id("adamWStep"), AdamWKernels::adamWStep,
                params.floats(), fixed(params), m.floats(), fixed(m), v.floats(), fixed(v),
                grads.floats(), fixed(grads), norm.floats(), fixed(norm), hyper.floats(), fixed(hyper), decay,
                params.size()));
    }

    @Override
    public void zero(Tensor values) {
        record(ReduceKernels.class, createPackage(id("zero"), ReduceKernels::zero, values.floats(), fixed(values),
                values.size()));
    }
}
