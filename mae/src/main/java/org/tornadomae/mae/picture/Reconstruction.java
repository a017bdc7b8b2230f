package org.tornadomae.mae.picture;

import java.util.List;
import java.util.OptionalDouble;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Plan;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.Normalisation;

/// What a model makes of one masked clip, as pixels: the predicted frames as they were, as the model saw them, and as
/// it completed them. Pixels are in `[0, 1]`, arrays `[predTDim, H, W, 3]`.
///
/// @param config     the model's shapes
/// @param original   the predicted frames of the clip
/// @param seen       the same with removed patches in grey
/// @param produced   the prediction in removed patches, the input in visible ones
/// @param truthStats whether the mean and the contrast of removed patches were taken from the truth, which leaks it
/// @param visible    patches that the model saw
/// @param psnr       how near it comes, beside three baselines
public record Reconstruction(MaeConfig config, float[] original, float[] seen, float[] produced, boolean truthStats,
        int visible, Psnr psnr) {
    private static final float GREY = 0.5f;

    /// A model that reconstructs: one clip at a time, all patches predicted.
    ///
    /// @param keep patches that it sees
    public static MaskedAutoencoder model(MaeConfig config, int keep) {
        return MaskedAutoencoder.forInference(config, new MaskedAutoencoder.BatchShape(1, keep, true, 1));
    }

    /// Runs the model on one clip.
    ///
    /// @param model      from [#model], its parameters loaded
    /// @param clip       `[3, T, H, W]`, normalised
    /// @param idsShuffle `[N]` from [org.tornadomae.mae.mask.Masking#shuffle]
    /// @param truthStats for norm-pix models: de-normalise with the truth's own patch statistics instead of an estimate
    public static Reconstruction run(MaskedAutoencoder model, Backend backend, float[] clip, int[] idsShuffle,
            boolean truthStats) {
        if (model.clip().length != clip.length || model.masks().predicted() != idsShuffle.length) {
            throw new IllegalArgumentException("a reconstruction needs a model for one clip that predicts all patches");
        }
        System.arraycopy(clip, 0, model.clip(), 0, clip.length);
        model.masks().set(0, idsShuffle);
        try (Plan plan = backend.compile(List.of(model.forward()))) {
            plan.run(model.forward());
        }
        return of(model.config(), clip, model.masks().mask().floats(), model.pred(), truthStats);
    }

    /// Puts a prediction into pictures.
    ///
    /// @param clip `[3, T, H, W]`, normalised
    /// @param mask `[N]`: 0 kept, 1 removed
    /// @param pred `[N, u'·p·p·3]`
    /// @throws UserException when truth statistics are wanted of a model that needs none
    public static Reconstruction of(MaeConfig config, float[] clip, float[] mask, float[] pred, boolean truthStats) {
        if (truthStats && !config.targets().normPix()) {
            throw new UserException(
                    "truth-stats: this model predicts pixels and needs no patch statistics, leave it out");
        }
        PatchRows truth = PatchRows.predicted(config, clip);
        PatchRows completed = new PatchRows(truth.grid(), truth.frames(), pred);
        if (config.targets().normPix()) {
            PatchStats known = PatchStats.of(truth);
            PatchStats stats = truthStats ? known : known.estimatedFromVisible(truth.grid(), mask);
            completed = stats.denormalise(completed);
        }
        Normalisation pixels = config.clip().pixels();
        PatchRows original = truth.toPixels(pixels);
        PatchRows produced = completed.toPixels(pixels).pasteVisible(original, mask);
        PatchRows seen = original.filledWith(GREY, GREY, GREY).pasteVisible(original, mask);
        Baselines baselines = new Baselines(config, PatchRows.whole(config, clip).toPixels(pixels), mask);
        OptionalDouble nearest = baselines.canCopy()
                ? OptionalDouble.of(Psnr.between(baselines.nearestFrame(original), original, mask))
                : OptionalDouble.empty();
        Psnr psnr = new Psnr(Psnr.between(produced, original, mask),
                Psnr.between(baselines.meanFill(original), original, mask),
                Psnr.between(baselines.neighbours(original), original, mask), nearest);
        return new Reconstruction(config, original.toFrames(), seen.toFrames(), produced.toFrames(), truthStats,
                visible(mask), psnr);
    }

    private static int visible(float[] mask) {
        int visible = 0;
        for (float removed : mask) {
            visible += removed == 0 ? 1 : 0;
        }
        return visible;
    }

    /// Where brightness and contrast of the removed patches come from; it belongs into every picture.
    public String provenance() {
        if (!config.targets().normPix()) {
            return "Removed patches: pixels as predicted, no statistics needed";
        }
        return truthStats
                ? "This leaks the answer: uses the truth's patch statistics (mean and contrast of every removed patch)"
                : "Mean and contrast of removed patches: estimated from visible patches nearby";
    }
}
