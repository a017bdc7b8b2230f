package org.tornadomae.video.clip;

/// How the clips that are cut from one video differ.
///
/// @param minScale     least area of a crop, of the frame's
/// @param sameTime     the repeats of a video's turn show the same time, each in its own way
/// @param flips        half of the clips are mirrored
/// @param augmentation what else
public record Variation(double minScale, boolean sameTime, boolean flips, Augmentation augmentation) {

    /// Pre-training: crops of half the area and more, each repeat at its own time, mirrored or not, nothing else.
    public static final Variation PRETRAINING = new Variation(Crop.MIN_SCALE, false, true, Augmentation.NONE);

    /// @throws IllegalArgumentException when there are no such crops
    public Variation {
        if (!(minScale > 0 && minScale <= 1)) {
            throw new IllegalArgumentException("crops of at least " + minScale + " of the area");
        }
    }
}
