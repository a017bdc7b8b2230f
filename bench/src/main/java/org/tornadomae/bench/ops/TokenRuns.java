package org.tornadomae.bench.ops;

import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.mae.mask.MaskBatch;

/// Patches, tokens and their positions: copies through index arrays.
final class TokenRuns {
    private TokenRuns() {}

    private static TokenShape visible(OpShapes s, int channels) {
        return new TokenShape(s.batch(), s.keep(), s.tokens(), 1, channels);
    }

    private static TokenShape predicted(OpShapes s, int channels) {
        return new TokenShape(s.batch(), s.predicted(), s.tokens(), 1, channels);
    }

    private static TokenShape all(OpShapes s, int channels) {
        return new TokenShape(s.batch(), s.tokens(), s.tokens(), 1, channels);
    }

    static OpRun gatherPatches(OpShapes s) {
        PatchGrid g = s.grid();
        Tensor clip = s.uniform(s.batch(), g.clipValues());
        Tensor ids = s.masks().idsKeep();
        int n = s.batch() * s.keep() * g.patchValues();
        return OpRun.whole("gatherPatches", Work.floats(2.0 * n), 0,
                (ops, w) -> ops.gatherPatches(w[0], clip, ids, s.batch(), s.keep(), g), OpShapes.zeros(n));
    }

    static OpRun gatherTargets(OpShapes s) {
        PatchGrid g = s.grid();
        Tensor clip = s.uniform(s.batch(), g.clipValues());
        Tensor ids = s.masks().idsPredict();
        Tensor frames = Tensor.of(s.config().targetFrames());
        int n = s.batch() * s.predicted() * s.config().predValues();
        return OpRun.whole("gatherTargets", Work.floats(2.0 * n), 0,
                (ops, w) -> ops.gatherTargets(w[0], clip, ids, frames, s.batch(), s.predicted(), g,
                        s.config().predFramesPerPatch()),
                OpShapes.zeros(n));
    }

    static OpRun normaliseTargets(OpShapes s) {
        int rows = s.batch() * s.predicted();
        int values = s.config().predValues();
        return OpRun.whole("normaliseTargets", Work.floats(2.0 * rows * values), values,
                (ops, w) -> ops.normaliseTargets(w[0], rows, values), s.uniform(rows, values));
    }

    static OpRun prependClass(OpShapes s) {
        int channels = s.config().encoder().embedDim();
        Tensor in = s.uniform(s.batch(), s.keep(), channels);
        Tensor token = s.uniform(channels);
        return OpRun.whole("prependClass", Work.floats(2.0 * in.size()), 0,
                (ops, w) -> ops.prependClass(w[0], in, token, visible(s, channels)),
                OpShapes.zeros(s.batch() * (1 + s.keep()) * channels));
    }

    static OpRun prependClassGradient(OpShapes s) {
        int channels = s.config().encoder().embedDim();
        Tensor dOut = s.uniform(s.batch(), 1 + s.keep(), channels);
        int n = s.batch() * s.keep() * channels;
        return OpRun.whole("prependClassBackward", Work.floats(2.0 * n), 0,
                (ops, w) -> ops.prependClassBackward(w[0], dOut, visible(s, channels)), OpShapes.zeros(n));
    }

    static OpRun classTokenGradient(OpShapes s) {
        int channels = s.config().encoder().embedDim();
        int rows = 1 + s.keep();
        Tensor dOut = s.uniform(s.batch(), rows, channels);
        return OpRun.whole("classTokenBackward", Work.floats((2.0 + s.batch()) * channels), s.batch(),
                (ops, w) -> ops.classTokenBackward(w[0], dOut, visible(s, channels)), s.uniform(channels));
    }

    static OpRun unshuffle(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        Tensor in = s.uniform(s.batch(), 1 + s.keep(), channels);
        Tensor tokens = s.uniform(2, channels); // mask token, class token
        Tensor slots = s.masks().idsRestore();
        int n = s.batch() * (1 + s.tokens()) * channels;
        return OpRun.whole("unshuffle", Work.floats(in.size() + n), 0,
                (ops, w) -> ops.unshuffle(w[0], in, slots, tokens, tokens.slice(channels, channels),
                        visible(s, channels)),
                OpShapes.zeros(n));
    }

    static OpRun unshuffleGradient(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        Tensor dOut = s.uniform(s.batch(), 1 + s.tokens(), channels);
        Tensor ids = s.masks().idsKeep();
        int n = s.batch() * (1 + s.keep()) * channels;
        return OpRun.whole("unshuffleBackward", Work.floats(2.0 * n), 0,
                (ops, w) -> ops.unshuffleBackward(w[0], dOut, ids, visible(s, channels), false), OpShapes.zeros(n));
    }

    static OpRun maskTokenGradient(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        Tensor dOut = s.uniform(s.batch(), 1 + s.tokens(), channels);
        Tensor slots = s.masks().idsRestore();
        int rows = s.batch() * s.predicted();
        return OpRun.whole("maskTokenBackward", Work.floats((double) rows * channels), rows,
                (ops, w) -> ops.maskTokenBackward(w[0], dOut, slots, visible(s, channels)), s.uniform(channels));
    }

    static OpRun gatherTokens(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        Tensor in = s.uniform(s.batch(), 1 + s.tokens(), channels);
        Tensor ids = s.masks().idsPredict();
        int n = s.batch() * s.predicted() * channels;
        return OpRun.whole("gatherTokens", Work.floats(2.0 * n), 0,
                (ops, w) -> ops.gatherTokens(w[0], in, ids, predicted(s, channels)), OpShapes.zeros(n));
    }

    static OpRun gatherTokensGradient(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        Tensor dOut = s.uniform(s.batch(), s.predicted(), channels);
        Tensor slots = s.masks().predictSlots();
        int n = s.batch() * (1 + s.tokens()) * channels;
        return OpRun.whole("gatherTokensBackward", Work.floats(dOut.size() + n), 0,
                (ops, w) -> ops.gatherTokensBackward(w[0], dOut, slots, predicted(s, channels)), OpShapes.zeros(n));
    }

    /// In the encoder, on the visible tokens.
    static OpRun addSeparablePositions(OpShapes s) {
        int channels = s.config().encoder().embedDim();
        int places = s.grid().places();
        Tensor params = s.uniform(places + s.grid().times() + 1, channels);
        Tensor ids = s.masks().idsKeep();
        Tensor x = s.uniform(s.batch(), 1 + s.keep(), channels);
        return OpRun.whole("addSeparablePositions", Work.floats(2.0 * x.size()), 2,
                (ops, w) -> ops.addSeparablePositions(w[0], ids, params,
                        params.slice(places * channels, s.grid().times() * channels),
                        params.slice((places + s.grid().times()) * channels, channels), visible(s, channels), places),
                x);
    }

    static OpRun addJointPositions(OpShapes s) {
        int channels = s.config().encoder().embedDim();
        Tensor joint = s.uniform(1 + s.tokens(), channels);
        Tensor ids = s.masks().idsKeep();
        Tensor x = s.uniform(s.batch(), 1 + s.keep(), channels);
        return OpRun.whole("addJointPositions", Work.floats(3.0 * x.size()), 2,
                (ops, w) -> ops.addJointPositions(w[0], ids, joint, visible(s, channels)), x);
    }

    /// The decoder's, over all tokens: the largest that a step has.
    static OpRun spatialPositionsGradient(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        int places = s.grid().places();
        int times = s.grid().times();
        Tensor dX = s.uniform(s.batch(), 1 + s.tokens(), channels);
        Tensor slots = s.allIds();
        return OpRun.whole("spatialPositionsBackward", Work.floats(dX.size()), s.batch() * times,
                (ops, w) -> ops.spatialPositionsBackward(w[0], dX, slots, all(s, channels), places),
                s.uniform(places, channels));
    }

    static OpRun temporalPositionsGradient(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        int places = s.grid().places();
        int times = s.grid().times();
        Tensor dX = s.uniform(s.batch(), 1 + s.tokens(), channels);
        Tensor slots = s.allIds();
        return OpRun.whole("temporalPositionsBackward", Work.floats(dX.size()), s.batch() * places,
                (ops, w) -> ops.temporalPositionsBackward(w[0], dX, slots, all(s, channels), places),
                s.uniform(times, channels));
    }

    static OpRun jointPositionsGradient(OpShapes s) {
        int channels = s.config().encoder().embedDim();
        MaskBatch masks = s.masks();
        Tensor dX = s.uniform(s.batch(), 1 + s.keep(), channels);
        return OpRun.whole("jointPositionsBackward", Work.floats(dX.size() + 2.0 * s.tokens() * channels), s.batch(),
                (ops, w) -> ops.jointPositionsBackward(w[0], dX, masks.idsRestore(), visible(s, channels)),
                s.uniform(1 + s.tokens(), channels));
    }
}
