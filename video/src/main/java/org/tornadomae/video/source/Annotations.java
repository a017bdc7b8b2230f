package org.tornadomae.video.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tornadomae.video.VideoException;

/// Finds the videos that lists name among those of other sources.
final class Annotations {

    private final List<Video> videos;
    private final NameIndex index;
    private final String lists;
    private final Map<Video, Video> rows = new HashMap<>(); // that each video is named by

    /// @param lists where the rows come from, for messages
    Annotations(List<Video> videos, String lists) {
        this.videos = videos;
        this.index = new NameIndex(videos);
        this.lists = lists;
    }

    /// The videos that rows name, labelled.
    ///
    /// @param named without rows that say the same again, see [#distinct]
    /// @throws VideoException when a row may mean several videos, or rows contradict each other
    List<Video> labelled(List<Video> named) {
        for (Video row : named) {
            Video video = index.find(row.name(), "'" + row.name() + "' in " + lists);
            if (video != null) {
                claim(video, row);
            }
        }
        return videos.stream().filter(rows::containsKey).map(video -> video.labelled(rows.get(video).label()))
                .toList();
    }

    /// Rows without those that say the same again.
    ///
    /// @param lists where they come from, for messages
    /// @throws VideoException when rows contradict each other
    static List<Video> distinct(List<Video> named, String lists) {
        Map<String, Video> byPlace = new HashMap<>();
        List<Video> distinct = new ArrayList<>();
        for (Video row : named) {
            Video before = byPlace.putIfAbsent(row.bytes().toString(), row);
            if (before == null) {
                distinct.add(row);
            } else if (before.label() != row.label()) {
                throw contradiction(lists, before, row, row);
            }
        }
        return distinct;
    }

    /// Of two rows the one that shares more of the path means the video; the other's is missing.
    private void claim(Video video, Video row) {
        Video before = rows.putIfAbsent(video, row);
        if (before != null) {
            int shared = NameIndex.common(before.name(), video.name());
            int more = NameIndex.common(row.name(), video.name());
            if (shared == more && before.label() != row.label()) {
                throw contradiction(lists, before, row, video);
            }
            rows.put(video, more > shared ? row : before);
        }
    }

    private static VideoException contradiction(String lists, Video one, Video other, Video video) {
        return new VideoException(lists + ": '" + one.name() + "' with label " + one.label() + " and '" + other.name()
                + "' with label " + other.label() + " both mean " + video.bytes());
    }

    /// How many rows name no video, after [#labelled].
    int missing(List<Video> named) {
        Set<Video> used = new HashSet<>(rows.values());
        return (int) named.stream().filter(row -> !used.contains(row)).count();
    }
}
