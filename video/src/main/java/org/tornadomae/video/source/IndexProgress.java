package org.tornadomae.video.source;

import java.util.concurrent.atomic.AtomicLong;

/// Follows the making of indexes, which reads each gzipped archive once from end to end.
@FunctionalInterface
public interface IndexProgress {

    /// Shows nothing.
    IndexProgress SILENT = (_, _) -> {};

    /// Called from any thread when more has been read.
    ///
    /// @param bytes of all archives so far, as they are on disk
    /// @param of    how many in all
    void read(long bytes, long of);

    /// Adds up what is read of several archives.
    final class Total {

        private final IndexProgress indexing;
        private final long of;
        private final AtomicLong bytes = new AtomicLong();

        Total(IndexProgress indexing, long of) {
            this.indexing = indexing;
            this.of = of;
        }

        void add(long more) {
            indexing.read(bytes.addAndGet(more), of);
        }
    }
}
