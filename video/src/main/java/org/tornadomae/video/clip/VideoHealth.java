package org.tornadomae.video.clip;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedVideoException;
import org.tornadomae.video.codec.VideoFrames;
import org.tornadomae.video.source.VideoList;

/// What decoding has shown of the videos: how many frames they have, which are damaged. Any worker would find out the
/// same, so remembering it saves time but changes no batch. Reasons that may pass are tried again before a video counts
/// as damaged: otherwise a short fault of a disk would change every batch after it.
final class VideoHealth {

    private static final int TELLING = 1000; // videos tried, after which the share of damaged ones says something
    private static final int SHARE = 20; // one usable video in so many is too few

    /// Does something with a video, before its first frame, of a known number of frames.
    @FunctionalInterface
    interface Use {
        void accept(VideoFrames video, int frames) throws DamagedVideoException;
    }

    private final VideoList videos;
    private final Meter meter;
    private final Consumer<SkippedVideo> onSkip;
    private final Patience patience = new Patience();
    private final AtomicIntegerArray frames; // VideoList.UNKNOWN when not yet counted
    private final AtomicIntegerArray met; // 1 for a video that proved usable
    private final AtomicInteger usable = new AtomicInteger(); // how many of those
    private final AtomicInteger lost = new AtomicInteger(); // size of the map, which would count each time
    private final ConcurrentSkipListMap<Integer, DamageReason> damaged = new ConcurrentSkipListMap<>();

    /// @param onSkip is told at once of each damaged video, from any thread
    VideoHealth(VideoList videos, Meter meter, Consumer<SkippedVideo> onSkip) {
        this.videos = videos;
        this.meter = meter;
        this.onSkip = onSkip;
        this.met = new AtomicIntegerArray(videos.size());
        this.frames = new AtomicIntegerArray(IntStream.range(0, videos.size()).map(videos::frames).toArray());
    }

    /// Uses a video; false when it is damaged, now or before.
    boolean use(int video, Use use) {
        for (int failures = 0; !damaged.containsKey(video); failures++) {
            try {
                tryTo(video, use);
                return true;
            } catch (DamagedVideoException e) {
                boolean known = frames.get(video) != VideoList.UNKNOWN;
                if (!patience.again(e.reason(), failures, known)) {
                    lose(video, e.reason());
                }
            }
        }
        return false;
    }

    private void tryTo(int video, Use use) throws DamagedVideoException {
        if (frames.get(video) == VideoList.UNKNOWN) {
            with(video, decoder -> frames.set(video, ClipCutter.count(decoder)));
        }
        with(video, decoder -> use.accept(decoder, frames.get(video)));
        usable.addAndGet(met.compareAndSet(video, 0, 1) ? 1 : 0);
    }

    private void lose(int video, DamageReason reason) {
        if (damaged.putIfAbsent(video, reason) == null) {
            lost.incrementAndGet();
            onSkip.accept(skipped(video, reason));
        }
    }

    private SkippedVideo skipped(int video, DamageReason reason) {
        return new SkippedVideo(video, videos.bytes(video).toString(), reason);
    }

    /// Does something with an open video.
    @FunctionalInterface
    private interface Step {
        void accept(VideoFrames decoder) throws DamagedVideoException;
    }

    private void with(int video, Step step) throws DamagedVideoException {
        long start = System.nanoTime();
        try (VideoFrames decoder = videos.open(video)) {
            step.accept(decoder);
            meter.video(decoder, System.nanoTime() - start);
        }
    }

    /// @throws VideoException when every video has proved damaged, or nearly every one of many
    void requireUsable() {
        int bad = lost.get();
        int good = usable.get();
        boolean all = bad >= videos.size();
        if (!all && (bad < TELLING || (long) good * SHARE > bad)) {
            return;
        }
        Map<DamageReason, Long> counts = damaged.values().stream()
                .collect(Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
        String reasons = counts.entrySet().stream().map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
        throw new VideoException(all
                ? "none of the " + videos.size() + " videos in " + videos.source()
                        + " can be used: " + reasons
                : "only " + good + " of the first " + (good + bad) + " videos tried in " + videos.source()
                        + " can be used: " + reasons + "; 'mae doctor' finds those that can, for --manifest");
    }

    List<SkippedVideo> skipped() {
        return damaged.entrySet().stream().map(entry -> skipped(entry.getKey(), entry.getValue())).toList();
    }
}
