package org.tornadomae.video;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.tornadomae.video.VideoList.Video;

/**
 * Reads an official list: {@code path label} on each line, separated by the last comma or, without a comma, by the
 * last space. The label may be absent. Relative paths start at the csv's folder.
 */
final class VideoCsv {

    private static final Pattern LABEL = Pattern.compile("\\d{1,9}");
    private static final String EXPECTED = "expected 'path label' with a whole number as label, or a path alone";

    private final Path csv;
    private final Path folder;

    private VideoCsv(Path csv) {
        this.csv = csv;
        this.folder = csv.toAbsolutePath().normalize().getParent();
    }

    static List<Video> read(Path csv) {
        List<String> lines;
        try {
            lines = Files.readAllLines(csv);
        } catch (CharacterCodingException e) {
            throw new ClipException(csv + " is neither a folder of videos nor a csv list (it is not UTF-8 text)", e);
        } catch (IOException e) {
            throw new ClipException("cannot read " + csv + ": " + e.getMessage(), e);
        }
        VideoCsv reader = new VideoCsv(csv);
        List<Video> videos = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String row = lines.get(i).strip();
            if (!row.isEmpty()) {
                videos.add(reader.row(row, i + 1));
            }
        }
        return videos;
    }

    private Video row(String row, int line) {
        int comma = row.lastIndexOf(',');
        int cut = comma >= 0 ? comma : Math.max(row.lastIndexOf(' '), row.lastIndexOf('\t'));
        String tail = row.substring(cut + 1).strip();
        String head = row.substring(0, Math.max(cut, 0)).strip();
        if (LABEL.matcher(tail).matches()) {
            if (head.isEmpty()) {
                throw broken(line, row, "the path is missing");
            }
            return video(head, Integer.parseInt(tail), row, line);
        }
        Video alone = video(row, VideoList.NO_LABEL, row, line);
        // A path may itself contain spaces; only the file system can tell.
        if (cut >= 0 && !Files.exists(alone.path())) {
            throw broken(line, row, "'" + tail + "' is no label");
        }
        return alone;
    }

    private Video video(String text, int label, String row, int line) {
        try {
            Path path = folder.resolve(text).normalize();
            // An absolute path inside the folder is the same video as the relative one.
            boolean relative = path.startsWith(folder) || !Path.of(text).isAbsolute();
            String name = VideoFolder.name(relative ? folder.relativize(path) : path);
            return new Video(name, path, label);
        } catch (InvalidPathException e) {
            throw broken(line, row, "not a path");
        }
    }

    private ClipException broken(int line, String row, String why) {
        return new ClipException(csv + ":" + line + ": broken row '" + row + "': " + why + "; " + EXPECTED);
    }
}
