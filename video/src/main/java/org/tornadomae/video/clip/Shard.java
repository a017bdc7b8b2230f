package org.tornadomae.video.clip;

/// The part of the data that one of several processes trains on.
///
/// Of every global batch, which holds `of` times the videos of one process, rank r gets the r-th piece. So the
/// pieces of all ranks make up exactly the batch that a single process with the global batch size would see, and the
/// videos that do not fill a last global batch are left out of that epoch; the next epoch's order leaves out others.
///
/// @param rank number of this process, from 0
/// @param of   how many there are
public record Shard(int rank, int of) {

    /// One process has everything.
    public static final Shard WHOLE = new Shard(0, 1);

    /// @throws IllegalArgumentException when there is no such rank
    public Shard {
        if (rank < 0 || rank >= of) {
            throw new IllegalArgumentException("rank " + rank + " of " + of);
        }
    }
}
