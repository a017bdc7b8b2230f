package org.tornadomae.video.clip;

import org.tornadomae.video.source.VideoList;

/// One batch of clips.
///
/// Its pixels belong to the source that made it and are overwritten some time after [#release].
public final class ClipBatch {

    private final long index;
    private final long epoch;
    private final int[] videos;
    private final float[] pixels;
    private final Runnable onRelease;
    private boolean released;

    /// @param index     number of the batch, counted from 0 over all epochs
    /// @param epoch     epoch it belongs to, from 0
    /// @param videos    for each clip the index of the video it was really cut from
    /// @param pixels    `[clips][3][T][H][W]`, normalised
    /// @param onRelease takes the buffer back; runs once
    public ClipBatch(long index, long epoch, int[] videos, float[] pixels, Runnable onRelease) {
        this.index = index;
        this.epoch = epoch;
        this.videos = videos;
        this.pixels = pixels;
        this.onRelease = onRelease;
    }

    /// Number of the batch, counted from 0 over all epochs: a run resumes with the one after the last it used.
    public long index() {
        return index;
    }

    /// Epoch it belongs to, from 0.
    public long epoch() {
        return epoch;
    }

    /// Clips in the batch: videos times repeats.
    public int clips() {
        return videos.length;
    }

    /// For each clip the [VideoList] index of its video; the repeats of a video are neighbours.
    public int[] videos() {
        return videos;
    }

    /// The clips, `[clips][3][T][H][W]`, normalised. Not to be read after [#release].
    public float[] pixels() {
        return pixels;
    }

    /// Gives the buffer back, so that another batch can be prepared in it.
    ///
    /// @throws IllegalStateException when the batch was released before
    public void release() {
        if (released) {
            throw new IllegalStateException("batch " + index + " was released before");
        }
        released = true;
        onRelease.run();
    }
}
