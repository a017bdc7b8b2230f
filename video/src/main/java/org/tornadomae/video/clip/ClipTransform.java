package org.tornadomae.video.clip;

import java.util.Arrays;

/// Crop, resize, flip and normalise in one pass, straight into the batch array (docs/spec.md, "Pre-training recipe",
/// Pixels).
///
/// Bilinear with half-pixel centres (align_corners=false), no anti-aliasing; samples never leave the crop. One
/// transform serves all frames of a clip, one after the other: it holds the tables that depend on the crop alone.
public final class ClipTransform {

    private static final int NONE = -1;

    private final ClipShape shape;
    private final int stride;   // bytes of one source row
    private final Axis rows;    // positions are source rows
    private final Axis columns; // positions are byte offsets in a source row
    private final float[] scale = new float[ClipShape.CHANNELS];
    private final float[] shift = new float[ClipShape.CHANNELS];
    private final float[][] kept; // two source rows at the columns of the clip
    private final int[] held = new int[2]; // which rows these are

    /// @param shape       the clip to be filled
    /// @param crop        which rectangle of the source frame to take
    /// @param flip        whether to mirror left and right
    /// @param sourceWidth columns of the source frame
    public ClipTransform(ClipShape shape, Crop crop, boolean flip, int sourceWidth) {
        this.shape = shape;
        this.stride = sourceWidth * ClipShape.CHANNELS;
        this.rows = Axis.of(crop.top(), crop.height(), shape.height(), false, 1);
        this.columns = Axis.of(crop.left(), crop.width(), shape.width(), flip, ClipShape.CHANNELS);
        for (int c = 0; c < ClipShape.CHANNELS; c++) {
            scale[c] = shape.pixels().scale(c);
            shift[c] = shape.pixels().shift(c);
        }
        this.kept = new float[held.length][ClipShape.CHANNELS * shape.width()];
    }

    /// Writes one frame of a clip.
    ///
    /// @param rgb    source frame `[height][width][3]`, bytes 0..255
    /// @param t      which frame of the clip, in [0, T)
    /// @param out    receives `[3][T][H][W]` at `offset`; only frame `t` is written
    /// @param offset where the clip starts in `out`
    public void apply(byte[] rgb, int t, float[] out, int offset) {
        int width = shape.width();
        int frame = shape.height() * width;
        int plane = shape.frames() * frame; // from one channel to the next
        Arrays.fill(held, NONE); // another frame
        for (int y = 0; y < shape.height(); y++) {
            float[] above = resampled(rgb, rows.first[y], rows.second[y]);
            float[] below = resampled(rgb, rows.second[y], rows.first[y]);
            float fy = rows.fraction[y];
            for (int c = 0; c < ClipShape.CHANNELS; c++) {
                int to = offset + c * plane + t * frame + y * width;
                int from = c * width;
                float times = scale[c];
                float plus = shift[c];
                for (int x = 0; x < width; x++) {
                    out[to + x] = lerp(above[from + x], below[from + x], fy) * times + plus;
                }
            }
        }
    }

    /// A source row at the columns of the clip, `[3][W]`. The next output row often needs it, too, so two are kept.
    private float[] resampled(byte[] rgb, int row, int inUse) {
        for (int i = 0; i < held.length; i++) {
            if (held[i] == row) {
                return kept[i];
            }
        }
        int free = held[0] == inUse ? 1 : 0;
        held[free] = row;
        resample(rgb, row * stride, kept[free]);
        return kept[free];
    }

    private void resample(byte[] rgb, int row, float[] to) {
        int width = shape.width();
        for (int x = 0; x < width; x++) {
            int left = row + columns.first[x];
            int right = row + columns.second[x];
            float fx = columns.fraction[x];
            for (int c = 0; c < ClipShape.CHANNELS; c++) {
                to[c * width + x] = lerp(rgb[left + c] & 0xff, rgb[right + c] & 0xff, fx);
            }
        }
    }

    private static float lerp(float a, float b, float fraction) {
        return a + (b - a) * fraction;
    }

    /// The two source positions of each output position, and the weight of the second.
    private record Axis(int[] first, int[] second, float[] fraction) {

        static Axis of(int start, int length, int outputs, boolean reverse, int step) {
            Axis axis = new Axis(new int[outputs], new int[outputs], new float[outputs]);
            double scale = (double) length / outputs;
            for (int i = 0; i < outputs; i++) {
                double position = Math.max((i + 0.5) * scale - 0.5, 0);
                int low = Math.min((int) position, length - 1);
                int to = reverse ? outputs - 1 - i : i;
                axis.first[to] = (start + low) * step;
                axis.second[to] = (start + Math.min(low + 1, length - 1)) * step;
                axis.fraction[to] = (float) (position - low);
            }
            return axis;
        }
    }
}
