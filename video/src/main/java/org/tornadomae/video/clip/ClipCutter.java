package org.tornadomae.video.clip;

import java.util.concurrent.CancellationException;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedVideoException;
import org.tornadomae.video.codec.VideoFrames;

/// Turns one video into clips: decodes it once, in order, and passes each wanted frame through the transforms as it
/// comes. No more than one frame is held, however long the video.
final class ClipCutter {

    /// Makes the plan of one clip, once the video's frame rate, frame count and size are known.
    @FunctionalInterface
    interface Planner {
        Plan plan(int clip, Footage footage);
    }

    /// What a plan may depend on: the frames that decode, and their size.
    record Footage(int frames, double fps, int height, int width) {
    }

    /// One clip: its source frames, not decreasing, and what is done to them, in this order.
    record Plan(int[] indices, Augmentation.Frames frames, ClipTransform transform) {
    }

    /// What was decoded, and how long it took to transform it.
    record Cut(Footage footage, long transformNanos) {
    }

    // One per worker: a new one per video is so large and lives so long that it would end up in the old generation.
    private static final ThreadLocal<byte[]> FRAME = ThreadLocal.withInitial(() -> new byte[0]);

    private ClipCutter() {}

    /// The worker's buffer for a frame, of at least `bytes`.
    private static byte[] frame(int bytes) {
        if (FRAME.get().length < bytes) {
            FRAME.set(new byte[bytes]);
        }
        return FRAME.get();
    }

    /// Counts the frames that decode, at least 1.
    static int count(VideoFrames video) throws DamagedVideoException {
        while (video.next()) {
            stopIfInterrupted();
        }
        return video.decoded();
    }

    /// Cuts clips.
    ///
    /// @param video   a video before its first frame
    /// @param frames  frames that decode, from [#count]
    /// @param clips   how many clips
    /// @param planner asked once per clip
    /// @param out     receives `[clips][3][T][H][W]`
    /// @param offset  where the first clip starts in `out`
    /// @param values  values of one clip
    /// @return what was decoded
    static Cut cut(VideoFrames video, int frames, int clips, Planner planner, float[] out, int offset, int values)
            throws DamagedVideoException {
        video.next();
        Footage footage = new Footage(frames, video.fps(), video.height(), video.width());
        Plan[] plans = new Plan[clips];
        for (int i = 0; i < clips; i++) {
            plans[i] = planner.plan(i, footage);
        }
        byte[] rgb = frame(footage.height() * footage.width() * ClipShape.CHANNELS);
        int[] done = new int[clips]; // frames of each clip already written
        long nanos = 0;
        while (true) {
            int wanted = nextWanted(plans, done);
            if (wanted < 0) {
                return new Cut(footage, nanos);
            }
            advance(video, wanted);
            video.rgb(rgb);
            long start = System.nanoTime();
            for (int i = 0; i < clips; i++) {
                int[] indices = plans[i].indices();
                byte[] seen = done[i] < indices.length && indices[done[i]] == wanted
                        ? plans[i].frames().apply(rgb, footage.height(), footage.width())
                        : rgb;
                for (; done[i] < indices.length && indices[done[i]] == wanted; done[i]++) {
                    plans[i].transform().apply(seen, done[i], out, offset + i * values);
                }
            }
            nanos += System.nanoTime() - start;
        }
    }

    /// The earliest source frame that some clip still lacks, or -1.
    private static int nextWanted(Plan[] plans, int[] done) {
        int wanted = -1;
        for (int i = 0; i < plans.length; i++) {
            int[] indices = plans[i].indices();
            if (done[i] < indices.length && (wanted < 0 || indices[done[i]] < wanted)) {
                wanted = indices[done[i]];
            }
        }
        return wanted;
    }

    private static void advance(VideoFrames video, int wanted) throws DamagedVideoException {
        while (video.decoded() <= wanted) {
            stopIfInterrupted();
            if (!video.next()) { // it had this frame when it was counted: the video has changed since
                throw new DamagedVideoException(DamageReason.UNREADABLE, video.source());
            }
        }
    }

    /// Closing the loader interrupts its workers; decoding does not notice by itself.
    private static void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("decoding was stopped");
        }
    }
}
