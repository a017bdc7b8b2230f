package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.ByteSource;

/// Lists the videos of a folder, and the archives in it.
final class VideoFolder {

    /// Suffixes of files that lie beside videos and are not meant to be one. Every other file is taken for a video,
    /// whatever its suffix, so that a wrong one is reported rather than silently missing. Pictures stay: each is a
    /// video of one frame.
    private static final Set<String> SIDE_FILES = Set.of("csv", "tsv", "txt", "json", "jsonl", "yaml", "yml", "xml",
            "md", "html", "pdf", "log", "srt", "vtt", "sh", "py", "md5", "sha256", "safetensors", "pth", "npy", "pkl");

    /// Files that are not opened to see whether they are archives: a data set has hundreds of thousands of them.
    private static final Set<String> VIDEO_FILES = Set.of("mp4", "avi", "webm", "mkv", "mov", "m4v", "flv", "gif");

    /// What a folder holds.
    record Listing(List<Video> videos, List<Path> archives) {
    }

    private VideoFolder() {}

    static Listing list(Path root) {
        Listing listing = new Listing(new ArrayList<>(), new ArrayList<>());
        try {
            // Data sets are often folders of links.
            Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE,
                    new Visitor(root, listing));
        } catch (IOException e) {
            throw new VideoException("cannot list " + root + ": " + e.getMessage(), e);
        }
        return listing;
    }

    /// Whether a file of this path is taken for a video, be it a good one or not.
    static boolean candidate(String path) {
        String name = Video.baseName(path);
        return !name.startsWith(".") && !SIDE_FILES.contains(suffix(name));
    }

    /// A name with '/' between its parts on every system.
    static String name(Path relative) {
        return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
    }

    private static String suffix(String name) {
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {

        private final Path root;
        private final Listing listing;

        Visitor(Path root, Listing listing) {
            this.root = root;
            this.listing = listing;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean skip = !folder.equals(root) && hidden(folder);
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // Pipes and devices are not videos; a dangling link is a missing one.
            String name = name(root.relativize(file));
            if ((attributes.isRegularFile() || attributes.isSymbolicLink()) && candidate(name)) {
                if (attributes.isRegularFile() && !VIDEO_FILES.contains(suffix(name)) && archive(file)) {
                    listing.archives().add(file);
                } else {
                    listing.videos().add(new Video(name, ByteSource.of(file), Video.NO_LABEL));
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
            if (problem instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE; // its files are already listed
            }
            throw problem;
        }

        private static boolean archive(Path file) {
            try {
                return SourceKind.sniff(file).archive();
            } catch (IOException e) {
                return false; // the loader will report the file
            }
        }

        private static boolean hidden(Path file) {
            return file.getFileName().toString().startsWith(".");
        }
    }
}
