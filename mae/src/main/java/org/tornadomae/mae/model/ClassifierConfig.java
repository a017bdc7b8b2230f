package org.tornadomae.mae.model;

import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.nn.UserException;

/// Everything that determines a classifier (docs/finetune.md, Classifier). It validates itself.
///
/// @param clip     the clips and their patches
/// @param encoder  the stack that sees all tokens
/// @param clsEmbed class token on or off; it is left out of the mean
/// @param classes  K
/// @param drop     what is dropped in training
/// @param headNormEps what the norm in front of the head adds to the variance
/// @param poolSkipsFirstToken without a class token, leave token 0 out of the mean all the same, as mae_st does
public record ClassifierConfig(ClipGeometry clip, Stack encoder, boolean clsEmbed, int classes, Drop drop,
        double headNormEps, boolean poolSkipsFirstToken) {

    /// Rates of what is dropped in training, each in [0, 1).
    ///
    /// @param head elements of the pooled, normalised vector in front of the head
    /// @param path branches of the last block; it grows linearly from 0 in the first one
    public record Drop(double head, double path) {
        /// Nothing is dropped.
        public static final Drop NONE = new Drop(0, 0);

        public Drop {
            check("dropout", head);
            check("drop path", path);
        }

        private static void check(String what, double rate) {
            if (!(rate >= 0 && rate < 1)) {
                throw new UserException(what + " " + rate + " must be at least 0 and less than 1");
            }
        }

        /// Rate of a block of a stack of `depth`.
        public double path(int block, int depth) {
            return depth == 1 ? 0 : path * block / (depth - 1);
        }
    }

    public ClassifierConfig {
        encoder.check("");
        Checks.eps(headNormEps);
        Checks.positive("number of classes", classes);
    }

    /// With the same layer norm in front of the head as in the blocks.
    public ClassifierConfig(ClipGeometry clip, Stack encoder, boolean clsEmbed, int classes, Drop drop,
            boolean poolSkipsFirstToken) {
        this(clip, encoder, clsEmbed, classes, drop, encoder.normEps(), poolSkipsFirstToken);
    }

    /// The geometry of clips and patches.
    public PatchGrid grid() {
        return clip.grid();
    }

    /// 1 with a class token, else 0.
    public int cls() {
        return clsEmbed ? 1 : 0;
    }

    /// Leading rows of a clip that the mean leaves out.
    public int poolSkip() {
        return clsEmbed || poolSkipsFirstToken ? 1 : 0;
    }
}
