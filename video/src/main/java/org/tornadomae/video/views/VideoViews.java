package org.tornadomae.video.views;

import java.util.Map;
import org.tornadomae.video.clip.ClipShape;

/// All views of one video, kept as the resized frames that they share.
public final class VideoViews {
    private final TestViews views;
    private final ClipShape shape;
    private final Resized size;
    private final int[][] indices;
    private final Map<Integer, float[]> frames;

    /// @param indices `[temporal][T]` source frames
    /// @param frames  those of them that there are, `[3][size.height][size.width]`, normalised
    VideoViews(TestViews views, ClipShape shape, Resized size, int[][] indices, Map<Integer, float[]> frames) {
        this.views = views;
        this.shape = shape;
        this.size = size;
        this.indices = indices;
        this.frames = frames;
    }

    public int count() {
        return views.count();
    }

    /// Writes one view.
    ///
    /// @param view   in [0, [#count])
    /// @param out    receives `[3][T][H][W]`, normalised, at `offset`
    /// @param offset where the clip starts in `out`
    public void copy(int view, float[] out, int offset) {
        int[] source = indices[view / views.spatial()];
        int top = size.top(views.place(view));
        int left = size.left(views.place(view));
        for (int c = 0; c < ClipShape.CHANNELS; c++) {
            for (int t = 0; t < shape.frames(); t++) {
                float[] frame = frames.get(source[t]);
                for (int y = 0; y < shape.height(); y++) {
                    int from = (c * size.height() + top + y) * size.width() + left;
                    int to = offset + ((c * shape.frames() + t) * shape.height() + y) * shape.width();
                    System.arraycopy(frame, from, out, to, shape.width());
                }
            }
        }
    }
}
