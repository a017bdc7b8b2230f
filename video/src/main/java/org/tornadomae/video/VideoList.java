package org.tornadomae.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * The videos to train on, in an order that depends on their names alone: a video's index is the same on every machine,
 * and the same from a folder as from a csv list of that folder.
 *
 * <p>Nothing is opened here; whether a file is a usable video shows when it is decoded.
 */
public final class VideoList {

    /** Label of a video that has none. */
    public static final int NO_LABEL = -1;

    /**
     * One video.
     *
     * @param name path relative to the folder or to the csv's folder, with '/' between names; absolute when elsewhere
     * @param path where to open it
     * @param label class of the video, or {@link #NO_LABEL}
     */
    record Video(String name, Path path, int label) {
    }

    private final Path source;
    private final List<Video> videos;

    private VideoList(Path source, List<Video> videos) {
        this.source = source;
        this.videos = videos.stream().sorted(Comparator.comparing(Video::name)).toList();
    }

    /**
     * Lists a folder (recursively, without hidden files and side files such as notes and tables) or reads an official
     * csv list ({@code path label} per line).
     *
     * @param source folder or csv file
     * @return at least one video
     * @throws ClipException when there is no such file, the folder holds no videos or a row is broken
     */
    public static VideoList of(Path source) {
        if (!Files.exists(source)) {
            throw new ClipException("no such file or folder: " + source);
        }
        List<Video> videos = Files.isDirectory(source) ? VideoFolder.list(source) : VideoCsv.read(source);
        if (videos.isEmpty()) {
            throw new ClipException("no videos in " + source
                    + ": expected a folder of video files or a csv with 'path label' on each line");
        }
        return new VideoList(source, videos);
    }

    /** Where the list came from, as given. */
    public Path source() {
        return source;
    }

    /** Number of videos, at least 1. */
    public int size() {
        return videos.size();
    }

    /** Where to open video {@code index}. */
    public Path path(int index) {
        return videos.get(index).path();
    }

    /** Name of video {@code index}: its path relative to the folder or to the csv's folder. */
    public String name(int index) {
        return videos.get(index).name();
    }

    /** Class of video {@code index}, or {@link #NO_LABEL}. */
    public int label(int index) {
        return videos.get(index).label();
    }

    /**
     * Identifies the data set: SHA-256 over the sorted names and the file sizes (-1 for a missing file). It asks the
     * file system for every size, so callers keep the answer.
     *
     * @return 64 hexadecimal digits
     */
    public String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Video video : videos) {
                byte[] name = video.name().getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, name.length));
                digest.update(name);
                digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, bytes(video.path())));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static long bytes(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return -1; // the loader will report the file; the fingerprint says that it was not there
        }
    }
}
