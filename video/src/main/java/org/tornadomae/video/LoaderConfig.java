package org.tornadomae.video;

/**
 * How clips are cut and batched.
 *
 * @param shape shape of a clip
 * @param samplingRate stride of a clip in frames of a 30 fps video
 * @param videosPerBatch videos in a batch
 * @param repeats clips cut from each video, each with its own time, crop and flip (repeated sampling)
 * @param workers decoder threads
 * @param buffers batches held in memory at once, including those the caller has not released
 */
public record LoaderConfig(ClipShape shape, int samplingRate, int videosPerBatch, int repeats, int workers,
        int buffers) {

    /** One batch with the caller, one ready, one in the making. */
    public static final int DEFAULT_BUFFERS = 3;

    /**
     * @throws IllegalArgumentException when a number is not positive
     * @throws ClipException when a batch does not fit one array
     */
    public LoaderConfig {
        if (samplingRate < 1 || videosPerBatch < 1 || repeats < 1 || workers < 1 || buffers < 1) {
            throw new IllegalArgumentException("sampling rate, videos per batch, repeats, workers and buffers must be"
                    + " positive: " + samplingRate + ", " + videosPerBatch + ", " + repeats + ", " + workers + ", "
                    + buffers);
        }
        if ((long) videosPerBatch * repeats * shape.values() > Integer.MAX_VALUE - 8) {
            throw new ClipException("a batch of " + (long) videosPerBatch * repeats + " clips does not fit one array:"
                    + " lower --batch-size");
        }
    }

    /** The same with {@link #DEFAULT_BUFFERS} buffers. */
    public LoaderConfig(ClipShape shape, int samplingRate, int videosPerBatch, int repeats, int workers) {
        this(shape, samplingRate, videosPerBatch, repeats, workers, DEFAULT_BUFFERS);
    }

    /** Clips in a batch. */
    public int clipsPerBatch() {
        return videosPerBatch * repeats;
    }
}
