package org.tornadomae.video.clip;

/// What one clip looks like to the model: `float[3][frames][height][width]`, row-major, normalised.
///
/// @param frames T, number of frames
/// @param height H, pixels
/// @param width  W, pixels
/// @param pixels how colours become numbers
public record ClipShape(int frames, int height, int width, Normalisation pixels) {

    /// Colour channels: red, green, blue.
    public static final int CHANNELS = 3;

    /// @throws IllegalArgumentException when a size is not positive or a clip would not fit one array
    public ClipShape {
        if (frames < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException("clip sizes must be positive: " + frames + "x" + height + "x" + width);
        }
        if ((long) CHANNELS * frames * height * width > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("clip does not fit one array: " + frames + "x" + height + "x" + width);
        }
    }

    /// With the paper's pixels.
    public ClipShape(int frames, int height, int width) {
        this(frames, height, width, Normalisation.PAPER);
    }

    /// Values of one clip: 3·T·H·W.
    public int values() {
        return CHANNELS * frames * height * width;
    }
}
