package org.tornadomae.video;

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
import org.tornadomae.video.VideoList.Video;

/** Lists the videos of a folder. */
final class VideoFolder {

    /**
     * What lies beside videos and is no attempt at one. Every other file is taken for a video, whatever its suffix, so
     * that a wrong one is reported rather than silently missing. Pictures stay: each is a video of one frame.
     */
    private static final Set<String> SIDE_FILES = Set.of("csv", "tsv", "txt", "json", "jsonl", "yaml", "yml", "xml",
            "md", "html", "pdf", "log", "srt", "vtt", "sh", "py", "md5", "sha256", "safetensors", "pth", "npy", "pkl");

    private VideoFolder() {
    }

    static List<Video> list(Path root) {
        List<Video> videos = new ArrayList<>();
        try {
            // Data sets are often folders of links.
            Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE,
                    new Visitor(root, videos));
        } catch (IOException e) {
            throw new ClipException("cannot list " + root + ": " + e.getMessage(), e);
        }
        return videos;
    }

    /** A name with '/' between its parts on every system. */
    static String name(Path relative) {
        return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
    }

    private static boolean sideFile(String name) {
        int dot = name.lastIndexOf('.');
        return dot >= 0 && SIDE_FILES.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {

        private final Path root;
        private final List<Video> videos;

        Visitor(Path root, List<Video> videos) {
            this.root = root;
            this.videos = videos;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean skip = !folder.equals(root) && hidden(folder);
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // Pipes and devices are no videos; a link that leads nowhere is one that is missing.
            boolean candidate = attributes.isRegularFile() || attributes.isSymbolicLink();
            if (candidate && !hidden(file) && !sideFile(file.getFileName().toString())) {
                videos.add(new Video(name(root.relativize(file)), file, VideoList.NO_LABEL));
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

        private static boolean hidden(Path file) {
            return file.getFileName().toString().startsWith(".");
        }
    }
}
