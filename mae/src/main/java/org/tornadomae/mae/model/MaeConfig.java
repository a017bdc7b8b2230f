package org.tornadomae.mae.model;

import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.nn.UserException;

/// Everything that determines the model: shapes, kinds of embedding, and the dialect switches where the two official
/// codes disagree (SPEC). Names are the field's, camelCased. It validates itself.
///
/// @param imgSize         side of a frame in pixels (H = W)
/// @param patchSize       p, side of a patch; divides imgSize
/// @param numFrames       T, frames of a clip; 1 with tPatchSize 1 is image MAE
/// @param tPatchSize      u, frames of a patch; divides numFrames
/// @param embedDim        encoder width
/// @param depth           encoder blocks
/// @param numHeads        encoder heads; divides embedDim
/// @param decoderEmbedDim decoder width
/// @param decoderDepth    decoder blocks
/// @param decoderNumHeads decoder heads; divides decoderEmbedDim
/// @param mlpRatio        hidden width of an MLP over its width
/// @param sepPosEmbed     encoder positions: separable (space + time) or joint
/// @param decoderSepPosEmbed decoder positions, likewise
/// @param clsEmbed        class token on or off
/// @param carryClassToken the decoder's class token is the encoder's, embedded (PySlowFast), instead of its own (mae_st)
/// @param qkvBias         biases on q, k and v
/// @param normPixLoss     targets normalised per patch
/// @param predTDim        predicted frames of a clip
/// @param linspaceTargets predicted frames are a truncated linspace ending at T−1 (mae_st) instead of every (T/predTDim)-th from 0 (PySlowFast)
public record MaeConfig(int imgSize, int patchSize, int numFrames, int tPatchSize,
        int embedDim, int depth, int numHeads, int decoderEmbedDim, int decoderDepth, int decoderNumHeads, double mlpRatio,
        boolean sepPosEmbed, boolean decoderSepPosEmbed, boolean clsEmbed, boolean carryClassToken, boolean qkvBias,
        boolean normPixLoss, int predTDim, boolean linspaceTargets) {

    public MaeConfig {
        positive("image size", imgSize);
        positive("patch size", patchSize);
        positive("frames", numFrames);
        positive("frames per patch", tPatchSize);
        positive("depth", depth);
        positive("decoder depth", decoderDepth);
        positive("predicted frames", predTDim);
        divides("patch size", patchSize, "image size", imgSize);
        divides("frames per patch", tPatchSize, "frames", numFrames);
        heads("heads", numHeads, "embedding width", embedDim);
        heads("decoder heads", decoderNumHeads, "decoder width", decoderEmbedDim);
        if (!(mlpRatio * Math.min(embedDim, decoderEmbedDim) >= 1 && mlpRatio * Math.max(embedDim, decoderEmbedDim) < 1e6)) {
            throw new UserException("mlp ratio " + mlpRatio + " is out of range: 4 is usual");
        }
        if (predTDim > numFrames || predTDim % (numFrames / tPatchSize) != 0) {
            throw new UserException("predicted frames " + predTDim + " must be a multiple of the " + numFrames / tPatchSize
                    + " time steps (frames / frames per patch) and at most " + numFrames);
        }
        if (!linspaceTargets && numFrames % predTDim != 0) {
            throw new UserException("predicted frames " + predTDim + " must divide the " + numFrames + " frames in the slowfast dialect");
        }
        if (normPixLoss && patchSize * patchSize * 3 * predTDim * tPatchSize / numFrames < 2) {
            throw new UserException("norm-pix loss needs at least two values per patch");
        }
        if (carryClassToken && !clsEmbed) {
            throw new UserException("a class token can only be carried to the decoder when there is one");
        }
    }

    private static void positive(String what, int value) {
        if (value <= 0) {
            throw new UserException(what + " " + value + " must be at least 1");
        }
    }

    private static void divides(String part, int partValue, String whole, int wholeValue) {
        if (wholeValue % partValue != 0) {
            throw new UserException(whole + " " + wholeValue + " is not divisible by " + part + " " + partValue);
        }
    }

    private static void heads(String what, int heads, String of, int width) {
        positive(what, heads);
        positive(of, width);
        divides(what, heads, of, width);
    }

    /// A preset of SPEC's table by name: tiny, small, base, large, huge.
    public static MaeConfig preset(String name) {
        return switch (name) {
            case "tiny" -> of(192, 12, 3, 192, 3, 16);
            case "small" -> of(384, 12, 6, 256, 8, 16);
            case "base" -> of(768, 12, 12, 512, 16, 16);
            case "large" -> of(1024, 24, 16, 512, 16, 16);
            case "huge" -> of(1280, 32, 16, 512, 16, 14);
            default -> throw new UserException("unknown preset '" + name + "': use tiny, small, base, large or huge");
        };
    }

    private static MaeConfig of(int width, int depth, int heads, int decoderWidth, int decoderHeads, int patch) {
        return new MaeConfig(224, patch, 16, 2, width, depth, heads, decoderWidth, 4, decoderHeads, 4,
                true, true, true, false, true, true, 8, true);
    }

    /// The geometry of clips and patches.
    public PatchGrid grid() {
        return new PatchGrid(numFrames, imgSize, imgSize, tPatchSize, patchSize);
    }

    /// Values that the decoder predicts per token: u'·p·p·3.
    public int predValues() {
        return 3 * patchSize * patchSize * predFramesPerPatch();
    }

    /// u', predicted frames of a patch.
    public int predFramesPerPatch() {
        return tPatchSize * predTDim / numFrames;
    }

    /// 1 with a class token, else 0.
    public int cls() {
        return clsEmbed ? 1 : 0;
    }

    public int mlpWidth() {
        return (int) (embedDim * mlpRatio);
    }

    public int decoderMlpWidth() {
        return (int) (decoderEmbedDim * mlpRatio);
    }

    /// Which frames of the clip are predicted (SPEC, Model 5): 0, 2, 4, 6, 8, 10, 12, 15 for 8 of 16.
    public int[] targetFrames() {
        int[] frames = new int[predTDim];
        for (int i = 0; i < predTDim; i++) {
            frames[i] = linspaceTargets
                    ? (predTDim == 1 ? 0 : (int) ((double) i * (numFrames - 1) / (predTDim - 1)))
                    : i * (numFrames / predTDim);
        }
        return frames;
    }
}
