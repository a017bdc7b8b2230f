package org.tornadomae.mae.train;

import org.tornadomae.nn.UserException;

/// How clips become steps.
///
/// @param batchSize    videos per micro-batch
/// @param repeatAug    clips taken from each decoded video
/// @param accumulation micro-batches per step
/// @param samplingRate source frames (at 30 fps) between the frames of a clip
public record Batches(int batchSize, int repeatAug, int accumulation, int samplingRate) {

    private static final int MAX_CLIPS = 1 << 20;

    public Batches {
        Checks.atLeast("batch-size", batchSize, 1);
        Checks.atLeast("repeats", repeatAug, 1);
        Checks.atLeast("accumulation", accumulation, 1);
        Checks.atLeast("sampling-rate", samplingRate, 1);
        if ((long) batchSize * repeatAug > MAX_CLIPS) {
            throw new UserException("batch-size " + batchSize + " x repeats " + repeatAug + " is "
                    + (long) batchSize * repeatAug + " clips at once: more than " + MAX_CLIPS + " fit no memory");
        }
    }

    /// Clips of a micro-batch.
    public int clips() {
        return batchSize * repeatAug;
    }

    /// Videos of an optimizer step; repeated clips are not counted.
    public long videosPerStep() {
        return (long) batchSize * accumulation;
    }

    /// Clips of an optimizer step, repeated ones counted.
    public long clipsPerStep() {
        return (long) clips() * accumulation;
    }

    /// Whether the same number of steps has consumed the same clips.
    boolean sameOrder(Batches other) {
        return batchSize == other.batchSize && repeatAug == other.repeatAug && accumulation == other.accumulation;
    }
}
