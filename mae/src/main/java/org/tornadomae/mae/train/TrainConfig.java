package org.tornadomae.mae.train;

import org.tornadomae.mae.mask.MaskKind;
import org.tornadomae.nn.AdamW;
import org.tornadomae.nn.UserException;

/// The recipe of a pre-training run (SPEC, Pre-training recipe). Defaults are the paper's.
///
/// @param batchSize    videos per micro-batch
/// @param repeatAug    clips taken from each decoded video
/// @param accumulation micro-batches per step
/// @param mask         which tokens are removed
/// @param maskRatio    share of the tokens that is removed
/// @param lr           peak learning rate; 0 takes blr·(videos per step)/256
/// @param blr          base learning rate per 256 videos
/// @param minLr        learning rate at the end
/// @param warmupEpochs linear warm-up; negative takes 5 epochs but at most a tenth of the run
/// @param weightDecay  decoupled, not on biases and 1-D tensors
/// @param clipGrad     global norm to clip gradients to; 0 does not clip
/// @param epochs       visits of each video; ignored when `steps` is set
/// @param steps        optimizer steps; 0 takes `epochs`
/// @param samplingRate source frames (at 30 fps) between the frames of a clip
/// @param seed         of everything random
/// @param saveEvery    steps between checkpoints
/// @param keepLast     checkpoints to keep
public record TrainConfig(int batchSize, int repeatAug, int accumulation, MaskKind mask, double maskRatio,
        double lr, double blr, double minLr, double warmupEpochs, double weightDecay, double clipGrad,
        double epochs, long steps, int samplingRate, long seed, long saveEvery, int keepLast) {

    public TrainConfig {
        atLeast("--batch-size", batchSize, 1);
        atLeast("--repeats", repeatAug, 1);
        atLeast("--accumulation", accumulation, 1);
        atLeast("--sampling-rate", samplingRate, 1);
        atLeast("--save-every", saveEvery, 1);
        atLeast("--keep", keepLast, 1);
        atLeast("--lr", lr, 0);
        atLeast("--blr", blr, 0);
        atLeast("--min-lr", minLr, 0);
        atLeast("--weight-decay", weightDecay, 0);
        atLeast("--clip-grad", clipGrad, 0);
        atLeast("--steps", steps, 0);
        if (steps == 0 && !(epochs > 0)) {
            throw new UserException("--epochs " + epochs + " must be more than 0");
        }
    }

    private static void atLeast(String option, double value, double least) {
        if (!(value >= least) || Double.isInfinite(value)) {
            throw new UserException(option + " " + value + " must be a number of at least " + (long) least);
        }
    }

    /// Videos per optimizer step; repeated clips are not counted.
    public long effectiveBatch() {
        return (long) batchSize * accumulation;
    }

    /// Clips of a micro-batch.
    public int clips() {
        return Math.multiplyExact(batchSize, repeatAug);
    }

    public double peakLr() {
        return lr > 0 ? lr : blr * effectiveBatch() / 256;
    }

    /// Steps of the whole run.
    public long totalSteps(long stepsPerEpoch) {
        return steps > 0 ? steps : Math.max(1, Math.round(epochs * stepsPerEpoch));
    }

    /// Warm-up in epochs for a run of so many epochs.
    public double warmup(double runEpochs) {
        return warmupEpochs >= 0 ? warmupEpochs : Math.min(5, runEpochs / 10);
    }

    public AdamW.Options adamW() {
        AdamW.Options paper = AdamW.Options.PAPER;
        return new AdamW.Options(paper.beta1(), paper.beta2(), paper.eps(), weightDecay, clipGrad);
    }
}
