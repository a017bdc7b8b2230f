package org.tornadomae.video;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedClipException;

/**
 * What decoding has taught about the videos: how many frames they have, which are damaged. It is a memory of facts
 * that any worker would find again, so it saves time but changes no batch.
 */
final class VideoFacts {

    /** Does something with a video of a known number of frames. */
    @FunctionalInterface
    interface Use {
        void accept(Path path, int frames) throws DamagedClipException;
    }

    private final VideoList videos;
    private final AtomicIntegerArray frames; // 0 when not yet counted
    private final ConcurrentSkipListMap<Integer, DamageReason> damaged = new ConcurrentSkipListMap<>();

    VideoFacts(VideoList videos) {
        this.videos = videos;
        this.frames = new AtomicIntegerArray(videos.size());
    }

    /** Uses a video; false when it is damaged, now or before. */
    boolean use(int video, Use use) {
        if (damaged.containsKey(video)) {
            return false;
        }
        Path path = videos.path(video);
        try {
            if (frames.get(video) == 0) {
                frames.set(video, ClipCutter.count(path));
            }
            use.accept(path, frames.get(video));
            return true;
        } catch (DamagedClipException e) {
            damaged.put(video, e.reason());
            return false;
        }
    }

    /** @throws ClipException when every video has proved damaged */
    void requireUsable() {
        if (damaged.size() < videos.size()) {
            return;
        }
        Map<DamageReason, Long> counts = damaged.values().stream()
                .collect(Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
        String reasons = counts.entrySet().stream().map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
        throw new ClipException("none of the " + videos.size() + " videos in " + videos.source() + " can be used: "
                + reasons);
    }

    List<SkippedVideo> skipped() {
        return damaged.entrySet().stream()
                .map(entry -> new SkippedVideo(entry.getKey(), videos.path(entry.getKey()), entry.getValue()))
                .toList();
    }
}
