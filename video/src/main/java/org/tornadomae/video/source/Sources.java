package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.PathBytes;

/// Puts a data set together from folders, archives and lists.
///
/// What tells a video from others is its source and its path there: two sources may hold videos of the same name, and
/// one that is given twice counts once. Only an archive whose name begins with "replacement", as Kinetics-400 has them,
/// replaces videos of the other sources ([NameIndex] says which). A list among other sources selects videos of those,
/// and labels them; lists alone name files or, in Kinetics' own format, videos in the list's folder.
public final class Sources {

    private final Path indexFolder;
    private final IndexProgress indexing;
    private final List<Source> sources = new ArrayList<>();
    private final List<Path> lists = new ArrayList<>();
    private final Map<Path, Map<ArchiveDefect, Integer>> defects = new TreeMap<>();
    private final Map<Path, Integer> replaced = new TreeMap<>();
    private final Set<Path> given = new HashSet<>(); // archives, with links resolved
    private final List<String> notes = new ArrayList<>();

    /// A data set.
    ///
    /// @param videos in [Video#ORDER]
    /// @param report what was left out
    public record Found(List<Video> videos, SourceReport report) {
    }

    /// Videos in files, or an archive still to be opened.
    private record Source(List<Video> videos, Path archive) {

        boolean replacement() {
            return archive != null && PathBytes.text(archive.getFileName()).toLowerCase(Locale.ROOT)
                    .startsWith("replacement");
        }
    }

    private Sources(Path indexFolder, IndexProgress indexing) {
        this.indexFolder = indexFolder;
        this.indexing = indexing;
    }

    /// Finds videos.
    ///
    /// @param paths       folders, tars, gzipped tars, lists
    /// @param indexFolder where the indexes of gzipped tars are kept
    /// @param indexing    follows the making of indexes
    /// @return at least one video
    /// @throws VideoException when there is none, or something given cannot be used
    public static Found find(List<Path> paths, Path indexFolder, IndexProgress indexing) {
        Sources sources = new Sources(indexFolder, indexing);
        for (Path path : paths) {
            sources.add(path, SourceKind.of(path));
        }
        Found found = sources.lists.isEmpty() ? sources.all() : sources.listed();
        if (found.videos().isEmpty()) {
            throw new VideoException("no videos in " + words(paths) + ": expected videos in folders or tar archives, or"
                    + " a csv with 'path label' on each line"
                    + found.report().lines().stream().map(line -> "; " + line).collect(Collectors.joining()));
        }
        return found;
    }

    private static String words(List<Path> paths) {
        return paths.stream().map(PathBytes::text).collect(Collectors.joining(","));
    }

    private void add(Path path, SourceKind kind) {
        switch (kind) {
            case FOLDER -> addFolder(path);
            case TAR, GZIP -> addArchives(List.of(path));
            case LIST -> lists.add(path);
        }
    }

    private void addFolder(Path folder) {
        VideoFolder.Listing listing = VideoFolder.list(folder);
        sources.add(new Source(listing.videos(), null));
        notes.addAll(listing.notes());
        addArchives(listing.archives().stream().sorted(
                Comparator.comparing((Path path) -> PathBytes.text(path.getFileName())).thenComparing(PathBytes::text))
                .toList());
    }

    private void addArchives(List<Path> paths) {
        for (Path path : paths) {
            try {
                if (given.add(path.toRealPath())) {
                    sources.add(new Source(List.of(), path));
                }
            } catch (IOException e) {
                throw new VideoException("cannot read " + PathBytes.text(path) + ": " + e.getMessage(), e);
            }
        }
    }

    /// The videos of each source. Indexing reads a gzipped archive from end to end, so several are read at once.
    private Map<Source, List<Video>> open() {
        List<Path> paths = sources.stream().map(Source::archive).filter(Objects::nonNull).toList();
        IndexProgress.Total total = new IndexProgress.Total(indexing, Archive.unindexedBytes(paths, indexFolder));
        Map<Path, Archive> archives = paths.parallelStream()
                .collect(Collectors.toMap(path -> path, path -> Archive.open(path, indexFolder, total)));
        archives.forEach((path, archive) -> {
            if (!archive.index().defects().isEmpty()) {
                defects.put(path, archive.index().defects());
            }
        });
        Map<Source, List<Video>> videos = new IdentityHashMap<>();
        sources.forEach(source -> videos.put(source, source.archive() == null
                ? source.videos()
                : archives.get(source.archive()).videos()));
        return videos;
    }

    private Found all() {
        return found(merged(), 0, 0);
    }

    /// The videos of all sources, those of replacement archives instead of what they replace.
    private List<Video> merged() {
        Map<Source, List<Video>> opened = open();
        Map<Object, Video> merged = new LinkedHashMap<>(); // by place: folders may overlap
        sources.stream().filter(source -> !source.replacement())
                .forEach(source -> opened.get(source).forEach(video -> merged.putIfAbsent(video.place(), video)));
        sources.stream().filter(Source::replacement).forEach(source -> replace(merged, source, opened.get(source)));
        return List.copyOf(merged.values());
    }

    private void replace(Map<Object, Video> merged, Source source, List<Video> copies) {
        NameIndex index = new NameIndex(merged.values());
        Set<Object> old = new HashSet<>();
        for (Video copy : copies) {
            Video video = index.find(copy.baseName(), "the replacement " + copy.bytes());
            if (video != null) {
                old.add(video.place());
            }
        }
        merged.keySet().removeAll(old);
        copies.forEach(copy -> merged.put(copy.place(), copy));
        replaced.put(source.archive(), old.size());
    }

    private Found listed() {
        List<VideoCsv> read = lists.stream().map(VideoCsv::read).toList();
        Map<String, Integer> classes = VideoCsv.classes(read);
        List<Video> rows = read.stream().flatMap(list -> list.videos(classes).stream()).toList();
        long unlabelled = rows.stream().filter(row -> row.label() == Video.NO_LABEL).count();
        if (unlabelled > 0) {
            notes.add(String.format(Locale.ROOT, "%d of %d rows in %s have no label", unlabelled, rows.size(),
                    words(lists)));
        }
        if (sources.isEmpty() && read.stream().noneMatch(VideoCsv::kinetics)) {
            return found(Annotations.distinct(rows, words(lists)), 0, 0);
        }
        if (sources.isEmpty()) {
            for (Path folder : new LinkedHashSet<>(read.stream().map(VideoCsv::folder).toList())) {
                addFolder(folder);
            }
        }
        return matched(rows);
    }

    private Found matched(List<Video> rows) {
        List<Video> all = merged();
        Annotations annotations = new Annotations(all, words(lists));
        List<Video> named = Annotations.distinct(rows, words(lists));
        List<Video> videos = annotations.labelled(named);
        if (videos.isEmpty() && !all.isEmpty() && !rows.isEmpty()) {
            throw new VideoException("none of the " + all.size() + " videos is named in " + words(lists)
                    + ", whose first name is " + rows.getFirst().name() + ": is it the list of other data?");
        }
        return found(videos, annotations.missing(named), all.size() - videos.size());
    }

    private Found found(List<Video> videos, int missing, int notAnnotated) {
        return new Found(videos.stream().sorted(Video.ORDER).toList(),
                new SourceReport(defects, replaced, missing, notAnnotated, notes));
    }
}
