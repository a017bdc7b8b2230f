package org.tornadomae.video.views;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.tornadomae.video.clip.ClipSampler;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.clip.ClipTransform;
import org.tornadomae.video.clip.Crop;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedVideoException;
import org.tornadomae.video.codec.Decoder;
import org.tornadomae.video.codec.VideoFrames;

/// Reads the test's views of a video, decoding it once: a frame is resized once, however many views it is in.
///
/// Where the views begin depends on the number of frames, which only decoding shows. So the number that is known or
/// promised is taken first, and in the rare case that it was wrong the video is decoded again with the right one.
public final class ViewReader {
    private static final int MAX_ASPECT = 64; // a longer strip would fill the memory

    private final TestViews views;
    private final ClipShape shape;
    private final ClipSampler sampler;

    /// @param views        which views
    /// @param shape        of a view; its frames are square
    /// @param samplingRate stride of a view in frames of a 30 fps video
    public ViewReader(TestViews views, ClipShape shape, int samplingRate) {
        if (shape.height() != shape.width()) {
            throw new IllegalArgumentException("views are square, not " + shape.height() + "x" + shape.width());
        }
        this.views = views;
        this.shape = shape;
        this.sampler = new ClipSampler(shape.frames(), samplingRate);
    }

    /// Reads all views of a video.
    ///
    /// @param decoder how to decode it
    /// @param source  where it is
    /// @param frames  how many frames decode, or 0 where that is not known
    /// @throws DamagedVideoException when it cannot be used, with the reason
    public VideoViews read(Decoder decoder, ByteSource source, int frames) throws DamagedVideoException {
        int expected = frames;
        for (int attempt = 0; attempt < 3; attempt++) { // a promise, a count, and nothing can be wrong any more
            try (VideoFrames video = decoder.open(source)) {
                expected = expected > 0 ? expected : video.promised();
                VideoViews read = pass(video, expected);
                if (video.decoded() == expected) {
                    return read;
                }
                expected = video.decoded();
            }
        }
        throw new DamagedVideoException(DamageReason.UNREADABLE, source); // it changes while it is read
    }

    /// Decodes to the end and keeps what the views want of a video of `expected` frames.
    private VideoViews pass(VideoFrames video, int expected) throws DamagedVideoException {
        video.next();
        int height = video.height();
        int width = video.width();
        if (Math.max(height, width) > MAX_ASPECT * Math.min(height, width)) {
            throw new DamagedVideoException(DamageReason.UNSUPPORTED, video.source());
        }
        int[][] indices = new int[views.temporal()][];
        BitSet wanted = new BitSet();
        for (int view = 0; view < indices.length && expected > 0; view++) {
            indices[view] = views.indices(view, sampler, expected, video.fps());
            for (int index : indices[view]) {
                wanted.set(index);
            }
        }
        Resized size = Resized.of(height, width, shape.height());
        ClipShape frame = new ClipShape(1, size.height(), size.width(), shape.pixels());
        byte[] rgb = new byte[height * width * ClipShape.CHANNELS];
        Map<Integer, float[]> frames = new HashMap<>();
        do {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("decoding was stopped");
            }
            int index = video.decoded() - 1;
            if (wanted.get(index)) {
                video.rgb(rgb);
                frames.put(index, resize(rgb, height, width, frame));
            }
        } while (video.next());
        return new VideoViews(views, shape, size, indices, frames);
    }

    /// A whole frame, resized and normalised.
    ///
    /// @param rgb `[height][width][3]`
    /// @return `[3][one.height][one.width]`
    static float[] resize(byte[] rgb, int height, int width, ClipShape one) {
        float[] frame = new float[one.values()];
        new ClipTransform(one, new Crop(0, 0, height, width), false, width).apply(rgb, 0, frame, 0);
        return frame;
    }
}
