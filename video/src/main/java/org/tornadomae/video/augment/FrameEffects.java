package org.tornadomae.video.augment;

import java.util.List;
import org.tornadomae.video.clip.Augmentation;
import org.tornadomae.video.clip.ClipShape;

/// What is done to every frame of one clip, in order.
public final class FrameEffects implements Augmentation.Frames {
    // Two per worker, to and fro: new ones per frame or clip would be most of a loader's garbage.
    private static final ThreadLocal<byte[][]> BUFFERS = ThreadLocal.withInitial(() -> new byte[2][0]);

    private final List<FrameEffect> effects;

    FrameEffects(List<FrameEffect> effects) {
        this.effects = List.copyOf(effects);
    }

    /// Applies them to a frame.
    ///
    /// @param rgb    frame `[height][width][3]`, bytes 0..255; it is not changed, since other clips may want it too
    /// @param height rows
    /// @param width  columns
    /// @return the frame as it is now: `rgb` itself when there is nothing to do, else an array of at least
    ///         height·width·3 bytes which the next call on this thread overwrites
    @Override
    public byte[] apply(byte[] rgb, int height, int width) {
        byte[][] buffers = BUFFERS.get();
        byte[] frame = rgb;
        for (int i = 0; i < effects.size(); i++) {
            if (buffers[i % 2].length < height * width * ClipShape.CHANNELS) {
                buffers[i % 2] = new byte[height * width * ClipShape.CHANNELS];
            }
            effects.get(i).apply(frame, height, width, buffers[i % 2]);
            frame = buffers[i % 2];
        }
        return frame;
    }
}
