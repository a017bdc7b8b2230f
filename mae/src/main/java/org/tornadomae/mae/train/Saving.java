package org.tornadomae.mae.train;

/// When checkpoints are written, and how many stay.
///
/// @param every    steps between checkpoints
/// @param keepLast checkpoints to keep
public record Saving(long every, int keepLast) {

    public Saving {
        Checks.atLeast("save-every", every, 1);
        Checks.atLeast("keep", keepLast, 1);
    }
}
