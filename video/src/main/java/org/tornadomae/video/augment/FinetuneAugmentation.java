package org.tornadomae.video.augment;

import java.util.random.RandomGenerator;
import org.tornadomae.video.clip.Augmentation;
import org.tornadomae.video.clip.ClipShape;

/// The two augmentations of the fine-tuning recipes around crop and flip: random operations on the frames before, an
/// erased rectangle after.
///
/// @param frames  before
/// @param erasing after
public record FinetuneAugmentation(RandAugment frames, RandomErasing erasing) implements Augmentation {
    @Override
    public Frames frames(RandomGenerator random) {
        return frames.draw(random);
    }

    @Override
    public void finish(float[] clips, int offset, ClipShape shape, RandomGenerator random) {
        erasing.apply(clips, offset, shape, random);
    }
}
