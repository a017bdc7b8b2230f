package org.tornadomae.mae.model;

import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.nn.Sizes;
import org.tornadomae.nn.Workspace;

/// Mean squared error of the predicted pixels on removed patches, per-patch normalised if wanted (docs/spec.md, Model
/// 5).
final class PixelLoss {
    private static final int PARTIALS = 256;

    private final MaeConfig config;
    private final TokenShape shape;
    private final int removed;
    private final int microBatches;
    private final Tensor targetFrames;
    private final Tensor target;
    private final Tensor rowLoss;
    private final Tensor partials;
    private final Tensor loss;

    /// @param shape        of the predicted tokens; its channels are the values of a target patch
    /// @param removed      removed patches of one clip
    /// @param microBatches batches whose gradients are accumulated into one step
    PixelLoss(Workspace workspace, MaeConfig config, TokenShape shape, int removed, int microBatches) {
        this.config = config;
        this.shape = shape;
        this.removed = removed;
        this.microBatches = microBatches;
        this.targetFrames = workspace.constant("targetFrames", config.targetFrames());
        this.target = workspace.scratch("target", shape.chosen(), shape.channels()); // [B, predicted, P']
        this.rowLoss = workspace.scratch("rowLoss", shape.chosen()); // [B, predicted]
        this.partials = workspace.scratch("loss.partials", PARTIALS);
        this.loss = workspace.output("loss", 1);
    }

    /// @param pred `[B, predicted, P']`
    /// @param clip `[B, 3, T, H, W]`
    void forward(Ops ops, Tensor pred, Tensor clip, MaskBatch masks) {
        ops.gatherTargets(target, clip, masks.idsPredict(), targetFrames, shape.batch(), shape.count(),
                config.grid(), config.predFramesPerPatch());
        if (config.targets().normPix()) {
            ops.normaliseTargets(target, shape.chosen(), shape.channels());
        }
        ops.loss(rowLoss, pred, target, masks.idsPredict(), masks.mask(), shape);
        ops.mean(loss, partials, rowLoss, shape.batch() * removed);
    }

    /// @param dPred `[B, predicted, P']`, overwritten: the gradient of the mean over all micro-batches of the step
    void backward(Ops ops, Tensor dPred, Tensor pred, MaskBatch masks) {
        ops.lossBackward(dPred, pred, target, masks.idsPredict(), masks.mask(), shape,
                Sizes.product(shape.batch(), removed, microBatches));
    }

    /// `[1]`, the mean over this micro-batch.
    Tensor loss() {
        return loss;
    }
}
