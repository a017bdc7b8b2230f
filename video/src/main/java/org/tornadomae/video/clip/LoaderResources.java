package org.tornadomae.video.clip;

import java.util.function.Consumer;

/// Threads and memory for loading, and who is told of damage. They change how fast batches come, never what is in them.
///
/// @param workers       decoder threads
/// @param prefetchBytes memory for batches that are ready or in the making; one is made whatever its size
/// @param onSkip        is told of each video that cannot be used, at once and from any thread
public record LoaderResources(int workers, long prefetchBytes, Consumer<SkippedVideo> onSkip) {

    /// Memory for prefetching by default, in bytes.
    public static final long DEFAULT_PREFETCH = 512L << 20;

    /// @throws IllegalArgumentException when there is no worker or a negative amount of memory
    public LoaderResources {
        if (workers < 1 || prefetchBytes < 0) {
            throw new IllegalArgumentException("workers " + workers + ", prefetch " + prefetchBytes);
        }
    }

    /// With [#DEFAULT_PREFETCH], and nobody told.
    public LoaderResources(int workers) {
        this(workers, DEFAULT_PREFETCH, _ -> {});
    }
}
