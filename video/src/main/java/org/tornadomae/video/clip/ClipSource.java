package org.tornadomae.video.clip;

import java.util.List;
import org.tornadomae.video.VideoException;

/// Delivers batches of clips in a fixed order, one after the other, without end.
public interface ClipSource extends AutoCloseable {

    /// Waits for the next batch. The caller releases each batch when it is done with its pixels; one that never does
    /// runs out of buffers.
    ///
    /// @return the batch after the one returned last
    /// @throws VideoException when no video can be used
    /// @throws IllegalStateException when all buffers are with the caller, or the source is closed
    ClipBatch next();

    /// Batches in one epoch; videos that do not fill a whole batch are left out of it.
    long batchesPerEpoch();

    /// Nanoseconds that callers have spent waiting in [#next] so far.
    long waitedNanos();

    /// Videos found unusable so far, by index; workers run ahead, so some may belong to batches still to come.
    List<SkippedVideo> skipped();

    /// What has been done so far, and what bounds it.
    LoaderReport report();

    /// Stops all work and frees what it holds. Batches still out must not be used any more.
    @Override
    void close();
}
