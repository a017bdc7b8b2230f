package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.ByteSource;

/// An official list, in one of two formats.
///
/// `path label` on each line, separated by the last comma or, without a comma, by the last space. The label may
/// be absent. Relative paths start at the csv's folder.
///
/// Kinetics' own, with a header line: `label,youtube_id,time_start,time_end,split`. It names no files but clips;
/// the file of one is `<youtube_id>_<start>_<end>.mp4` with six digits each. Labels are words, and are numbered in
/// alphabetical order.
final class VideoCsv {

    private static final Pattern LABEL = Pattern.compile("\\d{1,9}");
    private static final String EXPECTED = "expected 'path label' with a whole number as label, or a path alone";
    private static final String KINETICS = "expected label,youtube_id,time_start,time_end,split with whole seconds";
    private static final String ID = "youtube_id";

    private final Path csv;
    private final Path folder;
    private final Map<String, Integer> columns = new HashMap<>(); // of Kinetics' format; else empty
    private final List<Row> rows = new ArrayList<>();

    /// A video, with its label or the name of its class if it has one.
    private record Row(Video video, String words) {
    }

    private VideoCsv(Path csv) {
        this.csv = csv;
        this.folder = csv.toAbsolutePath().normalize().getParent();
    }

    static VideoCsv read(Path csv) {
        List<String> lines;
        try {
            lines = Files.readAllLines(csv);
        } catch (CharacterCodingException e) {
            throw new VideoException(csv + " is neither a folder of videos, a tar archive nor a csv list"
                    + "; for a single video give its folder", e);
        } catch (IOException e) {
            throw new VideoException("cannot read " + csv + ": " + e.getMessage(), e);
        }
        VideoCsv list = new VideoCsv(csv);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (i == 0 && line.contains(ID)) {
                list.header(line);
            } else if (!line.isEmpty()) {
                list.rows.add(list.kinetics() ? list.clip(line, i + 1) : new Row(list.row(line, i + 1), null));
            }
        }
        return list;
    }

    /// Numbers the classes that the lists name, in alphabetical order.
    static Map<String, Integer> classes(List<VideoCsv> lists) {
        TreeSet<String> words = new TreeSet<>();
        lists.forEach(list -> list.rows.stream().filter(row -> row.words() != null).map(Row::words)
                .forEach(words::add));
        Map<String, Integer> classes = new HashMap<>();
        words.forEach(word -> classes.put(word, classes.size()));
        return classes;
    }

    /// Whether it is in Kinetics' format.
    boolean kinetics() {
        return !columns.isEmpty();
    }

    Path folder() {
        return folder;
    }

    List<Video> videos(Map<String, Integer> classes) {
        return rows.stream().map(row -> row.words() == null
                ? row.video()
                : row.video().labelled(classes.get(row.words()))).toList();
    }

    private void header(String line) {
        String[] names = line.split(",");
        for (int i = 0; i < names.length; i++) {
            columns.put(unquoted(names[i]), i);
        }
        for (String needed : List.of(ID, "time_start", "time_end")) {
            if (!columns.containsKey(needed)) {
                throw broken(1, line, "no column " + needed, KINETICS);
            }
        }
    }

    private Row clip(String line, int number) {
        String[] values = line.split(",", -1);
        if (values.length < columns.size()) {
            throw broken(number, line, values.length + " of " + columns.size() + " columns", KINETICS);
        }
        try {
            int start = Integer.parseInt(value(values, "time_start"));
            int end = Integer.parseInt(value(values, "time_end"));
            String name = String.format(Locale.ROOT, "%s_%06d_%06d.mp4", value(values, ID), start, end);
            String words = columns.containsKey("label") ? value(values, "label") : "";
            return new Row(new Video(name, ByteSource.of(folder.resolve(name)), Video.NO_LABEL),
                    words.isEmpty() ? null : words);
        } catch (NumberFormatException | InvalidPathException e) {
            throw broken(number, line, "not a clip", KINETICS);
        }
    }

    private String value(String[] values, String column) {
        return unquoted(values[columns.get(column)]);
    }

    private static String unquoted(String value) {
        String stripped = value.strip();
        boolean quoted = stripped.length() > 1 && stripped.startsWith("\"") && stripped.endsWith("\"");
        return quoted ? stripped.substring(1, stripped.length() - 1) : stripped;
    }

    private Video row(String row, int line) {
        int comma = row.lastIndexOf(',');
        int cut = comma >= 0 ? comma : Math.max(row.lastIndexOf(' '), row.lastIndexOf('\t'));
        String tail = row.substring(cut + 1).strip();
        String head = row.substring(0, Math.max(cut, 0)).strip();
        if (LABEL.matcher(tail).matches()) {
            if (head.isEmpty()) {
                throw broken(line, row, "the path is missing", EXPECTED);
            }
            return video(head, Integer.parseInt(tail), row, line);
        }
        Video alone = video(row, Video.NO_LABEL, row, line);
        // A path may itself contain spaces; only the file system can tell.
        if (cut >= 0 && alone.bytes().size() < 0) {
            throw broken(line, row, "'" + tail + "' is no label", EXPECTED);
        }
        return alone;
    }

    private Video video(String text, int label, String row, int line) {
        try {
            Path path = folder.resolve(text).normalize();
            // An absolute path inside the folder is the same video as the relative one.
            boolean relative = path.startsWith(folder) || !Path.of(text).isAbsolute();
            String name = VideoFolder.name(relative ? folder.relativize(path) : path);
            return new Video(name, ByteSource.of(path), label);
        } catch (InvalidPathException e) {
            throw broken(line, row, "not a path", EXPECTED);
        }
    }

    private VideoException broken(int line, String row, String why, String expected) {
        return new VideoException(csv + ":" + line + ": broken row '" + row + "': " + why + "; " + expected);
    }
}
