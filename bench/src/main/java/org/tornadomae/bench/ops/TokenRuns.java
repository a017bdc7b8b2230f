package org.tornadomae.bench.ops;

import java.util.List;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.kernels.PatchGrid;

/// Patches, tokens and their positions: copies through index arrays.
final class TokenRuns {
    private TokenRuns() {
    }

    static OpRun gatherPatches(OpShapes s) {
        PatchGrid g = s.grid();
        float[] clip = s.uniform(s.batch(), g.clipValues());
        int[] ids = s.masks().idsKeep();
        int n = s.batch() * s.keep() * g.patchValues();
        return OpRun.whole("gatherPatches", Work.floats(2.0 * n), 0, List.of(clip, ids),
                (ops, w) -> ops.gatherPatches(w[0], clip, ids, s.batch(), s.keep(), g.frames(), g.height(), g.width(), g.tPatchSize(), g.patchSize()), new float[n]);
    }

    static OpRun gatherTargets(OpShapes s) {
        PatchGrid g = s.grid();
        float[] clip = s.uniform(s.batch(), g.clipValues());
        int[] ids = s.masks().idsPredict();
        int[] frames = s.config().targetFrames();
        int n = s.batch() * s.predicted() * s.config().predValues();
        return OpRun.whole("gatherTargets", Work.floats(2.0 * n), 0, List.of(clip, ids, frames),
                (ops, w) -> ops.gatherTargets(w[0], clip, ids, frames, s.batch(), s.predicted(), g.frames(), g.height(), g.width(),
                        s.config().predFramesPerPatch(), g.patchSize()), new float[n]);
    }

    static OpRun normaliseTargets(OpShapes s) {
        int rows = s.batch() * s.predicted();
        int values = s.config().predValues();
        return OpRun.whole("normaliseTargets", Work.floats(2.0 * rows * values), values, List.of(),
                (ops, w) -> ops.normaliseTargets(w[0], rows, values), s.uniform(rows, values));
    }

    static OpRun prependClass(OpShapes s) {
        int channels = s.config().encoder().embedDim();
        float[] in = s.uniform(s.batch(), s.keep(), channels);
        float[] token = s.uniform(channels);
        return OpRun.whole("prependClass", Work.floats(2.0 * in.length), 0, List.of(in, token),
                (ops, w) -> ops.prependClass(w[0], in, Tensor.of(token), s.batch(), s.keep(), 1, channels),
                new float[s.batch() * (1 + s.keep()) * channels]);
    }

    static OpRun prependClassGradient(OpShapes s) {
        int channels = s.config().encoder().embedDim();
        float[] dOut = s.uniform(s.batch(), 1 + s.keep(), channels);
        int n = s.batch() * s.keep() * channels;
        return OpRun.whole("prependClassBackward", Work.floats(2.0 * n), 0, List.of(dOut),
                (ops, w) -> ops.prependClassBackward(w[0], dOut, s.batch(), s.keep(), 1, channels), new float[n]);
    }

    static OpRun firstRowGradient(OpShapes s) {
        int channels = s.config().encoder().embedDim();
        int rows = 1 + s.keep();
        float[] dOut = s.uniform(s.batch(), rows, channels);
        return OpRun.whole("firstRowBackward", Work.floats((2.0 + s.batch()) * channels), s.batch(), List.of(dOut),
                (ops, w) -> ops.firstRowBackward(Tensor.of(w[0]), dOut, s.batch(), rows, channels), s.uniform(channels));
    }

    static OpRun unshuffle(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        float[] in = s.uniform(s.batch(), 1 + s.keep(), channels);
        float[] tokens = s.uniform(2, channels); // mask token, class token
        int[] slots = s.masks().idsRestore();
        int n = s.batch() * (1 + s.tokens()) * channels;
        return OpRun.whole("unshuffle", Work.floats(in.length + n), 0, List.of(in, tokens, slots),
                (ops, w) -> ops.unshuffle(w[0], in, slots, Tensor.of(tokens), new Tensor(tokens, channels, 0, channels),
                        s.batch(), s.keep(), s.tokens(), 1, channels), new float[n]);
    }

    static OpRun unshuffleGradient(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        float[] dOut = s.uniform(s.batch(), 1 + s.tokens(), channels);
        int[] ids = s.masks().idsKeep();
        int n = s.batch() * (1 + s.keep()) * channels;
        return OpRun.whole("unshuffleBackward", Work.floats(2.0 * n), 0, List.of(dOut, ids),
                (ops, w) -> ops.unshuffleBackward(w[0], dOut, ids, s.batch(), s.keep(), s.tokens(), 1, false, channels), new float[n]);
    }

    static OpRun maskTokenGradient(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        float[] dOut = s.uniform(s.batch(), 1 + s.tokens(), channels);
        int[] slots = s.masks().idsRestore();
        int rows = s.batch() * s.predicted();
        return OpRun.whole("maskTokenBackward", Work.floats((double) rows * channels), rows, List.of(dOut, slots),
                (ops, w) -> ops.maskTokenBackward(Tensor.of(w[0]), dOut, slots, s.batch(), s.keep(), s.tokens(), 1, channels), s.uniform(channels));
    }

    static OpRun gatherTokens(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        float[] in = s.uniform(s.batch(), 1 + s.tokens(), channels);
        int[] ids = s.masks().idsPredict();
        int n = s.batch() * s.predicted() * channels;
        return OpRun.whole("gatherTokens", Work.floats(2.0 * n), 0, List.of(in, ids),
                (ops, w) -> ops.gatherTokens(w[0], Tensor.of(in), ids, s.batch(), s.predicted(), s.tokens(), 1, channels), new float[n]);
    }

    static OpRun gatherTokensGradient(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        float[] dOut = s.uniform(s.batch(), s.predicted(), channels);
        int[] slots = s.masks().predictSlots();
        int n = s.batch() * (1 + s.tokens()) * channels;
        return OpRun.whole("gatherTokensBackward", Work.floats(dOut.length + n), 0, List.of(dOut, slots),
                (ops, w) -> ops.gatherTokensBackward(w[0], dOut, slots, s.batch(), s.predicted(), s.tokens(), 1, channels), new float[n]);
    }

    /// In the encoder, on the visible tokens.
    static OpRun addSeparablePositions(OpShapes s) {
        int channels = s.config().encoder().embedDim();
        int places = s.grid().places();
        float[] params = s.uniform(places + s.grid().times() + 1, channels);
        int[] ids = s.masks().idsKeep();
        float[] x = s.uniform(s.batch(), 1 + s.keep(), channels);
        return OpRun.whole("addSeparablePositions", Work.floats(2.0 * x.length), 2, List.of(params, ids),
                (ops, w) -> ops.addSeparablePositions(w[0], ids, Tensor.of(params), new Tensor(params, places * channels, 0, s.grid().times() * channels),
                        new Tensor(params, (places + s.grid().times()) * channels, 0, channels), s.batch(), s.keep(), places, 1, channels), x);
    }

    static OpRun addJointPositions(OpShapes s) {
        int channels = s.config().encoder().embedDim();
        float[] joint = s.uniform(1 + s.tokens(), channels);
        int[] ids = s.masks().idsKeep();
        float[] x = s.uniform(s.batch(), 1 + s.keep(), channels);
        return OpRun.whole("addJointPositions", Work.floats(3.0 * x.length), 2, List.of(joint, ids),
                (ops, w) -> ops.addJointPositions(w[0], ids, Tensor.of(joint), s.batch(), s.keep(), 1, channels), x);
    }

    /// The decoder's, over all tokens: the largest that a step has.
    static OpRun spatialPositionsGradient(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        int places = s.grid().places();
        int times = s.grid().times();
        float[] dX = s.uniform(s.batch(), 1 + s.tokens(), channels);
        int[] slots = s.allIds();
        return OpRun.whole("spatialPositionsBackward", Work.floats(dX.length), s.batch() * times, List.of(dX, slots),
                (ops, w) -> ops.spatialPositionsBackward(Tensor.of(w[0]), dX, slots, s.batch(), s.tokens(), places, times, 1, channels),
                s.uniform(places, channels));
    }

    static OpRun temporalPositionsGradient(OpShapes s) {
        int channels = s.config().decoder().embedDim();
        int places = s.grid().places();
        int times = s.grid().times();
        float[] dX = s.uniform(s.batch(), 1 + s.tokens(), channels);
        int[] slots = s.allIds();
        return OpRun.whole("temporalPositionsBackward", Work.floats(dX.length), s.batch() * places, List.of(dX, slots),
                (ops, w) -> ops.temporalPositionsBackward(Tensor.of(w[0]), dX, slots, s.batch(), s.tokens(), places, times, 1, channels),
                s.uniform(times, channels));
    }

    static OpRun jointPositionsGradient(OpShapes s) {
        int channels = s.config().encoder().embedDim();
        MaskBatch masks = s.masks();
        float[] dX = s.uniform(s.batch(), 1 + s.keep(), channels);
        return OpRun.whole("jointPositionsBackward", Work.floats(dX.length + 2.0 * s.tokens() * channels), s.batch(),
                List.of(dX, masks.idsRestore()),
                (ops, w) -> ops.jointPositionsBackward(Tensor.of(w[0]), dX, masks.idsRestore(), s.batch(), s.keep(), s.tokens(), 1, channels),
                s.uniform(1 + s.tokens(), channels));
    }
}
