package org.tornadomae.mae.picture;

import java.util.Arrays;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.loop.PatchKernels;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.video.clip.Normalisation;

/// The patches of one clip as rows of pixels, laid out as the decoder predicts them: (frame, row, column, channel).
///
/// @param grid   the tokens, one row each
/// @param frames frames of a row: u for whole patches, u' for the predicted ones
/// @param values `[N, frames·p·p·3]`, normalised as the model sees them or pixels in `[0, 1]`
record PatchRows(PatchGrid grid, int frames, float[] values) {
    /// The predicted frames of a clip.
    ///
    /// @param clip `[3, T, H, W]`
    static PatchRows predicted(MaeConfig config, float[] clip) {
        return gather(config.grid(), config.predFramesPerPatch(), config.targetFrames(), clip);
    }

    /// All frames of a clip.
    ///
    /// @param clip `[3, T, H, W]`
    static PatchRows whole(MaeConfig config, float[] clip) {
        int[] all = new int[config.clip().numFrames()];
        Arrays.setAll(all, f -> f);
        return gather(config.grid(), config.clip().tPatchSize(), all, clip);
    }

    private static PatchRows gather(PatchGrid grid, int frames, int[] chosen, float[] clip) {
        int tokens = grid.tokens();
        int[] ids = new int[tokens];
        Arrays.setAll(ids, n -> n);
        float[] values = new float[tokens * frames * grid.patchSize() * grid.patchSize() * 3];
        PatchKernels.gatherTargets(values, 0, clip, 0, ids, 0, chosen, 0, 1, tokens, grid.frames(), grid.height(),
                grid.width(),
                frames, grid.patchSize());
        return new PatchRows(grid, frames, values);
    }

    /// Values of one frame of a patch: p·p·3.
    int frameValues() {
        return grid.patchSize() * grid.patchSize() * 3;
    }

    /// Values of a row.
    int rowValues() {
        return frames * frameValues();
    }

    /// Where frame `frame` of a token's row starts.
    int at(int token, int frame) {
        return token * rowValues() + frame * frameValues();
    }

    /// From normalised values to pixels in `[0, 1]`, clamped.
    PatchRows toPixels(Normalisation normalisation) {
        float[] pixels = new float[values.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = normalisation.undo(values[i], i % 3);
        }
        return new PatchRows(grid, frames, pixels);
    }

    /// These rows where the mask says removed, the other's where it says kept.
    ///
    /// @param mask `[N]`: 0 kept, 1 removed
    PatchRows pasteVisible(PatchRows visible, float[] mask) {
        PatchRows pasted = new PatchRows(grid, frames, values.clone());
        for (int n = 0; n < grid.tokens(); n++) {
            if (mask[n] == 0) {
                System.arraycopy(visible.values, at(n, 0), pasted.values, at(n, 0), rowValues());
            }
        }
        return pasted;
    }

    /// Rows of the same shape in one colour.
    ///
    /// @param rgb `[3]`
    PatchRows filledWith(float... rgb) {
        float[] filled = new float[values.length];
        for (int i = 0; i < filled.length; i++) {
            filled[i] = rgb[i % 3];
        }
        return new PatchRows(grid, frames, filled);
    }

    /// Back to frames, the inverse of the gather: `[frames·t, H, W, 3]`.
    float[] toFrames() {
        float[] images = new float[values.length];
        int p = grid.patchSize();
        for (int n = 0; n < grid.tokens(); n++) {
            int time = n / grid.places();
            int top = n / grid.columns() % grid.rows() * p;
            int left = n % grid.columns() * p;
            for (int frame = 0; frame < frames; frame++) {
                for (int y = 0; y < p; y++) {
                    int line = ((time * frames + frame) * grid.height() + top + y) * grid.width() + left;
                    System.arraycopy(values, at(n, frame) + y * p * 3, images, line * 3, p * 3);
                }
            }
        }
        return images;
    }
}
