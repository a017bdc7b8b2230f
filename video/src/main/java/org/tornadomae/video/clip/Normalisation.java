package org.tornadomae.video.clip;

/// How a model sees colour (docs/spec.md, "Pre-training recipe", Pixels): a value in `[0, 1]` less [#MEAN], divided by
/// [#STD].
public final class Normalisation {

    /// The same for all three channels, as is [#STD].
    public static final float MEAN = 0.45f;

    /// Standard deviation.
    public static final float STD = 0.225f;

    private Normalisation() {}

    /// Undoes it: the value in `[0, 1]`, clamped.
    public static float undo(float normalised) {
        return Math.clamp(normalised * STD + MEAN, 0f, 1f);
    }
}
