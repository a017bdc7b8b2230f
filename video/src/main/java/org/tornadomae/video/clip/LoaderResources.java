package org.tornadomae.video.clip;

/**
 * What a machine gives to loading. It changes how fast batches come, never what is in them.
 *
 * @param workers decoder threads
 * @param prefetchBytes memory for batches that are ready or in the making; at least one there always is
 */
public record LoaderResources(int workers, long prefetchBytes) {

    /** Prefetched unless a person says otherwise. */
    public static final long DEFAULT_PREFETCH = 512L << 20;

    /** @throws IllegalArgumentException when there is no worker or a negative amount of memory */
    public LoaderResources {
        if (workers < 1 || prefetchBytes < 0) {
            throw new IllegalArgumentException("workers " + workers + ", prefetch " + prefetchBytes);
        }
    }

    /** With {@link #DEFAULT_PREFETCH}. */
    public LoaderResources(int workers) {
        this(workers, DEFAULT_PREFETCH);
    }
}
