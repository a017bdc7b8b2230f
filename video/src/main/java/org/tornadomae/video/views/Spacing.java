package org.tornadomae.video.views;

/// Where the first frames of a video's temporal views are.
public enum Spacing {
    /// Whole steps of ⌊Δ/(n−1)⌋ frames: the MAE recipes (`USE_OFFSET_SAMPLING` in PySlowFast). The last view may end up
    /// to n−2 frames before the video does; a single view is in the middle.
    WHOLE {
        @Override
        double start(int view, int views, double room) {
            return views == 1 ? Math.floor(room / 2) : view * Math.floor(room / (views - 1));
        }
    },
    /// Δ·i/n: older recipes of PySlowFast. Nothing looks at the end of the video.
    FRACTIONAL {
        @Override
        double start(int view, int views, double room) {
            return room * view / views;
        }
    };

    /// The first frame of a view; not an integer in general.
    ///
    /// @param view  from 0
    /// @param views how many there are
    /// @param room  Δ, frames by which the first view could be moved until it ends with the video
    abstract double start(int view, int views, double room);
}
