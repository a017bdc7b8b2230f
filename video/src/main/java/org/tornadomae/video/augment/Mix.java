package org.tornadomae.video.augment;

import org.tornadomae.video.clip.ClipShape;

/// What one clip takes from its partner, which is clip N−1−i of a batch of N.
///
/// @param own how much of it stays its own, in `[0, 1]`; in cutmix what the cut has left of it
/// @param cut where the partner's pixels come from, in cutmix; null in mixup
record Mix(double own, Box cut) {

    /// Nothing.
    static final Mix NONE = new Mix(1, null);

    /// A weighted sum of the two clips.
    static Mix mixup(double lambda) {
        return new Mix(lambda, null);
    }

    /// A rectangle of the partner in every frame. Its sides are √(1−λ) of the frame's and its centre is anywhere, so a
    /// part of it may be outside; what is really left of the clip is what counts.
    static Mix cutmix(double lambda, int centreY, int centreX, int height, int width) {
        double side = Math.sqrt(1 - lambda);
        int[] rows = span(centreY, (int) (height * side), height);
        int[] columns = span(centreX, (int) (width * side), width);
        Box box = new Box(rows[0], columns[0], rows[1] - rows[0], columns[1] - columns[0]);
        return new Mix(1 - (double) box.area() / (height * width), box);
    }

    /// From where to where a cut goes; an odd one loses a pixel, as in the source.
    private static int[] span(int centre, int cut, int length) {
        return new int[] {Math.clamp(centre - cut / 2, 0, length), Math.clamp(centre + cut / 2, 0, length)};
    }

    /// Mixes every clip of a batch with its partner as it was before.
    ///
    /// @param mixes one per clip
    /// @param clips `[N][3][T][H][W]`, normalised
    /// @param shape of a clip
    static void apply(Mix[] mixes, float[] clips, ClipShape shape) {
        float[] first = new float[shape.width()];
        float[] second = new float[shape.width()];
        int rows = shape.values() / shape.width();
        for (int i = 0; i < mixes.length / 2; i++) {
            int partner = mixes.length - 1 - i;
            for (int row = 0; row < rows; row++) {
                int atFirst = (i * rows + row) * shape.width();
                int atSecond = (partner * rows + row) * shape.width();
                System.arraycopy(clips, atFirst, first, 0, first.length);
                System.arraycopy(clips, atSecond, second, 0, second.length);
                int y = row % shape.height();
                mixes[i].row(y, second, clips, atFirst);
                mixes[partner].row(y, first, clips, atSecond);
            }
        }
    }

    /// Mixes row `y` of one frame, in place, with the partner's.
    private void row(int y, float[] partner, float[] clips, int at) {
        if (cut != null) {
            if (y >= cut.top() && y < cut.top() + cut.height()) {
                System.arraycopy(partner, cut.left(), clips, at + cut.left(), cut.width());
            }
        } else if (own != 1) {
            float mine = (float) own;
            float theirs = (float) (1 - own);
            for (int x = 0; x < partner.length; x++) {
                clips[at + x] = clips[at + x] * mine + partner[x] * theirs;
            }
        }
    }
}
