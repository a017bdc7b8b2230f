package org.tornadomae.kernels.tornado;

import static uk.ac.manchester.tornado.api.common.TaskPackage.createPackage;

import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.kernels.loop.AdamWKernels;
import org.tornadomae.kernels.loop.AttentionKernels;
import org.tornadomae.kernels.loop.GeluKernels;
import org.tornadomae.kernels.loop.LayerNormKernels;
import org.tornadomae.kernels.loop.LossKernels;
import org.tornadomae.kernels.loop.MatmulKernels;
import org.tornadomae.kernels.loop.PatchKernels;
import org.tornadomae.kernels.loop.PositionKernels;
import org.tornadomae.kernels.loop.ReduceKernels;
import org.tornadomae.kernels.loop.ResidualKernels;
import org.tornadomae.kernels.loop.TokenKernels;

/// Records a program for TornadoVM: each operation becomes the tasks that run its kernels, in the order of the plain
/// loops.
final class TornadoOps extends Recorder {
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
    public void matmul(Tensor out, Tensor in, Tensor weight, Tensor bias, int rows, int inC, int outC) {
        record(MatmulKernels.class, tiled, TiledMatmulKernels.threads(rows, outC), TwinTasks.of(id("matmulForward"),
                MatmulKernels::matmulForward, TiledMatmulKernels::matmulForward, layer,
                out.floats(), at(out), in.floats(), at(in), Tensor.stacked(out, in), weight.floats(), at(weight),
                weight.step(), bias == null ? -1 : in(bias, weight), bias == null ? 0 : bias.step(), rows, inC, outC));
    }

    @Override
    public void matmulBackwardInput(Tensor dIn, Tensor dOut, Tensor weight, int rows, int inC, int outC) {
        record(MatmulKernels.class, tiled, TiledMatmulKernels.threads(rows, inC),
                TwinTasks.of(id("matmulBackwardInput"),
                MatmulKernels::matmulBackwardInput, TiledMatmulKernels::matmulBackwardInput, layer,
                dIn.floats(), fixed(dIn), dOut.floats(), fixed(dOut), weight.floats(), at(weight), weight.step(),
                rows, inC, outC));
    }

    @Override
    public void matmulBackwardWeight(Tensor dWeight, Tensor dOut, Tensor in, int rows, int inC, int outC) {
        record(MatmulKernels.class, tiled, TiledMatmulKernels.threads(outC, inC),
                TwinTasks.of(id("matmulBackwardWeight"),
                MatmulKernels::matmulBackwardWeight, TiledMatmulKernels::matmulBackwardWeight, layer,
                dWeight.floats(), at(dWeight), dWeight.step(), dOut.floats(), fixed(dOut),
                in.floats(), at(in), in.step(), rows, inC, outC));
    }

    @Override
    public void matmulBackwardBias(Tensor dBias, Tensor dOut, int rows, int outC, int first, int count) {
        record(MatmulKernels.class, createPackage(id("matmulBackwardBias"), MatmulKernels::matmulBackwardBias, layer,
                dBias.floats(), at(dBias), dBias.step(), dOut.floats(), fixed(dOut), rows, outC, first, count));
    }

    @Override
    public void layerNorm(Tensor out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels) {
        record(LayerNormKernels.class, createPackage(id("layerNormStats"), LayerNormKernels::layerNormStats, layer,
                stats.floats(), at(stats), stats.step(), in.floats(), at(in), in.step(), rows, channels));
        layerNormRecompute(out, stats, in, weight, bias, rows, channels);
    }

    @Override
    public void layerNormRecompute(Tensor out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows,
            int channels) {
        record(LayerNormKernels.class, createPackage(id("layerNormForward"), LayerNormKernels::layerNormForward,
                layer, out.floats(), fixed(out), stats.floats(), at(stats), stats.step(),
                in.floats(), at(in), in.step(), weight.floats(), at(weight), beside(bias, weight), weight.step(),
                rows, channels));
    }

    @Override
    public void layerNormBackwardInput(Tensor dIn, Tensor sums, Tensor dOut, Tensor stats, Tensor in, Tensor weight,
            int rows, int channels) {
        record(LayerNormKernels.class, createPackage(id("layerNormBackwardStats"), LayerNormKernels::layerNormBackwardStats,
                layer, sums.floats(), fixed(sums), stats.floats(), at(stats), stats.step(), rows));
        record(LayerNormKernels.class, createPackage(id("layerNormBackwardSums"), LayerNormKernels::layerNormBackwardSums,
                layer, sums.floats(), fixed(sums), dOut.floats(), fixed(dOut), in.floats(), at(in), in.step(),
                weight.floats(), at(weight), weight.step(), rows, channels));
        record(LayerNormKernels.class, createPackage(id("layerNormBackwardInput"), LayerNormKernels::layerNormBackwardInput,
                layer, dIn.floats(), fixed(dIn), sums.floats(), fixed(sums), dOut.floats(), fixed(dOut),
                in.floats(), at(in), in.step(), weight.floats(), at(weight), weight.step(), rows, channels));
    }

    @Override
    public void layerNormBackwardParams(Tensor dWeight, Tensor dBias, Tensor dOut, Tensor stats, Tensor in, int rows,
            int channels) {
        record(LayerNormKernels.class, createPackage(id("layerNormBackwardParams"), LayerNormKernels::layerNormBackwardParams,
                layer, dWeight.floats(), at(dWeight), beside(dBias, dWeight), dWeight.step(),
                dOut.floats(), fixed(dOut), stats.floats(), at(stats), stats.step(), in.floats(), at(in), in.step(),
                rows, channels));
    }

    @Override
    public void gelu(Tensor out, Tensor in) {
        record(GeluKernels.class, createPackage(id("geluForward"), GeluKernels::geluForward, layer,
                out.floats(), fixed(out), in.floats(), at(in), in.step(), in.size()));
    }

    @Override
    public void geluBackward(Tensor d, Tensor in) {
        record(GeluKernels.class, createPackage(id("geluBackward"), GeluKernels::geluBackward, layer,
                d.floats(), fixed(d), in.floats(), at(in), in.step(), in.size()));
    }

    @Override
    public void attention(Tensor out, Tensor logSumExp, Tensor qkv, AttentionShape shape) {
        record(AttentionKernels.class, tilesAttention(shape), TiledAttentionKernels.threads(shape.tokens(), shape.batch() * shape.heads()),
                TwinTasks.of(id("attentionForward"),
                AttentionKernels::attentionForward, TiledAttentionKernels::attentionForward, layer,
                out.floats(), at(out), out.step(), logSumExp.floats(), at(logSumExp), logSumExp.step(),
                qkv.floats(), at(qkv), qkv.step(), shape.batch(), shape.tokens(), shape.heads(), shape.headSize()));
    }

    @Override
    public void attentionBackward(Tensor dQkv, Tensor dots, Tensor dOut, Tensor out, Tensor logSumExp, Tensor qkv,
            AttentionShape shape) {
        record(AttentionKernels.class, createPackage(id("attentionBackwardDots"), AttentionKernels::attentionBackwardDots,
                layer, dots.floats(), fixed(dots), dOut.floats(), fixed(dOut), out.floats(), at(out), out.step(),
                logSumExp.floats(), at(logSumExp), logSumExp.step(), shape.batch(), shape.tokens(), shape.heads(),
                shape.headSize()));
        record(AttentionKernels.class, tilesAttention(shape), TiledAttentionKernels.threads(shape.tokens(), shape.batch() * shape.heads()),
                TwinTasks.of(id("attentionBackwardQuery"),
                AttentionKernels::attentionBackwardQuery, TiledAttentionKernels::attentionBackwardQuery, layer,
                dQkv.floats(), fixed(dQkv), dOut.floats(), fixed(dOut), dots.floats(), fixed(dots),
                qkv.floats(), at(qkv), qkv.step(), shape.batch(), shape.tokens(), shape.heads(), shape.headSize()));
        record(AttentionKernels.class, tilesAttention(shape), TiledAttentionKernels.threads(shape.tokens(), shape.batch() * shape.heads()),
                TwinTasks.of(id("attentionBackwardKeyValue"),
                AttentionKernels::attentionBackwardKeyValue, TiledAttentionKernels::attentionBackwardKeyValue, layer,
                dQkv.floats(), fixed(dQkv), dOut.floats(), fixed(dOut), dots.floats(), fixed(dots),
                qkv.floats(), at(qkv), qkv.step(), shape.batch(), shape.tokens(), shape.heads(), shape.headSize()));
    }

    @Override
    public void residual(Tensor out, Tensor stream, Tensor branch) {
        record(ResidualKernels.class, createPackage(id("residualForward"), ResidualKernels::residualForward, layer,
                out.floats(), at(out), out.step(), stream.floats(), at(stream), stream.step(),
                branch.floats(), fixed(branch), out.size()));
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
        record(PositionKernels.class, createPackage(id("spatialPositionsBackward"), PositionKernels::spatialPositionsBackward,
                dSpatial.floats(), fixed(dSpatial), dX.floats(), fixed(dX), slots.ints(), fixed(slots), shape.batch(),
                shape.count(), places, shape.tokens() / places, shape.cls(), shape.channels()));
    }

    @Override
    public void temporalPositionsBackward(Tensor dTemporal, Tensor dX, Tensor slots, TokenShape shape, int places) {
        record(PositionKernels.class, createPackage(id("temporalPositionsBackward"), PositionKernels::temporalPositionsBackward,
                dTemporal.floats(), fixed(dTemporal), dX.floats(), fixed(dX), slots.ints(), fixed(slots),
                shape.batch(), shape.count(), places, shape.tokens() / places, shape.cls(), shape.channels()));
    }

    @Override
    public void jointPositionsBackward(Tensor dJoint, Tensor dX, Tensor slots, TokenShape shape) {
        record(PositionKernels.class, createPackage(id("jointPositionsBackward"), PositionKernels::jointPositionsBackward,
                dJoint.floats(), fixed(dJoint), dX.floats(), fixed(dX), slots.ints(), fixed(slots), shape.batch(),
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
