package org.tornadomae.kernels;

/// The geometry of a clip cut into patches; tokens are numbered in (t, h, w) order.
///
/// @param frames T
/// @param height H in pixels
/// @param width  W in pixels
/// @param tPatchSize frames of a patch
/// @param patchSize side of a patch in pixels
public record PatchGrid(int frames, int height, int width, int tPatchSize, int patchSize) {

    /// t = T / tPatchSize
    public int times() {
        return frames / tPatchSize;
    }

    /// h = H / patchSize
    public int rows() {
        return height / patchSize;
    }

    /// w = W / patchSize
    public int columns() {
        return width / patchSize;
    }

    /// h·w, the places of one time step.
    public int places() {
        return rows() * columns();
    }

    /// N = t·h·w
    public int tokens() {
        return times() * places();
    }

    /// 3·T·H·W, the values of a clip.
    public int clipValues() {
        return 3 * frames * height * width;
    }

    /// 3·tPatchSize·patchSize², the values of a patch.
    public int patchValues() {
        return 3 * tPatchSize * patchSize * patchSize;
    }
}
