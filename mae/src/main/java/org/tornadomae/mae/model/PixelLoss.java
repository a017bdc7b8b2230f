package org.tornadomae.mae.model;

import org.tornadomae.kernels.Ops;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.mae.mask.PatchGrid;
import org.tornadomae.nn.Scratch;
import org.tornadomae.nn.Sizes;

/// Mean squared error of the predicted pixels on removed patches, per-patch normalised if wanted (SPEC, Model 5).
final class PixelLoss {
    private static final int PARTIALS = 256;

    private final MaeConfig config;
    private final PatchGrid grid;
    private final int batch;
    private final int predicted;
    private final int removed;
    private final int microBatches;
    private final int[] targetFrames;
    private final float[] target;
    private final float[] rowLoss;
    private final float[] partials = new float[PARTIALS];
    private final float[] loss = new float[1];

    /// @param removed      removed patches of one clip
    /// @param microBatches batches whose gradients are accumulated into one step
    PixelLoss(MaeConfig config, int batch, int predicted, int removed, int microBatches, Scratch scratch) {
        this.config = config;
        this.grid = config.grid();
        this.batch = batch;
        this.predicted = predicted;
        this.removed = removed;
        this.microBatches = microBatches;
        this.targetFrames = config.targetFrames();
        this.target = scratch.dWide(); // [B, predicted, P'], until backward has read it
        this.rowLoss = Sizes.floats(batch, predicted); // [B, predicted]
    }

    /// @param pred [B, predicted, P']
    /// @param clip [B, 3, T, H, W]
    void forward(Ops ops, float[] pred, float[] clip, MaskBatch masks) {
        ops.gatherTargets(target, clip, masks.idsPredict(), targetFrames, batch, predicted,
                grid.frames(), grid.height(), grid.width(), config.predFramesPerPatch(), grid.patchSize());
        if (config.targets().normPix()) {
            ops.normaliseTargets(target, batch * predicted, config.predValues());
        }
        ops.loss(rowLoss, pred, target, masks.idsPredict(), masks.mask(), batch, predicted, grid.tokens(), config.predValues());
        ops.mean(loss, partials, rowLoss, batch * predicted, batch * removed);
    }

    /// @param dPred [B, predicted, P'], overwritten: the gradient of the mean over all micro-batches of the step
    void backward(Ops ops, float[] dPred, float[] pred, MaskBatch masks) {
        ops.lossBackward(dPred, pred, target, masks.idsPredict(), masks.mask(), batch, predicted, grid.tokens(),
                config.predValues(), Sizes.product(batch, removed, microBatches));
    }

    /// [1], the mean over this micro-batch.
    float[] loss() {
        return loss;
    }

    int[] targetFrames() {
        return targetFrames;
    }
}
