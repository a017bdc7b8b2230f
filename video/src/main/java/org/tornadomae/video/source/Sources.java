package org.tornadomae.video.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tornadomae.video.VideoException;

/// Puts a data set together from folders, archives and lists.
///
/// Sources count in the order given. A folder counts as its own videos, then the archives in it by name, those whose
/// name begins with "replacement" last. A video replaces those of the same base name in the sources before its own, so
/// that replacement archives mend what came before. A list among other sources selects videos of those by base name,
/// and labels them; lists alone name files or, in Kinetics' own format, videos in the list's folder.
public final class Sources {

    private final Path indexFolder;
    private final IndexProgress indexing;
    private final List<Source> sources = new ArrayList<>();
    private final List<Path> lists = new ArrayList<>();
    private final Map<Path, Map<ArchiveDefect, Integer>> defects = new TreeMap<>();
    private int replaced;

    /// A data set.
    ///
    /// @param videos in [Video#ORDER]
    /// @param report what was left out
    public record Found(List<Video> videos, SourceReport report) {
    }

    /// Videos in files, or an archive still to be opened.
    private record Source(List<Video> videos, Path archive) {
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
        return paths.stream().map(Path::toString).collect(Collectors.joining(","));
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
        addArchives(listing.archives().stream().sorted(Comparator.comparing(Sources::replacement)
                .thenComparing(path -> path.getFileName().toString()).thenComparing(Path::toString)).toList());
    }

    private void addArchives(List<Path> paths) {
        paths.forEach(path -> sources.add(new Source(List.of(), path)));
    }

    private static boolean replacement(Path archive) {
        return archive.getFileName().toString().toLowerCase(Locale.ROOT).startsWith("replacement");
    }

    /// The videos of each source. Indexing reads a gzipped archive from end to end, so several are read at once.
    private List<List<Video>> open() {
        List<Path> paths = sources.stream().map(Source::archive).filter(Objects::nonNull).toList();
        IndexProgress.Total total = new IndexProgress.Total(indexing, Archive.unindexedBytes(paths, indexFolder));
        Map<Path, Archive> archives = paths.parallelStream().distinct()
                .collect(Collectors.toMap(path -> path, path -> Archive.open(path, indexFolder, total)));
        archives.forEach((path, archive) -> {
            if (!archive.index().defects().isEmpty()) {
                defects.put(path, archive.index().defects());
            }
        });
        return sources.stream().map(source -> source.archive() == null
                ? source.videos()
                : archives.get(source.archive()).videos()).toList();
    }

    private Found all() {
        return found(merged().values().stream().flatMap(List::stream).toList(), 0, 0);
    }

    /// The videos of all sources by base name; a later source's replace those of the earlier ones.
    private Map<String, List<Video>> merged() {
        Map<String, List<Video>> merged = new LinkedHashMap<>();
        for (List<Video> source : open()) {
            Map<String, List<Video>> newer = source.stream().collect(Collectors.groupingBy(Video::baseName));
            newer.forEach((name, videos) -> {
                List<Video> older = merged.put(name, videos);
                replaced += older == null ? 0 : older.size();
            });
        }
        return merged;
    }

    private Found listed() {
        List<VideoCsv> read = lists.stream().map(VideoCsv::read).toList();
        Map<String, Integer> classes = VideoCsv.classes(read);
        List<Video> rows = read.stream().flatMap(list -> list.videos(classes).stream()).toList();
        if (sources.isEmpty() && read.stream().noneMatch(VideoCsv::kinetics)) {
            return found(rows, 0, 0);
        }
        if (sources.isEmpty()) {
            for (Path folder : new HashSet<>(read.stream().map(VideoCsv::folder).toList())) {
                addFolder(folder);
            }
        }
        return matched(rows);
    }

    private Found matched(List<Video> rows) {
        Map<String, List<Video>> merged = merged();
        Set<String> named = new HashSet<>();
        List<Video> videos = new ArrayList<>();
        int missing = 0;
        for (Video row : rows) {
            if (named.add(row.baseName())) {
                List<Video> matches = merged.getOrDefault(row.baseName(), List.of());
                matches.forEach(video -> videos.add(video.labelled(row.label())));
                missing += matches.isEmpty() ? 1 : 0;
            }
        }
        int all = merged.values().stream().mapToInt(List::size).sum();
        if (videos.isEmpty() && all > 0 && !rows.isEmpty()) {
            throw new VideoException("none of the " + all + " videos is named in " + words(lists)
                    + ", whose first name is " + rows.getFirst().baseName() + ": is it the list of other data?");
        }
        return found(videos, missing, all - videos.size());
    }

    private Found found(List<Video> videos, int missing, int notAnnotated) {
        return new Found(videos.stream().sorted(Video.ORDER).toList(),
                new SourceReport(defects, replaced, missing, notAnnotated));
    }
}
