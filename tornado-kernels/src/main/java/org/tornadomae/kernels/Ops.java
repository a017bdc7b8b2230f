package org.tornadomae.kernels;

/// The instruction set: one method per operation of forward, backward and optimizer.
///
/// An executor runs the operations (the plain loops, the Vector API) or records them for a device. A [Program] calls
/// them in a straight line: no operation returns a value, and none may depend on the result of another on the host.
/// What changes from step to step lives in buffers.
///
/// Conventions: outputs first; tensors named `d…` are gradients. A [Tensor] may start anywhere in its buffer, is as
/// large as what the operation touches, and may be stacked over layers where it says so; an operation that is handed
/// another stacked tensor inside of a loop throws an `IllegalArgumentException`. It reads its layer from the cursor of
/// the surrounding [#forEachLayer], or layer 0 outside of it. What an operation writes lies in another array than what
/// it only reads: a device may not order the two. [Out] is overwritten, [InOut] is accumulated into or changed in
/// place, everything else is only read. [Trace] and the executors rely on these annotations.
public interface Ops {

    /// Runs `body` once per layer with the cursor at that layer: 0, 1, …, or backwards from the last one.
    ///
    /// A device compiles the body once and moves the cursor on the device, so the body must emit the same operations
    /// on the same tensors each time. Not nestable.
    void forEachLayer(int layers, boolean reversed, Runnable body);

    /// out = in · weightᵀ + bias.
    ///
    /// @param out    `[rows, outC]`; if stacked, layer after layer without gaps
    /// @param in     `[rows, inC]`; if stacked, layer after layer without gaps
    /// @param weight `[outC, inC]`, stacked or not
    /// @param bias   `[outC]` in the same buffer as `weight`, stacked or not, or null
    void matmul(@Out Tensor out, Tensor in, Tensor weight, Tensor bias, int rows, int inC, int outC);

    /// dIn = dOut · weight.
    ///
    /// @param dIn    `[rows, inC]`
    /// @param dOut   `[rows, outC]`
    /// @param weight `[outC, inC]`, stacked or not
    void matmulBackwardInput(@Out Tensor dIn, Tensor dOut, Tensor weight, int rows, int inC, int outC);

    /// dWeight += dOutᵀ · in.
    ///
    /// @param dWeight `[outC, inC]`, stacked or not
    /// @param dOut    `[rows, outC]`
    /// @param in      `[rows, inC]`, stacked or not
    void matmulBackwardWeight(@InOut Tensor dWeight, Tensor dOut, Tensor in, int rows, int inC, int outC);

    /// dBias += column sums of dOut, for the `count` columns from `first`.
    ///
    /// @param dBias `[outC]`, stacked or not
    /// @param dOut  `[rows, outC]`
    void matmulBackwardBias(@InOut Tensor dBias, Tensor dOut, int rows, int outC, int first, int count);

    /// Layer normalisation; also stores what the backward pass needs.
    ///
    /// @param out    `[rows, C]`
    /// @param stats  `[rows, 2]` mean and 1/std, stacked or not
    /// @param in     `[rows, C]`, stacked or not
    /// @param weight `[C]`, stacked or not
    /// @param bias   `[C]` in the same buffer as `weight` and with its step
    /// @param eps    added to the variance
    void layerNorm(@Out Tensor out, @Out Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels,
            float eps);

    /// The normalised rows once more, from stored statistics: the backward pass recomputes instead of keeping them.
    void layerNormRecompute(@Out Tensor out, Tensor stats, Tensor in, Tensor weight, Tensor bias,
            int rows, int channels);

    /// dIn += gradient through the normalisation.
    ///
    /// @param dIn  `[rows, C]`
    /// @param sums `[rows, 4]` scratch: mean and 1/std, and the two means over the row that the gradient subtracts
    /// @param dOut `[rows, C]`
    void layerNormBackwardInput(@InOut Tensor dIn, @Out Tensor sums, Tensor dOut, Tensor stats, Tensor in,
            Tensor weight,
            int rows, int channels);

    /// dWeight and dBias `[C]` accumulate; both in one buffer and with the same step.
    void layerNormBackwardParams(@InOut Tensor dWeight, @InOut Tensor dBias, Tensor dOut, Tensor stats, Tensor in,
            int rows, int channels);

    /// out = GELU(in), exact erf form.
    ///
    /// @param out `[n]`
    /// @param in  `[n]`, stacked or not
    void gelu(@Out Tensor out, Tensor in);

    /// d = d · GELU'(in).
    ///
    /// @param d  `[n]`
    /// @param in `[n]`, stacked or not
    void geluBackward(@InOut Tensor d, Tensor in);

    /// Multi-head self-attention over all tokens of a clip.
    ///
    /// @param out       `[B, N, C]`, stacked or not
    /// @param logSumExp `[B, NH, N]`, stacked or not
    /// @param qkv       `[B, N, 3·C]`, stacked or not
    void attention(@Out Tensor out, @Out Tensor logSumExp, Tensor qkv, AttentionShape shape);

    /// dQkv from dOut, probabilities recomputed.
    ///
    /// @param dQkv      `[B, N, 3·C]`
    /// @param dots      `[B, NH, N, 2]` scratch: the dot product of dOut and out, and the log-sum-exp
    /// @param dOut      `[B, N, C]`
    /// @param out       `[B, N, C]` as attention wrote it, stacked or not
    /// @param logSumExp `[B, NH, N]`, stacked or not
    /// @param qkv       `[B, N, 3·C]`, stacked or not
    void attentionBackward(@Out Tensor dQkv, @Out Tensor dots, Tensor dOut, Tensor out, Tensor logSumExp, Tensor qkv,
            AttentionShape shape);

    /// out = stream + branch.
    ///
    /// @param out    `[n]`, stacked or not
    /// @param stream `[n]`, stacked or not
    /// @param branch `[n]`
    void residual(@Out Tensor out, Tensor stream, Tensor branch);

    /// Pixels of chosen patches, [org.tornadomae.kernels.loop.PatchKernels#gatherPatches].
    ///
    /// @param patches `[B, count, 3·tPatchSize·patchSize²]`
    /// @param clip    `[B, 3, T, H, W]`
    /// @param ids     `[B, count]` token numbers
    void gatherPatches(@Out Tensor patches, Tensor clip, Tensor ids, int batch, int count, PatchGrid grid);

    /// Pixels to predict, [org.tornadomae.kernels.loop.PatchKernels#gatherTargets].
    ///
    /// @param target       `[B, count, 3·u'·patchSize²]`, u' = predicted frames of a patch
    /// @param clip         `[B, 3, T, H, W]`
    /// @param ids          `[B, count]` token numbers
    /// @param targetFrames `[t·u']` frames of the clip that are predicted
    /// @param framesPerPatch u'
    void gatherTargets(@Out Tensor target, Tensor clip, Tensor ids, Tensor targetFrames, int batch, int count,
            PatchGrid grid, int framesPerPatch);

    /// Per-patch normalisation of the targets, [org.tornadomae.kernels.loop.PatchKernels#normaliseTargets].
    ///
    /// @param target `[rows, values]`
    void normaliseTargets(@InOut Tensor target, int rows, int values);

    /// Class token in front, [org.tornadomae.kernels.loop.TokenKernels#prependClassForward].
    ///
    /// @param out        `[B, cls + count, C]`
    /// @param in         `[B, count, C]`
    /// @param classToken `[C]`, null without class token
    void prependClass(@Out Tensor out, Tensor in, Tensor classToken, TokenShape shape);

    /// [org.tornadomae.kernels.loop.TokenKernels#prependClassBackward].
    void prependClassBackward(@Out Tensor dIn, Tensor dOut, TokenShape shape);

    /// Row 0 of every clip came from one learned vector, [org.tornadomae.kernels.loop.TokenKernels#classTokenBackward].
    ///
    /// @param grad `[C]`
    /// @param dOut `[B, cls + count, C]`
    void classTokenBackward(@InOut Tensor grad, Tensor dOut, TokenShape shape);

    /// All tokens in place, [org.tornadomae.kernels.loop.TokenKernels#unshuffleForward].
    ///
    /// @param out        `[B, cls + N, C]`
    /// @param in         `[B, cls + count, C]`
    /// @param slots      `[B, N]`: idsRestore
    /// @param maskToken  `[C]`
    /// @param classToken `[C]`, the decoder's own in the buffer of `maskToken`, or null to carry the encoder's over
    void unshuffle(@Out Tensor out, Tensor in, Tensor slots, Tensor maskToken, Tensor classToken, TokenShape shape);

    /// [org.tornadomae.kernels.loop.TokenKernels#unshuffleBackward].
    ///
    /// @param dIn  `[B, cls + count, C]`
    /// @param dOut `[B, cls + N, C]`
    /// @param ids  `[B, count]`: idsKeep
    void unshuffleBackward(@Out Tensor dIn, Tensor dOut, Tensor ids, TokenShape shape, boolean carry);

    /// [org.tornadomae.kernels.loop.TokenKernels#maskTokenBackward].
    void maskTokenBackward(@InOut Tensor dMaskToken, Tensor dOut, Tensor slots, TokenShape shape);

    /// Rows of chosen tokens, [org.tornadomae.kernels.loop.TokenKernels#gatherTokensForward].
    ///
    /// @param out `[B, count, C]`
    /// @param in  `[B, cls + N, C]`
    /// @param ids `[B, count]`
    void gatherTokens(@Out Tensor out, Tensor in, Tensor ids, TokenShape shape);

    /// [org.tornadomae.kernels.loop.TokenKernels#gatherTokensBackward].
    ///
    /// @param slots `[B, N]`: place of each token among the chosen ones, `count` or more where it is not
    void gatherTokensBackward(@Out Tensor dIn, Tensor dOut, Tensor slots, TokenShape shape);

    /// [org.tornadomae.kernels.loop.PositionKernels#addSeparablePositions].
    ///
    /// @param x             `[B, cls + count, C]`
    /// @param ids           `[B, count]` token numbers of the rows
    /// @param spatial       `[places, C]`
    /// @param temporal      `[times, C]` in the buffer of `spatial`
    /// @param classPosition `[C]` in the buffer of `spatial`, null without class token
    /// @param places        h·w
    void addSeparablePositions(@InOut Tensor x, Tensor ids, Tensor spatial, Tensor temporal, Tensor classPosition,
            TokenShape shape, int places);

    /// [org.tornadomae.kernels.loop.PositionKernels#addJointPositions].
    ///
    /// @param joint `[cls + N, C]`
    void addJointPositions(@InOut Tensor x, Tensor ids, Tensor joint, TokenShape shape);

    /// [org.tornadomae.kernels.loop.PositionKernels#spatialPositionsBackward].
    ///
    /// @param dSpatial `[places, C]`
    /// @param dX       `[B, cls + count, C]`
    /// @param slots    `[B, N]`, the inverse of `ids`
    void spatialPositionsBackward(@InOut Tensor dSpatial, Tensor dX, Tensor slots, TokenShape shape, int places);

    /// [org.tornadomae.kernels.loop.PositionKernels#temporalPositionsBackward].
    ///
    /// @param dTemporal `[times, C]`
    void temporalPositionsBackward(@InOut Tensor dTemporal, Tensor dX, Tensor slots, TokenShape shape, int places);

    /// [org.tornadomae.kernels.loop.PositionKernels#jointPositionsBackward].
    void jointPositionsBackward(@InOut Tensor dJoint, Tensor dX, Tensor slots, TokenShape shape);

    /// Loss of each predicted row, [org.tornadomae.kernels.loop.LossKernels#lossForward].
    ///
    /// @param rowLoss `[B, count]`
    /// @param pred    `[B, count, values]`
    /// @param target  `[B, count, values]`
    /// @param ids     `[B, count]` token numbers of the rows
    /// @param mask    `[B, N]`: 0 kept, 1 removed
    /// @param shape   of the rows; its channels are the values of a row
    void loss(@Out Tensor rowLoss, Tensor pred, Tensor target, Tensor ids, Tensor mask, TokenShape shape);

    /// [org.tornadomae.kernels.loop.LossKernels#lossBackward].
    ///
    /// @param removed removed patches that the loss averages over
    void lossBackward(@Out Tensor dPred, Tensor pred, Tensor target, Tensor ids, Tensor mask, TokenShape shape,
            int removed);

    /// The mean over the tokens of each clip, [org.tornadomae.kernels.loop.PoolKernels#meanTokensForward].
    ///
    /// @param out  `[B, C]`
    /// @param in   `[B, cls + count, C]`
    /// @param skip leading rows of a clip that are left out
    void meanTokens(@Out Tensor out, Tensor in, TokenShape shape, int skip);

    /// [org.tornadomae.kernels.loop.PoolKernels#meanTokensBackward].
    ///
    /// @param dIn  `[B, cls + count, C]`
    /// @param dOut `[B, C]`
    void meanTokensBackward(@Out Tensor dIn, Tensor dOut, TokenShape shape, int skip);

    /// out = in, each of the groups times its factor, [org.tornadomae.kernels.loop.ScaleKernels#scaleGroups].
    ///
    /// @param out     `[groups, each]`
    /// @param in      `[groups, each]`
    /// @param factors `[groups]`, stacked or not; there are as many groups as factors
    void scale(@Out Tensor out, Tensor in, Tensor factors);

    /// Cross entropy of each row, [org.tornadomae.kernels.loop.CrossEntropyKernels#crossEntropyForward].
    ///
    /// @param rowLoss `[rows]`
    /// @param logits  `[rows, K]`
    /// @param target  `[rows, K]`
    void crossEntropy(@Out Tensor rowLoss, Tensor logits, Tensor target, int rows, int classes);

    /// [org.tornadomae.kernels.loop.CrossEntropyKernels#crossEntropyBackward].
    ///
    /// @param dLogits `[rows, K]`
    /// @param count   rows that the loss averages over
    void crossEntropyBackward(@Out Tensor dLogits, Tensor logits, Tensor target, int rows, int classes, int count);

    /// out`[0]` = Σ in / divisor, in fixed order.
    ///
    /// @param partials scratch; its size is the number of partial sums
    void mean(@Out Tensor out, @Out Tensor partials, Tensor in, int divisor);

    /// out`[0]` = sqrt(Σ in²), in fixed order.
    ///
    /// @param partials scratch; its size is the number of partial sums
    void norm(@Out Tensor out, @Out Tensor partials, Tensor in);

    /// One AdamW step, [org.tornadomae.kernels.loop.AdamWKernels#adamWStep].
    ///
    /// @param norm  `[1]` the gradient's norm
    /// @param hyper `[8]` what changes from step to step, see [Hyper]
    /// @param decay how many leading elements are decayed
    void adamW(@InOut Tensor params, @InOut Tensor m, @InOut Tensor v, Tensor grads, Tensor norm, Tensor hyper,
            int decay);

    /// values = 0.
    void zero(@Out Tensor values);
}
