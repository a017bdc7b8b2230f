package org.tornadomae.video.augment;

import java.util.random.RandomGenerator;
import org.tornadomae.video.clip.ClipShape;

/// Mixup (Zhang et al., 2018) and cutmix (Yun et al., 2019) over a batch, with the soft targets that follow.
///
/// Clip i of N meets clip N−1−i; the middle one of an odd batch meets itself. The shares are Beta(α, α).
///
/// @param mixupAlpha   α of mixup; 0 for none of it
/// @param cutmixAlpha  α of cutmix; 0 for none of it
/// @param probability  that anything is mixed
/// @param cutmixChance that it is cutmix, where both are on
/// @param scope        what shares one draw
/// @param smoothing    of the labels: so much of each target is spread over all classes
public record Mixup(double mixupAlpha, double cutmixAlpha, double probability, double cutmixChance, Scope scope,
        double smoothing) {

    /// As the fine-tuning recipes of mae_st and PySlowFast have it.
    public static final Mixup RECIPE = new Mixup(0.8, 1, 1, 0.5, Scope.BATCH, 0.1);

    /// What shares one draw of kind, share and place (timm's modes "batch", "pair" and "elem").
    public enum Scope {
        /// All clips of the batch.
        BATCH,
        /// A clip and its partner.
        PAIR,
        /// Nothing: each clip has its own.
        CLIP
    }

    /// @throws IllegalArgumentException when a number is out of its range
    public Mixup {
        if (!(mixupAlpha >= 0) || !(cutmixAlpha >= 0)) {
            throw new IllegalArgumentException("alphas must not be negative: " + mixupAlpha + ", " + cutmixAlpha);
        }
        for (double share : new double[] {probability, cutmixChance, smoothing}) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("not in 0..1: " + share);
            }
        }
    }

    /// Mixes a batch in place.
    ///
    /// @param clips   `[N][3][T][H][W]`, normalised
    /// @param shape   of a clip
    /// @param labels  N classes
    /// @param classes K
    /// @param targets receives `[N][K]`
    /// @param random  numbers of this batch alone
    public void apply(float[] clips, ClipShape shape, int[] labels, int classes, float[] targets,
            RandomGenerator random) {
        Mix[] mixes = draw(labels.length, shape.height(), shape.width(), random);
        Mix.apply(mixes, clips, shape);
        targets(mixes, labels, classes, targets);
    }

    /// One mix per clip.
    Mix[] draw(int clips, int height, int width, RandomGenerator random) {
        Mix[] mixes = new Mix[clips];
        for (int i = 0; i < clips; i++) {
            mixes[i] = switch (scope) {
                case BATCH -> i == 0 ? draw(height, width, random) : mixes[0];
                case PAIR -> i <= clips - 1 - i ? draw(height, width, random) : mixes[clips - 1 - i];
                case CLIP -> draw(height, width, random);
            };
        }
        return mixes;
    }

    private Mix draw(int height, int width, RandomGenerator random) {
        if (random.nextDouble() >= probability || mixupAlpha == 0 && cutmixAlpha == 0) {
            return Mix.NONE;
        }
        boolean both = mixupAlpha > 0 && cutmixAlpha > 0;
        boolean cutmix = both ? random.nextDouble() < cutmixChance : cutmixAlpha > 0;
        double lambda = Beta.symmetric(cutmix ? cutmixAlpha : mixupAlpha, random);
        return cutmix
                ? Mix.cutmix(lambda, random.nextInt(height), random.nextInt(width), height, width)
                : Mix.mixup(lambda);
    }

    /// Fills `[N][K]`: each clip's own share of its smoothed label, the rest of its partner's.
    void targets(Mix[] mixes, int[] labels, int classes, float[] targets) {
        double off = smoothing / classes;
        for (int i = 0; i < mixes.length; i++) {
            double own = mixes[i].own();
            int label = labels[i];
            int other = labels[mixes.length - 1 - i];
            for (int k = 0; k < classes; k++) {
                double share = (k == label ? own : 0) + (k == other ? 1 - own : 0);
                targets[i * classes + k] = (float) (share * (1 - smoothing) + off);
            }
        }
    }
}
