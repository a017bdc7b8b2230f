package org.tornadomae.kernels;

/// The plain loops, one thread, in order: the oracle that every other executor is tested against.
final class LoopOps implements Ops {
    private final int[] layer = new int[1];

    @Override
    public void forEachLayer(int layers, boolean reversed, Runnable body) {
        for (int i = 0; i < layers; i++) {
            layer[0] = reversed ? layers - 1 - i : i;
            body.run();
        }
        layer[0] = 0;
    }

    @Override
    public void matmul(Tensor out, Tensor in, Tensor weight, Tensor bias, int rows, int inC, int outC) {
        MatmulKernels.matmulForward(layer, out.data(), out.step(), in.data(), in.step(), weight.data(), weight.at(), weight.step(),
                bias == null ? -1 : bias.at(), bias == null ? 0 : bias.step(), rows, inC, outC);
    }

    @Override
    public void matmulBackwardInput(float[] dIn, float[] dOut, Tensor weight, int rows, int inC, int outC) {
        MatmulKernels.matmulBackwardInput(layer, dIn, dOut, weight.data(), weight.at(), weight.step(), rows, inC, outC);
    }

    @Override
    public void matmulBackwardWeight(Tensor dWeight, float[] dOut, Tensor in, int rows, int inC, int outC) {
        MatmulKernels.matmulBackwardWeight(layer, dWeight.data(), dWeight.at(), dWeight.step(), dOut, in.data(), in.step(), rows, inC, outC);
    }

    @Override
    public void matmulBackwardBias(Tensor dBias, float[] dOut, int rows, int outC, int first, int count) {
        MatmulKernels.matmulBackwardBias(layer, dBias.data(), dBias.at(), dBias.step(), dOut, rows, outC, first, count);
    }

    @Override
    public void layerNorm(float[] out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels) {
        LayerNormKernels.layerNormStats(layer, stats.data(), stats.step(), in.data(), in.at(), in.step(), rows, channels);
        layerNormAgain(out, stats, in, weight, bias, rows, channels);
    }

    @Override
    public void layerNormAgain(float[] out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels) {
        LayerNormKernels.layerNormForward(layer, out, stats.data(), stats.step(), in.data(), in.at(), in.step(),
                weight.data(), weight.at(), bias.at(), weight.step(), rows, channels);
    }

    @Override
    public void layerNormBackwardInput(float[] dIn, float[] sums, float[] dOut, Tensor stats, Tensor in, Tensor weight,
            int rows, int channels) {
        LayerNormKernels.layerNormBackwardSums(layer, sums, dOut, stats.data(), stats.step(), in.data(), in.at(), in.step(),
                weight.data(), weight.at(), weight.step(), rows, channels);
        LayerNormKernels.layerNormBackwardInput(layer, dIn, sums, dOut, stats.data(), stats.step(), in.data(), in.at(), in.step(),
                weight.data(), weight.at(), weight.step(), rows, channels);
    }

    @Override
    public void layerNormBackwardParams(Tensor dWeight, Tensor dBias, float[] dOut, Tensor stats, Tensor in, int rows, int channels) {
        LayerNormKernels.layerNormBackwardParams(layer, dWeight.data(), dWeight.at(), dBias.at(), dWeight.step(), dOut,
                stats.data(), stats.step(), in.data(), in.at(), in.step(), rows, channels);
    }

    @Override
    public void gelu(float[] out, Tensor in, int n) {
        GeluKernels.geluForward(layer, out, in.data(), in.step(), n);
    }

    @Override
    public void geluBackward(float[] d, Tensor in, int n) {
        GeluKernels.geluBackward(layer, d, in.data(), in.step(), n);
    }

    @Override
    public void attention(Tensor out, Tensor logSumExp, Tensor qkv, int batch, int tokens, int heads, int headSize) {
        AttentionKernels.attentionForward(layer, out.data(), out.step(), logSumExp.data(), logSumExp.step(),
                qkv.data(), qkv.step(), batch, tokens, heads, headSize);
    }

    @Override
    public void attentionBackward(float[] dQkv, float[] dot, float[] dOut, Tensor out, Tensor logSumExp, Tensor qkv,
            int batch, int tokens, int heads, int headSize) {
        AttentionKernels.attentionBackwardDot(layer, dot, dOut, out.data(), out.step(), batch, tokens, heads, headSize);
        AttentionKernels.attentionBackwardQuery(layer, dQkv, dOut, dot, qkv.data(), qkv.step(),
                logSumExp.data(), logSumExp.step(), batch, tokens, heads, headSize);
        AttentionKernels.attentionBackwardKeyValue(layer, dQkv, dOut, dot, qkv.data(), qkv.step(),
                logSumExp.data(), logSumExp.step(), batch, tokens, heads, headSize);
    }

    @Override
    public void residual(Tensor out, Tensor stream, float[] branch, int n) {
        ResidualKernels.residualForward(layer, out.data(), out.at(), out.step(), stream.data(), stream.at(), stream.step(), branch, n);
    }

    @Override
    public void gatherPatches(float[] patches, float[] clip, int[] ids, int batch, int count, int frames, int height, int width, int u, int p) {
        PatchKernels.gatherPatches(patches, clip, ids, batch, count, frames, height, width, u, p);
    }

    @Override
    public void gatherTargets(float[] target, float[] clip, int[] ids, int[] targetFrames,
            int batch, int count, int frames, int height, int width, int u, int p) {
        PatchKernels.gatherTargets(target, clip, ids, targetFrames, batch, count, frames, height, width, u, p);
    }

    @Override
    public void normaliseTargets(float[] target, int rows, int values) {
        PatchKernels.normaliseTargets(target, rows, values);
    }

    @Override
    public void prependClass(float[] out, float[] in, Tensor classToken, int batch, int count, int cls, int channels) {
        TokenKernels.prependClassForward(out, in, classToken == null ? in : classToken.data(), classToken == null ? 0 : classToken.at(),
                batch, count, cls, channels);
    }

    @Override
    public void prependClassBackward(float[] dIn, float[] dOut, int batch, int count, int cls, int channels) {
        TokenKernels.prependClassBackward(dIn, dOut, batch, count, cls, channels);
    }

    @Override
    public void firstRowBackward(Tensor grad, float[] dOut, int batch, int rows, int channels) {
        TokenKernels.firstRowBackward(grad.data(), grad.at(), dOut, batch, rows, channels);
    }

    @Override
    public void unshuffle(float[] out, float[] in, int[] slots, Tensor maskToken, Tensor classToken,
            int batch, int keep, int tokens, int cls, int channels) {
        TokenKernels.unshuffleForward(out, in, slots, maskToken.data(), maskToken.at(), classToken == null ? -1 : classToken.at(),
                batch, keep, tokens, cls, channels);
    }

    @Override
    public void unshuffleBackward(float[] dIn, float[] dOut, int[] ids, int batch, int keep, int tokens, int cls, boolean carry, int channels) {
        TokenKernels.unshuffleBackward(dIn, dOut, ids, batch, keep, tokens, cls, carry ? 1 : 0, channels);
    }

    @Override
    public void maskTokenBackward(Tensor dMaskToken, float[] dOut, int[] slots, int batch, int keep, int tokens, int cls, int channels) {
        TokenKernels.maskTokenBackward(dMaskToken.data(), dMaskToken.at(), dOut, slots, batch, keep, tokens, cls, channels);
    }

    @Override
    public void gatherTokens(float[] out, Tensor in, int[] ids, int batch, int count, int tokens, int cls, int channels) {
        TokenKernels.gatherTokensForward(out, in.data(), in.at(), ids, batch, count, tokens, cls, channels);
    }

    @Override
    public void gatherTokensBackward(float[] dIn, float[] dOut, int[] slots, int batch, int count, int tokens, int cls, int channels) {
        TokenKernels.gatherTokensBackward(dIn, dOut, slots, batch, count, tokens, cls, channels);
    }

    @Override
    public void addSeparablePositions(float[] x, int[] ids, Tensor spatial, Tensor temporal, Tensor classPosition,
            int batch, int count, int places, int cls, int channels) {
        PositionKernels.addSeparablePositions(x, ids, spatial.data(), spatial.at(), temporal.at(),
                classPosition == null ? 0 : classPosition.at(), batch, count, places, cls, channels);
    }

    @Override
    public void addJointPositions(float[] x, int[] ids, Tensor joint, int batch, int count, int cls, int channels) {
        PositionKernels.addJointPositions(x, ids, joint.data(), joint.at(), batch, count, cls, channels);
    }

    @Override
    public void spatialPositionsBackward(Tensor dSpatial, float[] dX, int[] slots,
            int batch, int count, int places, int times, int cls, int channels) {
        PositionKernels.spatialPositionsBackward(dSpatial.data(), dSpatial.at(), dX, slots, batch, count, places, times, cls, channels);
    }

    @Override
    public void temporalPositionsBackward(Tensor dTemporal, float[] dX, int[] slots,
            int batch, int count, int places, int times, int cls, int channels) {
        PositionKernels.temporalPositionsBackward(dTemporal.data(), dTemporal.at(), dX, slots, batch, count, places, times, cls, channels);
    }

    @Override
    public void jointPositionsBackward(Tensor dJoint, float[] dX, int[] slots, int batch, int count, int tokens, int cls, int channels) {
        PositionKernels.jointPositionsBackward(dJoint.data(), dJoint.at(), dX, slots, batch, count, tokens, cls, channels);
    }

    @Override
    public void loss(float[] rowLoss, float[] pred, float[] target, int[] ids, float[] mask, int batch, int count, int tokens, int values) {
        LossKernels.lossForward(rowLoss, pred, target, ids, mask, batch, count, tokens, values);
    }

    @Override
    public void lossBackward(float[] dPred, float[] pred, float[] target, int[] ids, float[] mask,
            int batch, int count, int tokens, int values, int removed) {
        LossKernels.lossBackward(dPred, pred, target, ids, mask, batch, count, tokens, values, removed);
    }

    @Override
    public void mean(float[] out, float[] partials, float[] in, int n, int divisor) {
        ReduceKernels.sumPartials(partials, in, partials.length, n);
        ReduceKernels.meanOfPartials(out, partials, partials.length, divisor);
    }

    @Override
    public void norm(float[] out, float[] partials, float[] in, int n) {
        ReduceKernels.squarePartials(partials, in, partials.length, n);
        ReduceKernels.rootOfPartials(out, partials, partials.length);
    }

    @Override
    public void adamW(float[] params, float[] m, float[] v, float[] grads, float[] norm, float[] hyper, int decay, int n) {
        AdamWKernels.adamWStep(params, m, v, grads, norm, hyper, decay, n);
    }

    @Override
    public void zero(float[] values, int n) {
        ReduceKernels.zero(values, n);
    }
}
