package org.tornadomae.mae.mask;

/// The geometry of a clip cut into patches; tokens are numbered in (t, h, w) order.
///
/// @param frames T
/// @param height H in pixels
/// @param width  W in pixels
/// @param u      frames of a patch
/// @param p      side of a patch in pixels
public record PatchGrid(int frames, int height, int width, int u, int p) {

    /// t = T / u
    public int times() {
        return frames / u;
    }

    /// h = H / p
    public int rows() {
        return height / p;
    }

    /// w = W / p
    public int columns() {
        return width / p;
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

    /// 3·u·p·p, the values of a patch.
    public int patchValues() {
        return 3 * u * p * p;
    }
}
