package org.tornadomae.mae.classify;

import org.tornadomae.mae.model.ClassifierConfig;

/// The fine-tuning recipe for a model's size (docs/finetune.md, Recipe).
///
/// @param drop       what is dropped
/// @param layerDecay of the learning rate, per block
/// @param blr        base learning rate per 256 clips
/// @param epochs     over the videos
/// @param repeats    clips of each video
public record Recipe(ClassifierConfig.Drop drop, double layerDecay, double blr, int epochs, int repeats) {
    private static final Recipe HUGE = new Recipe(new ClassifierConfig.Drop(0.5, 0.2), 0.8, 4.8e-3, 75, 1);
    private static final Recipe LARGE = new Recipe(new ClassifierConfig.Drop(0.3, 0.2), 0.75, 2.4e-3, 50, 2);
    private static final Recipe BASE = new Recipe(new ClassifierConfig.Drop(0.3, 0.1), 0.65, 4.8e-3, 75, 2);
    /// Our own: small models are never large enough for their data.
    private static final Recipe SMALL = new Recipe(new ClassifierConfig.Drop(0, 0), 0.75, 4.8e-3, 75, 2);

    /// @param embedDim width of the encoder
    public static Recipe of(int embedDim) {
        if (embedDim >= 1280) {
            return HUGE;
        }
        if (embedDim >= 1024) {
            return LARGE;
        }
        return embedDim >= 768 ? BASE : SMALL;
    }
}
