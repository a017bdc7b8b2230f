package org.tornadomae.video.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// RandAugment (Cubuk et al., 2020) as video recipes use it: a few random operations, the same for all frames of a
/// clip.
///
/// Each operation is drawn uniformly, with replacement, and applied with probability ½; its magnitude is normal around
/// the configured one.
///
/// @param operations    how many are drawn
/// @param magnitude     mean of the magnitudes, from 0 to [#MAX_MAGNITUDE]
/// @param deviation     their standard deviation
/// @param interpolation of the operations that move pixels
public record RandAugment(int operations, double magnitude, double deviation, Interpolation interpolation) {

    /// The strongest magnitude.
    public static final double MAX_MAGNITUDE = 10;

    /// `rand-m7-mstd0.5-inc1`, bicubic: the fine-tuning recipe of mae_st and PySlowFast.
    public static final RandAugment RECIPE = new RandAugment(2, 7, 0.5, Interpolation.BICUBIC);

    private static final double APPLIED = 0.5;

    /// @throws IllegalArgumentException when a number is out of its range
    public RandAugment {
        if (operations < 0 || !(magnitude >= 0 && magnitude <= MAX_MAGNITUDE) || !(deviation >= 0)) {
            throw new IllegalArgumentException("operations and deviation must not be negative and the magnitude must be"
                    + " in 0.." + MAX_MAGNITUDE + ": " + operations + ", " + deviation + ", " + magnitude);
        }
    }

    /// Draws what is done to one clip. As many numbers are drawn whatever they turn out to be.
    public FrameEffects draw(RandomGenerator random) {
        List<FrameEffect> effects = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            Operation operation = Operation.values()[random.nextInt(Operation.values().length)];
            boolean applied = random.nextDouble() < APPLIED;
            double drawn = Math.clamp(magnitude + deviation * random.nextGaussian(), 0, MAX_MAGNITUDE);
            int sign = random.nextDouble() < 0.5 ? 1 : -1;
            if (applied) {
                effects.add(operation.effect(operation.argument(drawn, sign), interpolation));
            }
        }
        return new FrameEffects(effects);
    }
}
