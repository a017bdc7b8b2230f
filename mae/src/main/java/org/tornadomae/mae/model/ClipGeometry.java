package org.tornadomae.mae.model;

import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.clip.Normalisation;

/// The clips a model takes, and how they are cut into patches.
///
/// @param numFrames  T, frames of a clip; 1 with tPatchSize 1 is image MAE
/// @param imgSize    side of a frame in pixels (H = W)
/// @param tPatchSize frames of a patch; divides numFrames
/// @param patchSize  side of a patch in pixels; divides imgSize
/// @param pixels     how colours become numbers
public record ClipGeometry(int numFrames, int imgSize, int tPatchSize, int patchSize, Normalisation pixels) {

    /// With the paper's pixels.
    public ClipGeometry(int numFrames, int imgSize, int tPatchSize, int patchSize) {
        this(numFrames, imgSize, tPatchSize, patchSize, Normalisation.PAPER);
    }

    private static final int MAX_SIDE = 1 << 15;

    public ClipGeometry {
        Checks.positive("image size", imgSize);
        Checks.positive("patch size", patchSize);
        Checks.positive("frames", numFrames);
        Checks.positive("frames per patch", tPatchSize);
        Checks.divides("patch size", patchSize, "image size", imgSize);
        Checks.divides("frames per patch", tPatchSize, "frames", numFrames);
        // sides first: their square may pass a long's range
        if (imgSize > MAX_SIDE || 3L * numFrames * imgSize * imgSize > Integer.MAX_VALUE - 8) {
            throw new UserException("a clip of " + numFrames + " frames of " + imgSize + " x " + imgSize
                    + " pixels is larger than one array can be (2^31 numbers): lower the frames or the image size");
        }
    }

    /// What a loader has to make.
    public ClipShape shape() {
        return new ClipShape(numFrames, imgSize, imgSize, pixels);
    }

    /// The tokens of a clip.
    public PatchGrid grid() {
        return new PatchGrid(numFrames, imgSize, imgSize, tPatchSize, patchSize);
    }
}
