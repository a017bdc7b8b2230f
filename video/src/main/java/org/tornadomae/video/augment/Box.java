package org.tornadomae.video.augment;

/// A rectangle of a clip's frames, in pixels; it may be empty.
///
/// @param top    first row
/// @param left   first column
/// @param height rows
/// @param width  columns
record Box(int top, int left, int height, int width) {

    int area() {
        return height * width;
    }
}
