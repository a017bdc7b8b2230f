package org.tornadomae.mae.model;

import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.nn.UserException;

/// Everything that determines the model: shapes, kinds of embedding, and the dialect switches where the two official
/// codes disagree (docs/spec.md). Names are the field's, camelCased. It validates itself.
///
/// @param clip            the clips and their patches
/// @param encoder         the stack that sees the visible tokens
/// @param decoder         the stack that sees all of them
/// @param clsEmbed        class token on or off
/// @param carryClassToken the decoder's class token is the encoder's, embedded (PySlowFast), instead of its own
///                        (mae_st)
/// @param targets         what is predicted
public record MaeConfig(ClipGeometry clip, Stack encoder, Stack decoder, boolean clsEmbed, boolean carryClassToken,
        Targets targets) {

    public MaeConfig {
        encoder.check("");
        decoder.check("decoder ");
        checkTargets(clip, targets);
        if (carryClassToken && !clsEmbed) {
            throw new UserException("a class token can only be carried to the decoder when there is one");
        }
    }

    private static void checkTargets(ClipGeometry clip, Targets targets) {
        int frames = clip.numFrames();
        int predicted = targets.predTDim();
        int times = clip.grid().times();
        Checks.positive("predicted frames", predicted);
        if (predicted > frames || predicted % times != 0) {
            throw new UserException("predicted frames " + predicted + " must be a multiple of the " + times
                    + " time steps (frames / frames per patch) and at most " + frames);
        }
        if (!targets.linspace() && frames % predicted != 0) {
            throw new UserException("predicted frames " + predicted + " must divide the " + frames
                    + " frames in the slowfast dialect");
        }
        if (targets.normPix() && valuesOf(clip, targets) < 2) {
            throw new UserException("norm-pix loss needs at least two values per patch");
        }
    }

    /// A preset of the table in docs/spec.md by name: tiny, small, base, large, huge.
    public static MaeConfig preset(String name) {
        return switch (name) {
            case "tiny" -> preset(16, stack(192, 12, 3), stack(192, 4, 3));
            case "small" -> preset(16, stack(384, 12, 6), stack(256, 4, 8));
            case "base" -> preset(16, stack(768, 12, 12), stack(512, 4, 16));
            case "large" -> preset(16, stack(1024, 24, 16), stack(512, 4, 16));
            case "huge" -> preset(14, stack(1280, 32, 16), stack(512, 4, 16));
            default -> throw new UserException("unknown preset '" + name + "': use tiny, small, base, large or huge");
        };
    }

    private static Stack stack(int width, int depth, int heads) {
        return new Stack(width, depth, heads, 4, Positions.SEPARABLE, true);
    }

    private static MaeConfig preset(int patchSize, Stack encoder, Stack decoder) {
        return new MaeConfig(new ClipGeometry(16, 224, 2, patchSize), encoder, decoder, true, false,
                new Targets(true, 8, true));
    }

    /// The geometry of clips and patches.
    public PatchGrid grid() {
        return clip.grid();
    }

    /// Values that the decoder predicts per token.
    public int predValues() {
        return valuesOf(clip, targets);
    }

    private static int valuesOf(ClipGeometry clip, Targets targets) {
        int patchValues = 3 * clip.patchSize() * clip.patchSize() * clip.tPatchSize();
        return (int) ((long) patchValues * targets.predTDim() / clip.numFrames());
    }

    /// Predicted frames of a patch.
    public int predFramesPerPatch() {
        return (int) ((long) clip.tPatchSize() * targets.predTDim() / clip.numFrames());
    }

    /// 1 with a class token, else 0.
    public int cls() {
        return clsEmbed ? 1 : 0;
    }

    /// Which frames of the clip are predicted (docs/spec.md, Model 5): 0, 2, 4, 6, 8, 10, 12, 15 for 8 of 16.
    public int[] targetFrames() {
        int frames = clip.numFrames();
        int[] chosen = new int[targets.predTDim()];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = targets.linspace()
                    ? (chosen.length == 1 ? 0 : (int) ((double) i * (frames - 1) / (chosen.length - 1)))
                    : i * (frames / chosen.length);
        }
        return chosen;
    }
}
