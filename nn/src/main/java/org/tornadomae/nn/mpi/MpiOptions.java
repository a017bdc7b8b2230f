package org.tornadomae.nn.mpi;

import java.time.Duration;
import java.util.OptionalInt;

/// How processes work together.
///
/// @param choice      `--mpi`
/// @param ranks       `--ranks`: how many processes there must be, or empty for as many as the launcher started
/// @param timeout     `--collective-timeout`: how long a rank waits for the others before all end
/// @param bucketBytes memory of one of the two buckets that arrays are staged through
public record MpiOptions(MpiChoice choice, OptionalInt ranks, Duration timeout, int bucketBytes) {
    /// 16 MiB: on a link of 1 Gb/s twice as fast as 4 MiB, in shared memory as fast.
    public static final int BUCKET_BYTES = 16 << 20;

    /// Half an hour covers a first look at a large data set, or a checkpoint to a slow disk, on one rank.
    public static final MpiOptions DEFAULT = new MpiOptions(MpiChoice.AUTO, OptionalInt.empty(), Duration.ofMinutes(30), BUCKET_BYTES);
}
