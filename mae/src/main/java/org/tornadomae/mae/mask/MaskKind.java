package org.tornadomae.mae.mask;

/// Which tokens are removed (the paper's figure on mask sampling).
public enum MaskKind {
    /// Any token, uniformly ("agnostic").
    RANDOM,
    /// The same places in every time step ("space-only").
    TUBE,
    /// Whole time steps ("time-only").
    FRAME,
    /// Contiguous blocks of spacetime ("cube").
    BLOCK
}
