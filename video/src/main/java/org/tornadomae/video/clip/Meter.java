package org.tornadomae.video.clip;

import java.util.concurrent.atomic.LongAdder;
import org.tornadomae.video.codec.VideoFrames;

/// Counts what workers do and how long it takes them.
final class Meter {

    private final long start = System.nanoTime();
    private final LongAdder clips = new LongAdder();
    private final LongAdder frames = new LongAdder();
    private final LongAdder busy = new LongAdder();
    private final LongAdder read = new LongAdder();
    private final LongAdder augment = new LongAdder();

    /// Adds what was done with a video: `nanos` in all, reading included.
    void video(VideoFrames video, long nanos) {
        frames.add(video.decoded());
        busy.add(nanos);
        read.add(video.readNanos());
    }

    /// Adds clips, and how much of the time in [#video] it took to transform them.
    void clips(int count, long augmentNanos) {
        clips.add(count);
        augment.add(augmentNanos);
    }

    LoaderReport report(long waitedNanos) {
        double reading = seconds(read.sum());
        double augmenting = seconds(augment.sum());
        return new LoaderReport(seconds(System.nanoTime() - start), clips.sum(), frames.sum(), seconds(waitedNanos),
                reading, Math.max(0, seconds(busy.sum()) - reading - augmenting), augmenting);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
