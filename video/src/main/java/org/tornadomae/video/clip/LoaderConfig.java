package org.tornadomae.video.clip;

/// How clips are cut and batched.
///
/// @param shape          shape of a clip
/// @param samplingRate   stride of a clip in frames of a 30 fps video
/// @param videosPerBatch videos in a batch
/// @param repeats        clips cut from each video, (repeated sampling)
/// @param variation      how those clips differ
/// @param shard          which part of each global batch
/// @param resources      threads and memory
public record LoaderConfig(ClipShape shape, int samplingRate, int videosPerBatch, int repeats,
        Variation variation, Shard shard, LoaderResources resources) {

    private static final int MAX_AHEAD = 64; // batches; beyond that nothing gets smoother

    /// @throws IllegalArgumentException when a number is not positive
    /// @throws BatchSizeException when a batch does not fit one array
    public LoaderConfig {
        if (samplingRate < 1 || videosPerBatch < 1 || repeats < 1) {
            throw new IllegalArgumentException("sampling rate, videos per batch and repeats must be positive: "
                    + samplingRate + ", " + videosPerBatch + ", " + repeats);
        }
        if ((long) videosPerBatch * repeats * shape.values() > Integer.MAX_VALUE - 8) {
            throw new BatchSizeException(
                    "a batch of " + (long) videosPerBatch * repeats + " clips does not fit one array:"
                            + " use a smaller batch");
        }
    }

    /// For pre-training in a single process.
    public LoaderConfig(ClipShape shape, int samplingRate, int videosPerBatch, int repeats, LoaderResources resources) {
        this(shape, samplingRate, videosPerBatch, repeats, Variation.PRETRAINING, Shard.WHOLE, resources);
    }

    /// Clips in a batch.
    public int clipsPerBatch() {
        return videosPerBatch * repeats;
    }

    /// Batches in memory at once: one with the caller, the others prefetched.
    public int buffers() {
        long bytes = (long) clipsPerBatch() * shape.values() * Float.BYTES;
        return 1 + Math.clamp(resources.prefetchBytes() / bytes, 1, MAX_AHEAD);
    }
}
