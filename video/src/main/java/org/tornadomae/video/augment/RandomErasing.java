package org.tornadomae.video.augment;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.tornadomae.video.clip.ClipShape;

/// Random erasing (Zhong et al., 2020): replaces a rectangle, the same in all frames of a clip, with normal noise that
/// is drawn anew for every value.
///
/// Area, aspect and number of tries are those of the recipes (mae_st and PySlowFast, `random_erasing.py`, mode "pixel",
/// count 1).
///
/// @param probability that a clip is changed at all
public record RandomErasing(double probability) {

    /// As the fine-tuning recipes have it.
    public static final RandomErasing RECIPE = new RandomErasing(0.25);

    private static final double MIN_AREA = 0.02; // of the frame
    private static final double MAX_AREA = 1.0 / 3;
    private static final double MAX_LOG_ASPECT = -Math.log(0.3); // of height over width, either way
    private static final int TRIES = 100;

    /// @throws IllegalArgumentException when it is not a probability
    public RandomErasing {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("not a probability: " + probability);
        }
    }

    /// Erases a part of a clip, or not.
    ///
    /// @param clips  holds a normalised clip `[3][T][H][W]` at `offset`
    /// @param offset where the clip starts
    /// @param shape  of the clip
    /// @param random numbers of this clip alone
    public void apply(float[] clips, int offset, ClipShape shape, RandomGenerator random) {
        if (random.nextDouble() < probability) {
            draw(shape.height(), shape.width(), random).ifPresent(box -> fill(clips, offset, shape, box, random));
        }
    }

    /// A rectangle smaller than the frame in both directions; empty when none of the tries gave one.
    static Optional<Box> draw(int height, int width, RandomGenerator random) {
        for (int attempt = 0; attempt < TRIES; attempt++) {
            double area = random.nextDouble(MIN_AREA, MAX_AREA) * height * width;
            double aspect = Math.exp(random.nextDouble(-MAX_LOG_ASPECT, MAX_LOG_ASPECT));
            int h = (int) Math.rint(Math.sqrt(area * aspect));
            int w = (int) Math.rint(Math.sqrt(area / aspect));
            if (h < height && w < width) {
                return Optional.of(new Box(random.nextInt(height - h + 1), random.nextInt(width - w + 1), h, w));
            }
        }
        return Optional.empty();
    }

    /// The noise comes from the generator's bits by the JDK's own method (McFarland's): a million numbers a clip must
    /// not cost a logarithm and a sine each.
    private static void fill(float[] clips, int offset, ClipShape shape, Box box, RandomGenerator random) {
        RandomGenerator noise = random::nextLong;
        for (int frame = 0; frame < ClipShape.CHANNELS * shape.frames(); frame++) {
            for (int y = box.top(); y < box.top() + box.height(); y++) {
                int row = offset + (frame * shape.height() + y) * shape.width() + box.left();
                for (int x = 0; x < box.width(); x++) {
                    clips[row + x] = (float) noise.nextGaussian();
                }
            }
        }
    }
}
