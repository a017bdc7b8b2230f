package org.tornadomae.mae.classify;

import org.tornadomae.video.augment.FinetuneAugmentation;
import org.tornadomae.video.augment.Interpolation;
import org.tornadomae.video.augment.Mixup;
import org.tornadomae.video.augment.RandAugment;
import org.tornadomae.video.augment.RandomErasing;
import org.tornadomae.video.clip.Variation;

/// How training clips are varied (docs/finetune.md, Augmentation).
///
/// @param mixup       over a batch, and the smoothing of labels
/// @param operations  of RandAugment for each clip; 0 leaves the frames as they are
/// @param magnitude   of those, 0 to 10
/// @param erasing     chance that a rectangle of a clip is erased
/// @param minScale    least area of a crop, of the frame's
/// @param sameTime    repeats of a video show the same time
/// @param flips       half of the clips are mirrored
public record Augment(Mixup mixup, int operations, double magnitude, double erasing, double minScale, boolean sameTime,
        boolean flips) {
    /// As the loader does it.
    Variation variation() {
        RandAugment frames = new RandAugment(operations, magnitude, RandAugment.RECIPE.deviation(),
                Interpolation.BICUBIC);
        return new Variation(minScale, sameTime, flips, new FinetuneAugmentation(frames, new RandomErasing(erasing)));
    }
}
