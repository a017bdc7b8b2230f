package org.tornadomae.nn.mpi;

import java.time.Duration;
import java.util.OptionalInt;

/// How processes work together.
///
/// @param choice      `--mpi`
/// @param ranks       `--ranks`: how many processes there must be, or empty for as many as the launcher started
/// @param timeout     `--collective-timeout`: how long a rank waits for the others before all end
/// @param bucketBytes memory of one of the two buckets that arrays are staged through, or 0 for what measured best
public record MpiOptions(MpiChoice choice, OptionalInt ranks, Duration timeout, int bucketBytes) {
    /// Half an hour covers a first look at a large data set, or a checkpoint to a slow disk, on one rank.
    public static final MpiOptions DEFAULT = new MpiOptions(MpiChoice.AUTO, OptionalInt.empty(),
            Duration.ofMinutes(30), 0);

    /// 16 MiB over a network (on a link of 1 Gb/s twice as fast as 4 MiB), 4 MiB where they stay in the processor's
    /// cache.
    ///
    /// @param oneMachine whether all ranks share one
    int bucketBytes(boolean oneMachine) {
        return bucketBytes > 0 ? bucketBytes : oneMachine ? 4 << 20 : 16 << 20;
    }
}
