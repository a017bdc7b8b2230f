package org.tornadomae.video.views;

import org.tornadomae.video.clip.ClipSampler;

/// How many looks a video gets. View v is temporal view v div `spatial` at place v mod `spatial`.
///
/// @param temporal clips along the video, at least 1
/// @param spatial  3: both ends and the middle of the longer side; 1: the middle alone
/// @param spacing  of the temporal views
public record TestViews(int temporal, int spatial, Spacing spacing) {

    /// Left, centre, right, or top, centre, bottom.
    private static final int PLACES = 3;

    /// @throws IllegalArgumentException when there is no such arrangement
    public TestViews {
        if (temporal < 1 || spatial != 1 && spatial != PLACES) {
            throw new IllegalArgumentException("views must be 1 or more in time by 1 or 3 in space, not "
                    + temporal + "x" + spatial);
        }
    }

    /// With the recipes' spacing.
    public TestViews(int temporal, int spatial) {
        this(temporal, spatial, Spacing.WHOLE);
    }

    /// Views of a video.
    public int count() {
        return temporal * spatial;
    }

    /// Source frames of a temporal view: `trunc(clamp(linspace(start, start+span−1, T), 0, available−1))`.
    ///
    /// The linspace is PyTorch's in float32, from both ends to the middle: in double, a view now and then gets the
    /// frame next to it.
    ///
    /// @param view      temporal view, from 0
    /// @param sampler   T and the span
    /// @param available frames of the video, at least 1
    /// @param fps       frames per second of the video
    /// @return T indices in [0, available), not decreasing
    public int[] indices(int view, ClipSampler sampler, int available, double fps) {
        double span = sampler.span(fps);
        double start = spacing.start(view, temporal, Math.max(available - span, 0));
        float first = (float) start;
        float last = (float) (start + span - 1);
        int frames = sampler.frames();
        float step = frames == 1 ? 0 : (last - first) / (frames - 1);
        int[] indices = new int[frames];
        for (int t = 0; t < frames; t++) {
            float position = frames == 1 || t < frames / 2 ? first + step * t : last - step * (frames - 1 - t);
            indices[t] = (int) Math.clamp(position, 0f, available - 1f);
        }
        return indices;
    }

    /// Which of the [#PLACES] a view is at.
    int place(int view) {
        return spatial == 1 ? PLACES / 2 : view % spatial;
    }
}
