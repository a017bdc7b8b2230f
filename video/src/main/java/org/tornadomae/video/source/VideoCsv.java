package org.tornadomae.video.source;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.PathBytes;

/// A list of videos, in one of the formats of this field; docs/data.md shows each.
///
/// Without a header: a path, `path label`, `label path`, `path frames label` or `path 0 frames`. With one: columns for
/// a path and a label in any order, or Kinetics' own. That names no files but clips; the file of one is
/// `<youtube_id>_<start>_<end>.mp4` with six digits each. Relative paths start at the list's folder. Labels that are
/// words are numbered in alphabetical order.
final class VideoCsv {

    private static final String EXPECTED = "expected 'path label' with a whole number as label, a path alone, 'label"
            + " path', 'path frames label', 'path 0 frames', or a header with " + CsvShape.ID
            + ",time_start,time_end or"
            + " path,label; separated by tabs, commas, semicolons or spaces";

    private final CsvText text;
    private final CsvShape shape;
    private final Path folder;
    private final List<Row> rows = new ArrayList<>();

    /// A video, with the name of its class if it has one.
    private record Row(Video video, String words) {
    }

    private VideoCsv(CsvText text) {
        this.text = text;
        this.folder = text.file().toAbsolutePath().normalize().getParent();
        this.shape = CsvShape.of(text, path -> path.indexOf('\0') < 0 && Files.exists(place(path)));
    }

    static VideoCsv read(Path csv) {
        VideoCsv list = new VideoCsv(CsvText.read(csv));
        List<CsvText.Row> rows = list.text.rows(list.shape.separator());
        for (CsvText.Row row : list.shape.order() == CsvShape.Order.NAMED ? rows.subList(1, rows.size()) : rows) {
            list.rows.add(list.row(row));
        }
        list.requireAllNumbersOrWords();
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
        return shape.header().contains(CsvShape.ID);
    }

    Path folder() {
        return folder;
    }

    List<Video> videos(Map<String, Integer> classes) {
        return rows.stream().map(row -> row.words() == null
                ? row.video()
                : row.video().labelled(classes.get(row.words()))).toList();
    }

    private Row row(CsvText.Row row) {
        List<String> fields = row.fields();
        int last = fields.size() - 1;
        return switch (shape.order()) {
            case NAMED -> kinetics() ? clip(row) : named(row);
            case LABEL_FIRST -> {
                if (!CsvShape.number(fields.getFirst()) || last == 0) {
                    throw broken(row, "it does not begin with a label");
                }
                String path = CsvShape.head(fields.subList(1, last + 1), 0, shape.separator());
                yield new Row(video(path, label(fields.getFirst()), row), null);
            }
            case LABEL_LAST, FRAMES_LABEL, START_FRAMES -> new Row(numbered(row, fields), null);
        };
    }

    /// A row that ends with the numbers of this list, or has none.
    private Video numbered(CsvText.Row row, List<String> fields) {
        int numbers = CsvShape.numbersAtEnd(fields, Math.min(shape.numbers(), fields.size()));
        String path = CsvShape.head(fields, numbers, shape.separator());
        if (path.isEmpty()) {
            throw broken(row, "the path is missing");
        }
        if (numbers == shape.numbers()) {
            boolean labelled = numbers > 0 && shape.order() != CsvShape.Order.START_FRAMES;
            return video(path, labelled ? label(fields.getLast()) : Video.NO_LABEL, row);
        }
        Video alone = video(CsvShape.head(fields, 0, shape.separator()), Video.NO_LABEL, row);
        // A path may itself contain separators; only the file system can tell.
        if ((fields.size() > 1 || shape.numbers() > 0) && alone.bytes().size() < 0) {
            throw broken(row, fields.size() > 1 ? "'" + CsvText.show(fields.getLast()) + "' is no label" : "no label");
        }
        return alone;
    }

    private Row named(CsvText.Row row) {
        String path = value(row, CsvShape.PATHS);
        String label = value(row, CsvShape.LABELS);
        if (path.isEmpty()) {
            throw broken(row, "the path is missing");
        }
        boolean number = CsvShape.number(label);
        return new Row(video(path, number ? label(label) : Video.NO_LABEL, row),
                number || label.isEmpty() ? null : CsvText.show(label));
    }

    private Row clip(CsvText.Row row) {
        String id = value(row, List.of(CsvShape.ID));
        String words = value(row, List.of("label"));
        String name = String.format(Locale.ROOT, "%s_%06d_%06d.mp4", id, seconds(row, "time_start"),
                seconds(row, "time_end"));
        return new Row(video(name, Video.NO_LABEL, row), words.isEmpty() ? null : CsvText.show(words));
    }

    private int seconds(CsvText.Row row, String column) {
        String value = value(row, List.of(column));
        if (!CsvShape.number(value) || label(value) < 0) {
            throw broken(row, column + " is '" + CsvText.show(value) + "', not a whole number of seconds");
        }
        return label(value);
    }

    /// A row's value in the first of these columns that the header has; empty when it has none of them.
    private String value(CsvText.Row row, List<String> columns) {
        for (String column : columns) {
            int at = shape.header().indexOf(column);
            if (at >= row.fields().size()) {
                throw broken(row, row.fields().size() + " of " + shape.header().size() + " columns");
            }
            if (at >= 0) {
                return row.fields().get(at);
            }
        }
        return "";
    }

    private static int label(String number) {
        return Integer.parseInt(number.replaceFirst("\\..*", ""));
    }

    /// Numbers and words in one column would give a number two meanings.
    private void requireAllNumbersOrWords() {
        boolean words = rows.stream().anyMatch(row -> row.words() != null);
        rows.stream().filter(row -> words && row.video().label() != Video.NO_LABEL).findFirst().ifPresent(row -> {
            throw new VideoException(PathBytes.text(text.file()) + ": labels are both words and numbers ("
                    + row.video().label() + " for " + row.video().name() + ")");
        });
    }

    private Path place(String path) {
        return PathBytes.resolve(folder, path.getBytes(StandardCharsets.ISO_8859_1)).normalize();
    }

    private Video video(String path, int label, CsvText.Row row) {
        try {
            Path place = place(path);
            // An absolute path inside the folder is the same video as the relative one.
            boolean relative = place.startsWith(folder) || !path.startsWith("/");
            String name = relative ? PathBytes.text(folder.relativize(place)) : PathBytes.text(place);
            boolean frames = shape.numbers() == 2 || VideoFolder.suffix(Video.baseName(name)).isEmpty();
            return new Video(name, frames && Files.isDirectory(place) ? new FrameFolder(place) : ByteSource.of(place),
                    label);
        } catch (InvalidPathException e) {
            throw broken(row, "not a path");
        }
    }

    private VideoException broken(CsvText.Row row, String why) {
        return new VideoException(PathBytes.text(text.file()) + ":" + row.line() + ": broken row '" + row + "': " + why
                + "; " + EXPECTED);
    }
}
