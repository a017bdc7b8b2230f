package org.tornadomae.video.views;

/// A frame brought to the size of the crops: its shorter side as long as theirs, the other in proportion.
///
/// @param height rows after that
/// @param width  columns after that
/// @param crop   side of the crops
record Resized(int height, int width, int crop) {

    /// @param sourceHeight rows of the video
    /// @param sourceWidth  columns of the video
    static Resized of(int sourceHeight, int sourceWidth, int crop) {
        if (sourceWidth < sourceHeight) {
            return new Resized((int) Math.floor((double) sourceHeight / sourceWidth * crop), crop, crop);
        }
        return new Resized(crop, (int) Math.floor((double) sourceWidth / sourceHeight * crop), crop);
    }

    /// First row of the crop at a place: 0, 1 or 2 along the longer side.
    int top(int place) {
        return height > width ? offset(place, height - crop) : offset(1, height - crop);
    }

    /// First column of the crop at a place.
    int left(int place) {
        return height > width ? offset(1, width - crop) : offset(place, width - crop);
    }

    private static int offset(int place, int rest) {
        return switch (place) {
            case 0 -> 0;
            case 1 -> Math.ceilDiv(rest, 2);
            default -> rest;
        };
    }
}
