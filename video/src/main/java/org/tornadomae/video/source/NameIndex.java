package org.tornadomae.video.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tornadomae.video.VideoException;

/// Finds videos by name. A name is a path within some source, and sources begin their paths at different folders; so
/// two names are compared from their ends, part by part.
final class NameIndex {

    private final Map<String, List<Video>> byEnd = new HashMap<>(); // every end of every name

    NameIndex(Collection<Video> videos) {
        videos.forEach(this::add);
    }

    private void add(Video video) {
        String end = video.name();
        while (true) {
            byEnd.computeIfAbsent(end, _ -> new ArrayList<>(1)).add(video);
            int slash = end.indexOf('/');
            if (slash < 0) {
                return;
            }
            end = end.substring(slash + 1);
        }
    }

    /// The video that a name means, or null: the one of this very name, else the one that shares most of its end.
    ///
    /// @param said where it is said, for messages
    /// @throws VideoException when there are several, naming two
    Video find(String name, String said) {
        List<Video> candidates = candidates(name);
        List<Video> exact = candidates.stream().filter(video -> video.name().equals(name)).toList();
        List<Video> best = exact.isEmpty() ? candidates : exact;
        if (best.size() > 1) {
            throw new VideoException(said + " may mean " + best.get(0).bytes() + " or " + best.get(1).bytes()
                    + ": give more of its path, or one of these sources less");
        }
        return best.isEmpty() ? null : best.getFirst();
    }

    private List<Video> candidates(String name) {
        String end = name;
        while (true) {
            List<Video> found = byEnd.getOrDefault(end, List.of()).stream().filter(video -> means(name, video))
                    .toList();
            int slash = end.indexOf('/');
            if (!found.isEmpty() || slash < 0) {
                return found;
            }
            end = end.substring(slash + 1);
        }
    }

    /// In files one path must end with the other: `run/001.mp4` is not `walk/001.mp4`. The folders in an archive are
    /// its maker's, so there the last part is enough.
    private static boolean means(String name, Video video) {
        return video.packed() || common(name, video.name()) == Math.min(parts(name), parts(video.name()));
    }

    /// How many parts two names share at their ends.
    static int common(String one, String other) {
        int common = 0;
        int i = one.length();
        int j = other.length();
        while (i >= 0 && j >= 0) {
            int from = one.lastIndexOf('/', i - 1) + 1;
            int otherFrom = other.lastIndexOf('/', j - 1) + 1;
            if (!one.substring(from, i).equals(other.substring(otherFrom, j))) {
                return common;
            }
            common++;
            i = from - 1;
            j = otherFrom - 1;
        }
        return common;
    }

    private static int parts(String name) {
        return 1 + (int) name.chars().filter(c -> c == '/').count();
    }
}
