package org.tornadomae.mae.cli;

import org.tornadomae.mae.mask.MaskConfig;
import org.tornadomae.mae.mask.Masking;
import org.tornadomae.mae.train.Batches;
import org.tornadomae.mae.train.LearningRate;
import org.tornadomae.mae.train.Length;
import org.tornadomae.mae.train.Saving;
import org.tornadomae.mae.train.TrainConfig;
import org.tornadomae.nn.optim.AdamW;
import org.tornadomae.nn.UserException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The recipe; defaults are the paper's, except for the length and the batch of a small machine.
public final class TrainOptions {
    @Mixin
    private SamplingOptions sampling;

    @Mixin
    private Steps step;

    @Option(names = "--mask", defaultValue = "random", paramLabel = "KIND",
            description = "random, tube, frame or block (default: ${DEFAULT-VALUE})")
    private String mask;

    @Option(names = "--mask-ratio", defaultValue = "0.9", paramLabel = "SHARE",
            description = "share of the tokens to remove (default: ${DEFAULT-VALUE})")
    private double maskRatio;

    @Option(names = "--blr", defaultValue = "1.6e-3", paramLabel = "RATE",
            description = "base learning rate: lr = blr x videos per step / 256 (default: ${DEFAULT-VALUE})")
    private double blr;

    @Option(names = "--min-lr", defaultValue = "0", paramLabel = "RATE",
            description = "learning rate at the end (default: ${DEFAULT-VALUE})")
    private double minLr;

    @Option(names = "--clip-grad", defaultValue = "0.02", paramLabel = "NORM",
            description = "0 does not clip (default: ${DEFAULT-VALUE})")
    private double clipGrad;

    @Option(names = "--epochs", defaultValue = "100", paramLabel = "N",
            description = "visits of each video (default: ${DEFAULT-VALUE})")
    private double epochs;

    @Option(names = "--steps", paramLabel = "N", description = "optimizer steps, instead of --epochs")
    private Long steps;

    @Option(names = "--save-every", defaultValue = "500", paramLabel = "STEPS",
            description = "steps between checkpoints (default: ${DEFAULT-VALUE})")
    private long saveEvery;

    TrainConfig config() {
        if (steps != null && steps < 1) {
            throw new UserException("--steps " + steps + " must be at least 1");
        }
        AdamW.Options paper = AdamW.Options.PAPER;
        return new TrainConfig(
                new Batches(sampling.batchSize(), sampling.repeats(), step.accumulation(), sampling.samplingRate()),
                step.rate(blr, minLr),
                new AdamW.Options(paper.beta1(), paper.beta2(), paper.eps(), step.weightDecay(), clipGrad, 1,
                        paper.decayed()),
                new Length(epochs, steps == null ? 0 : steps), sampling.seed(), new Saving(saveEvery, step.keep()));
    }

    MaskConfig mask() {
        return new MaskConfig(Masking.kind(mask), maskRatio);
    }

    /// What the recipes of pre-training and of fine-tuning ask alike about the optimizer's steps.
    public static final class Steps {
        @Option(names = "--accumulation", defaultValue = "1", paramLabel = "K",
                description = "micro-batches per step (default: ${DEFAULT-VALUE})")
        private int accumulation;

        @Option(names = "--lr", paramLabel = "RATE", description = "peak learning rate (default: from --blr)")
        private Double lr;

        @Option(names = "--warmup-epochs", defaultValue = "-1", paramLabel = "N",
                description = "linear warm-up (default: 5, at most a tenth of the run)")
        private double warmupEpochs;

        @Option(names = "--weight-decay", defaultValue = "0.05", paramLabel = "X",
                description = "default: ${DEFAULT-VALUE}")
        private double weightDecay;

        @Option(names = "--keep", defaultValue = "3", paramLabel = "N",
                description = "checkpoints to keep (default: ${DEFAULT-VALUE})")
        private int keep;

        /// Micro-batches per step.
        public int accumulation() {
            return accumulation;
        }

        /// @param blr   base learning rate, where `--lr` is not given
        /// @param minLr learning rate at the end
        /// @throws UserException when a rate is out of range
        public LearningRate rate(double blr, double minLr) {
            if (lr != null && !(lr > 0)) {
                throw new UserException("--lr " + lr + " must be more than 0");
            }
            return new LearningRate(lr == null ? 0 : lr, blr, minLr, warmupEpochs);
        }

        /// AdamW's.
        public double weightDecay() {
            return weightDecay;
        }

        /// Checkpoints to keep.
        public int keep() {
            return keep;
        }
    }
}
