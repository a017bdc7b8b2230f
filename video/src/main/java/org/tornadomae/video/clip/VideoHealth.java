package org.tornadomae.video.clip;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedVideoException;
import org.tornadomae.video.codec.VideoFrames;
import org.tornadomae.video.source.VideoList;

/// What decoding has shown of the videos: how many frames they have, which are damaged. Any worker would find out the
/// same, so remembering it saves time but changes no batch.
final class VideoHealth {

    /// Does something with a video, before its first frame, of a known number of frames.
    @FunctionalInterface
    interface Use {
        void accept(VideoFrames video, int frames) throws DamagedVideoException;
    }

    private final VideoList videos;
    private final Meter meter;
    private final AtomicIntegerArray frames; // VideoList.UNKNOWN when not yet counted
    private final ConcurrentSkipListMap<Integer, DamageReason> damaged = new ConcurrentSkipListMap<>();

    VideoHealth(VideoList videos, Meter meter) {
        this.videos = videos;
        this.meter = meter;
        this.frames = new AtomicIntegerArray(IntStream.range(0, videos.size()).map(videos::frames).toArray());
    }

    /// Uses a video; false when it is damaged, now or before.
    boolean use(int video, Use use) {
        if (damaged.containsKey(video)) {
            return false;
        }
        try {
            if (frames.get(video) == VideoList.UNKNOWN) {
                with(video, decoder -> frames.set(video, ClipCutter.count(decoder)));
            }
            with(video, decoder -> use.accept(decoder, frames.get(video)));
            return true;
        } catch (DamagedVideoException e) {
            damaged.put(video, e.reason());
            return false;
        }
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

    /// @throws VideoException when every video has proved damaged
    void requireUsable() {
        if (damaged.size() < videos.size()) {
            return;
        }
        Map<DamageReason, Long> counts = damaged.values().stream()
                .collect(Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
        String reasons = counts.entrySet().stream().map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
        throw new VideoException("none of the " + videos.size() + " videos in " + videos.source() + " can be used: "
                + reasons);
    }

    List<SkippedVideo> skipped() {
        return damaged.entrySet().stream()
                .map(entry -> new SkippedVideo(entry.getKey(), videos.bytes(entry.getKey()).toString(),
                        entry.getValue()))
                .toList();
    }
}
