package org.tornadomae.video.clip;

/// Shape of one clip as the model sees it: `float[3][frames][height][width]`, row-major.
///
/// @param frames T, number of frames
/// @param height H, pixels
/// @param width  W, pixels
public record ClipShape(int frames, int height, int width) {

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

    /// Values of one clip: 3·T·H·W.
    public int values() {
        return CHANNELS * frames * height * width;
    }
}
