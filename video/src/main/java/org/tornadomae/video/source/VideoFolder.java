package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.PathBytes;

/// Lists the videos of a folder, and the archives in it.
final class VideoFolder {

    /// Suffixes of files that lie beside videos and are not meant to be one. Every other file is taken for a video,
    /// whatever its suffix, so that a wrong one is reported rather than silently missing. Pictures stay: each is a
    /// video of one frame.
    private static final Set<String> SIDE_FILES = Set.of("csv", "tsv", "txt", "json", "jsonl", "yaml", "yml", "xml",
            "md", "html", "pdf", "log", "srt", "vtt", "sh", "py", "md5", "sha256", "safetensors", "pth", "npy", "pkl",
            "db");

    /// Files that are not opened to see whether they are archives: a data set has hundreds of thousands of them.
    private static final Set<String> VIDEO_FILES = Set.of("mp4", "avi", "webm", "mkv", "mov", "m4v", "flv", "gif");

    private static final Set<String> UNFINISHED =
            Set.of("part", "partial", "crdownload", "download", "aria2", "ytdl", "tmp");

    /// What a folder holds.
    ///
    /// @param notes what of it is not used, a line each
    record Listing(List<Video> videos, List<Path> archives, List<String> notes) {
    }

    private VideoFolder() {}

    static Listing list(Path root) {
        Visitor visitor = new Visitor(root);
        try {
            // Data sets are often folders of links.
            Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        } catch (IOException e) {
            throw new VideoException("cannot list " + PathBytes.text(root) + ": " + words(e), e);
        }
        return visitor.listing();
    }

    /// Whether a file of this path is taken for a video, be it a good one or not.
    static boolean candidate(String path) {
        String name = Video.baseName(path);
        return !name.startsWith(".") && !SIDE_FILES.contains(suffix(name)) && !unfinished(name);
    }

    /// Whether this is the name that a download has until it is complete.
    static boolean unfinished(String path) {
        return UNFINISHED.contains(suffix(path));
    }

    static String suffix(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static String words(IOException problem) {
        return problem instanceof AccessDeniedException ? "permission denied" : problem.toString();
    }

    /// Collects what a walk meets.
    static final class Visitor extends SimpleFileVisitor<Path> {

        private final Path root;
        private final List<Video> videos = new ArrayList<>();
        private final List<Path> archives = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final Map<Path, List<Path>> pictures = new HashMap<>(); // by folder, until it is left
        private final Set<String> stems = new HashSet<>(); // of videos in files
        private final List<String> unfinished = new ArrayList<>();
        private final List<String> thumbnails = new ArrayList<>();

        Visitor(Path root) {
            this.root = root;
        }

        Listing listing() {
            note(unfinished, "unfinished downloads");
            note(thumbnails, "thumbnails of videos");
            return new Listing(videos, archives, notes);
        }

        private void note(List<String> names, String what) {
            if (!names.isEmpty()) {
                notes.add(names.size() + " " + what + " left out, such as " + names.getFirst());
            }
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean skip = !folder.equals(root) && folder.getFileName().toString().startsWith(".");
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // Pipes and devices are not videos; a dangling link is a missing one.
            if (attributes.isRegularFile() || attributes.isSymbolicLink()) {
                String name = name(file);
                if (unfinished(name)) {
                    unfinished.add(name);
                } else if (candidate(name)) {
                    add(file, name, attributes.isRegularFile());
                }
            }
            return FileVisitResult.CONTINUE;
        }

        private void add(Path file, String name, boolean regular) {
            if (FrameFolder.picture(name)) {
                pictures.computeIfAbsent(file.getParent(), _ -> new ArrayList<>()).add(file);
            } else if (regular && !VIDEO_FILES.contains(suffix(name)) && archive(file)) {
                archives.add(file);
            } else {
                videos.add(new Video(name, ByteSource.of(file), Video.NO_LABEL));
                stems.add(stem(name));
            }
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException problem) throws IOException {
            List<Path> here = pictures.getOrDefault(folder, List.of());
            pictures.remove(folder);
            List<String> names = here.stream().map(file -> PathBytes.text(file.getFileName())).toList();
            if (FrameFolder.sequence(names)) {
                Path place = folder.equals(root) ? folder.toAbsolutePath().normalize() : folder;
                String name = folder.equals(root) ? PathBytes.text(place.getFileName()) : name(folder);
                videos.add(new Video(name, new FrameFolder(place), Video.NO_LABEL));
            } else {
                here.forEach(this::picture);
            }
            return problem == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, problem);
        }

        private void picture(Path file) {
            String name = name(file);
            if (stems.contains(stem(name))) { // all files of its folder have been visited
                thumbnails.add(name);
            } else {
                videos.add(new Video(name, ByteSource.of(file), Video.NO_LABEL));
            }
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
            if (file.equals(root)) {
                throw problem;
            }
            if (!(problem instanceof FileSystemLoopException)) { // a loop's files are already listed
                notes.add(PathBytes.text(file) + " left out: " + words(problem));
            }
            return FileVisitResult.CONTINUE;
        }

        private String name(Path file) {
            return PathBytes.text(root.relativize(file));
        }

        private static String stem(String name) {
            String suffix = suffix(name);
            return suffix.isEmpty() ? name : name.substring(0, name.length() - suffix.length() - 1);
        }

        private static boolean archive(Path file) {
            try {
                return SourceKind.sniff(file).archive();
            } catch (IOException e) {
                return false; // the loader will report the file
            }
        }
    }
}
