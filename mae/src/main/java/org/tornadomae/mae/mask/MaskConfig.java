package org.tornadomae.mae.mask;

import org.tornadomae.kernels.PatchGrid;

/// How much is removed, and in which shapes. The paper removes 0.9 of the tokens at random.
///
/// @param kind  which tokens are removed
/// @param ratio share of the tokens that is removed
public record MaskConfig(MaskKind kind, double ratio) {

    public MaskConfig {
        Masking.checkRatio(ratio);
    }

    /// The masks of clips of this geometry.
    ///
    /// @throws org.tornadomae.nn.UserException when the ratio leaves or removes none of its tokens
    public Masking on(PatchGrid grid) {
        return new Masking(kind, ratio, grid);
    }
}
