package org.tornadomae.mae.cli.classify;

import org.tornadomae.mae.classify.Augment;
import org.tornadomae.mae.classify.MaskAnnealing;
import org.tornadomae.mae.classify.Recipe;
import org.tornadomae.mae.cli.TrainOptions;
import org.tornadomae.mae.model.ClassifierConfig;
import org.tornadomae.mae.train.Batches;
import org.tornadomae.mae.train.Length;
import org.tornadomae.mae.train.Saving;
import org.tornadomae.mae.train.TrainConfig;
import org.tornadomae.nn.optim.AdamW;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.WeightDecayRule;
import org.tornadomae.video.augment.Mixup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The fine-tuning recipe; what depends on the model's size follows from its width unless it is given.
final class RecipeOptions {
    @Mixin
    private TrainOptions.Steps step;

    @Option(names = "--batch-size", defaultValue = "8", paramLabel = "B",
            description = "videos per micro-batch (default: ${DEFAULT-VALUE})")
    private int batchSize;

    @Option(names = "--repeats", paramLabel = "R", description = "clips of each video (default: 2, huge 1)")
    private Integer repeats;

    @Option(names = "--sampling-rate", defaultValue = "4", paramLabel = "N",
            description = "source frames at 30 fps between two frames of a clip (default: ${DEFAULT-VALUE})")
    private int samplingRate;

    @Option(names = "--epochs", paramLabel = "N",
            description = "visits of each video (default: base 75, large 50, huge 75)")
    private Double epochs;

    @Option(names = "--steps", defaultValue = "0", paramLabel = "N",
            description = "optimizer steps, instead of --epochs")
    private long steps;

    @Option(names = "--blr", paramLabel = "RATE",
            description = "base learning rate: lr = blr x clips per step / 256 (default: large 2.4e-3, others 4.8e-3)")
    private Double blr;

    @Option(names = "--min-lr", defaultValue = "1e-6", paramLabel = "RATE",
            description = "learning rate at the end (default: ${DEFAULT-VALUE})")
    private double minLr;

    @Option(names = "--decay-tokens", description = "decay class token and positions, too, as PySlowFast does")
    private boolean decayTokens;

    @Option(names = "--clip-grad", defaultValue = "5", paramLabel = "NORM",
            description = "0 does not clip (default: ${DEFAULT-VALUE})")
    private double clipGrad;

    @Option(names = "--layer-decay", paramLabel = "X",
            description = "a block's learning rate over that of the next (default: base 0.65, large 0.75, huge 0.8)")
    private Double layerDecay;

    @Option(names = "--drop-path", paramLabel = "X",
            description = "chance to drop a branch of the last block (default: base 0.1, large and huge 0.2)")
    private Double dropPath;

    @Option(names = "--dropout", paramLabel = "X",
            description = "in front of the head (default: base, large 0.3, huge 0.5)")
    private Double dropout;

    @Option(names = "--smoothing", defaultValue = "0.1", paramLabel = "X",
            description = "of labels (default: ${DEFAULT-VALUE})")
    private double smoothing;

    @Option(names = "--mixup", defaultValue = "0.8", paramLabel = "ALPHA",
            description = "0 for none (default: ${DEFAULT-VALUE})")
    private double mixup;

    @Option(names = "--cutmix", defaultValue = "1", paramLabel = "ALPHA",
            description = "0 for none (default: ${DEFAULT-VALUE})")
    private double cutmix;

    @Option(names = "--rand-augment", defaultValue = "2", paramLabel = "N",
            description = "operations on the frames of a clip; 0 for none (default: ${DEFAULT-VALUE})")
    private int operations;

    @Option(names = "--magnitude", defaultValue = "7", paramLabel = "M",
            description = "of those operations, 0 to 10 (default: ${DEFAULT-VALUE})")
    private double magnitude;

    @Option(names = "--erasing", defaultValue = "0.25", paramLabel = "X",
            description = "chance that a part of a clip is erased (default: ${DEFAULT-VALUE})")
    private double erasing;

    @Option(names = "--min-crop", defaultValue = "0.08", paramLabel = "X",
            description = "least area of a crop (default: ${DEFAULT-VALUE})")
    private double minCrop;

    @Option(names = "--flip", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "mirror half of the clips; off where left and right are classes (default: on)")
    private boolean flip;

    @Option(names = "--own-times", description = "each repeat of a video at a time of its own")
    private boolean ownTimes;

    @Option(names = "--mask-ratio", defaultValue = "0", paramLabel = "SHARE",
            description = "masked fine-tuning: share of the tokens to remove at the start (default: ${DEFAULT-VALUE})")
    private double maskRatio;

    @Option(names = "--mask-ratio-end", defaultValue = "0", paramLabel = "SHARE",
            description = "and at the end (default: ${DEFAULT-VALUE})")
    private double maskRatioEnd;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "S",
            description = "of everything random (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--save-every", defaultValue = "500", paramLabel = "STEPS",
            description = "steps between checkpoints, each followed by a look at --val (default: ${DEFAULT-VALUE})")
    private long saveEvery;

    TrainConfig config(Recipe recipe) {
        return new TrainConfig(new Batches(batchSize, repeats == null ? recipe.repeats() : repeats,
                step.accumulation(), samplingRate),
                step.rate(blr == null ? recipe.blr() : blr, minLr),
                new AdamW.Options(0.9, 0.999, 1e-8, step.weightDecay(), clipGrad, layerDecay == null
                        ? recipe.layerDecay()
                        : layerDecay,
                        decayTokens ? WeightDecayRule.PYSLOWFAST : WeightDecayRule.MAE_ST),
                new Length(epochs == null ? recipe.epochs() : epochs, steps), seed, new Saving(saveEvery, step.keep()));
    }

    ClassifierConfig.Drop drop(Recipe recipe) {
        return new ClassifierConfig.Drop(dropout == null ? recipe.drop().head() : dropout,
                dropPath == null ? recipe.drop().path() : dropPath);
    }

    Augment augment() {
        part("--smoothing", smoothing, 0, 1);
        part("--erasing", erasing, 0, 1);
        part("--magnitude", magnitude, 0, 10);
        part("--min-crop", minCrop, Double.MIN_VALUE, 1);
        part("--mixup", mixup, 0, 1e6);
        part("--cutmix", cutmix, 0, 1e6);
        part("--rand-augment", operations, 0, 100);
        Mixup mix = new Mixup(mixup, cutmix, Mixup.RECIPE.probability(), Mixup.RECIPE.cutmixChance(),
                Mixup.RECIPE.scope(),
                smoothing);
        return new Augment(mix, operations, magnitude, erasing, minCrop, !ownTimes, flip);
    }

    private static void part(String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new UserException(option + " " + value + " is out of range");
        }
    }

    MaskAnnealing masking() {
        return new MaskAnnealing(maskRatio, maskRatioEnd);
    }
}
