package org.tornadomae.kernels;

/// The instruction set: one method per operation of forward, backward and optimizer.
///
/// An executor runs the operations ([LoopOps] the plain loops, `VectorOps` the Vector API) or records them for a device.
/// A [Program] calls them in a straight line: no operation returns a value, and none may depend on the result of another
/// on the host. What changes from step to step lives in arrays.
///
/// Conventions: outputs first; arrays named `d…` are gradients; a [Tensor] is stacked over layers or a plain array; the
/// operation reads its layer from the cursor of the surrounding [#forEachLayer], or layer 0 outside of it. Unless said
/// otherwise an output is overwritten; parameter gradients are accumulated.
public sealed interface Ops permits LoopOps, TornadoOps, VectorOps {

    /// Runs `body` once per layer with the cursor at that layer: 0, 1, …, or backwards from the last one.
    ///
    /// A device compiles the body once and moves the cursor on the device, so the body must emit the same operations
    /// on the same tensors each time. Not nestable.
    void forEachLayer(int layers, boolean reversed, Runnable body);

    /// out = in · weightᵀ + bias.
    ///
    /// @param out    [rows, outC] starting at 0
    /// @param in     [rows, inC] starting at 0
    /// @param weight [outC, inC]
    /// @param bias   [outC] in the same array as `weight`, or null
    void matmul(Tensor out, Tensor in, Tensor weight, Tensor bias, int rows, int inC, int outC);

    /// dIn = dOut · weight.
    ///
    /// @param dIn  [rows, inC], not stacked
    /// @param dOut [rows, outC], not stacked
    void matmulBackwardInput(float[] dIn, float[] dOut, Tensor weight, int rows, int inC, int outC);

    /// dWeight += dOutᵀ · in.
    ///
    /// @param dWeight [outC, inC]
    void matmulBackwardWeight(Tensor dWeight, float[] dOut, Tensor in, int rows, int inC, int outC);

    /// dBias += column sums of dOut, for the `count` columns from `first`.
    ///
    /// @param dBias [outC]
    void matmulBackwardBias(Tensor dBias, float[] dOut, int rows, int outC, int first, int count);

    /// Layer normalisation; also stores what the backward pass needs.
    ///
    /// @param out   [rows, C], not stacked
    /// @param stats [rows, 2] mean and 1/std, starting at 0
    /// @param in    [rows, C]
    void layerNorm(float[] out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels);

    /// The normalised rows once more, from stored statistics: the backward pass recomputes instead of keeping them.
    void layerNormAgain(float[] out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels);

    /// dIn += gradient through the normalisation.
    ///
    /// @param dIn  [rows, C], accumulated
    /// @param sums [rows, 2] scratch
    void layerNormBackwardInput(float[] dIn, float[] sums, float[] dOut, Tensor stats, Tensor in, Tensor weight,
            int rows, int channels);

    /// dWeight and dBias [C] accumulate.
    void layerNormBackwardParams(Tensor dWeight, Tensor dBias, float[] dOut, Tensor stats, Tensor in, int rows, int channels);

    /// out = GELU(in), exact erf form.
    ///
    /// @param out [n], not stacked
    void gelu(float[] out, Tensor in, int n);

    /// d = d · GELU'(in), in place.
    void geluBackward(float[] d, Tensor in, int n);

    /// Multi-head self-attention over all tokens of a clip.
    ///
    /// @param out          [B, N, C] starting at 0
    /// @param logSumExp    [B, NH, N] starting at 0
    /// @param qkv          [B, N, 3·C] starting at 0
    void attention(Tensor out, Tensor logSumExp, Tensor qkv, int batch, int tokens, int heads, int headSize);

    /// dQkv from dOut, probabilities recomputed.
    ///
    /// @param dQkv [B, N, 3·C]
    /// @param dot  [B, NH, N] scratch
    /// @param dOut [B, N, C]
    void attentionBackward(float[] dQkv, float[] dot, float[] dOut, Tensor out, Tensor logSumExp, Tensor qkv,
            int batch, int tokens, int heads, int headSize);

    /// out = stream + branch over n elements.
    void residual(Tensor out, Tensor stream, float[] branch, int n);

    /// Pixels of chosen patches, [PatchKernels#gatherPatches].
    void gatherPatches(float[] patches, float[] clip, int[] ids, int batch, int count, int frames, int height, int width, int u, int p);

    /// Pixels to predict, [PatchKernels#gatherTargets].
    void gatherTargets(float[] target, float[] clip, int[] ids, int[] targetFrames,
            int batch, int count, int frames, int height, int width, int u, int p);

    /// Per-patch normalisation of the targets, [PatchKernels#normaliseTargets].
    void normaliseTargets(float[] target, int rows, int values);

    /// Class token in front, [TokenKernels#prependClassForward].
    ///
    /// @param classToken [C], null when `cls` is 0
    void prependClass(float[] out, float[] in, Tensor classToken, int batch, int count, int cls, int channels);

    /// [TokenKernels#prependClassBackward].
    void prependClassBackward(float[] dIn, float[] dOut, int batch, int count, int cls, int channels);

    /// [TokenKernels#firstRowBackward].
    void firstRowBackward(Tensor grad, float[] dOut, int batch, int rows, int channels);

    /// All tokens in place, [TokenKernels#unshuffleForward].
    ///
    /// @param classToken the decoder's own, or null to carry the encoder's over
    void unshuffle(float[] out, float[] in, int[] slots, Tensor maskToken, Tensor classToken,
            int batch, int keep, int tokens, int cls, int channels);

    /// [TokenKernels#unshuffleBackward].
    void unshuffleBackward(float[] dIn, float[] dOut, int[] ids, int batch, int keep, int tokens, int cls, boolean carry, int channels);

    /// [TokenKernels#maskTokenBackward].
    void maskTokenBackward(Tensor dMaskToken, float[] dOut, int[] slots, int batch, int keep, int tokens, int cls, int channels);

    /// Rows of chosen tokens, [TokenKernels#gatherTokensForward].
    ///
    /// @param in [B, cls + N, C], not stacked but at any start
    void gatherTokens(float[] out, Tensor in, int[] ids, int batch, int count, int tokens, int cls, int channels);

    /// [TokenKernels#gatherTokensBackward].
    void gatherTokensBackward(float[] dIn, float[] dOut, int[] slots, int batch, int count, int tokens, int cls, int channels);

    /// [PositionKernels#addSeparablePositions].
    ///
    /// @param classPosition null when `cls` is 0
    void addSeparablePositions(float[] x, int[] ids, Tensor spatial, Tensor temporal, Tensor classPosition,
            int batch, int count, int places, int cls, int channels);

    /// [PositionKernels#addJointPositions].
    void addJointPositions(float[] x, int[] ids, Tensor joint, int batch, int count, int cls, int channels);

    /// [PositionKernels#spatialPositionsBackward].
    void spatialPositionsBackward(Tensor dSpatial, float[] dX, int[] slots,
            int batch, int count, int places, int times, int cls, int channels);

    /// [PositionKernels#temporalPositionsBackward].
    void temporalPositionsBackward(Tensor dTemporal, float[] dX, int[] slots,
            int batch, int count, int places, int times, int cls, int channels);

    /// [PositionKernels#jointPositionsBackward].
    void jointPositionsBackward(Tensor dJoint, float[] dX, int[] slots, int batch, int count, int tokens, int cls, int channels);

    /// Loss of each predicted row, [LossKernels#lossForward].
    void loss(float[] rowLoss, float[] pred, float[] target, int[] ids, float[] mask, int batch, int count, int tokens, int values);

    /// [LossKernels#lossBackward].
    void lossBackward(float[] dPred, float[] pred, float[] target, int[] ids, float[] mask,
            int batch, int count, int tokens, int values, int removed);

    /// out[0] = Σ in / divisor, in fixed order.
    ///
    /// @param partials scratch; its length is the number of partial sums
    void mean(float[] out, float[] partials, float[] in, int n, int divisor);

    /// out[0] = sqrt(Σ in²), in fixed order.
    ///
    /// @param partials scratch; its length is the number of partial sums
    void norm(float[] out, float[] partials, float[] in, int n);

    /// One AdamW step, [AdamWKernels#adamWStep].
    void adamW(float[] params, float[] m, float[] v, float[] grads, float[] norm, float[] hyper, int decay, int n);

    /// values = 0.
    void zero(float[] values, int n);
}
