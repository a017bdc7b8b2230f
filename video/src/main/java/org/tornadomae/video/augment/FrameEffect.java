package org.tornadomae.video.augment;

/// One operation with its argument, ready to be applied to every frame of a clip.
///
/// It holds no state of a frame: what it needs to know of one (a histogram, a mean) it finds out anew for each.
@FunctionalInterface
interface FrameEffect {

    /// Changes one frame.
    ///
    /// @param from   frame `[height][width][3]`, bytes 0..255
    /// @param height rows
    /// @param width  columns
    /// @param to     receives `[height][width][3]`; another array than `from`
    void apply(byte[] from, int height, int width, byte[] to);
}
