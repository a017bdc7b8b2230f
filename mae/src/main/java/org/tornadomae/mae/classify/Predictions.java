package org.tornadomae.mae.classify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.source.VideoList;

/// A file of predictions, one line for each video in the order of the list, written as they come: a test that was
/// stopped goes on after the last whole line.
///
/// First line: `#` and what was tested; then `video,label,reason,class1,share1,…,class5,share5`. A video without result
/// has a reason and no classes.
public final class Predictions {
    private static final String HEADER = "video,label,reason,class1,share1,class2,share2,class3,share3,class4,share4,"
            + "class5,share5";

    /// One line.
    ///
    /// @param reason why there is no result; empty where there is one
    /// @param ranked classes, the best first; none without a result
    public record Row(int label, String reason, int[] ranked) {
    }

    private final Path file;
    private final List<Row> rows = new ArrayList<>();

    private Predictions(Path file) {
        this.file = file;
    }

    /// Begins a file, or opens one that was begun.
    ///
    /// @param what was tested, in one line; a file of another test is refused
    public static Predictions open(Path file, String what, VideoList videos) {
        Predictions predictions = new Predictions(file);
        String first = "# " + what;
        try {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            if (!Files.exists(file)) {
                Files.write(file, List.of(first, HEADER));
                return predictions;
            }
            String text = Files.readString(file);
            List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList(); // whole ones only
            if (lines.size() < 2 || !lines.get(0).equals(first) || !lines.get(1).equals(HEADER)
                    || lines.size() - 2 > videos.size()) {
                throw new UserException(file + ": holds something else than this test (" + what
                        + "); choose another --out, or delete it");
            }
            for (String line : lines.subList(2, lines.size())) {
                predictions.rows.add(parse(file, line, videos, predictions.rows.size()));
            }
            Files.write(file, lines);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
        return predictions;
    }

    private static Row parse(Path file, String line, VideoList videos, int index) {
        String rest = line.startsWith(name(videos, index) + ",")
                ? line.substring(name(videos, index).length() + 1)
                : "";
        String[] cells = rest.split(",", -1);
        try {
            int few = (cells.length - 2) / 2;
            int[] ranked = new int[cells[1].isEmpty() ? few : 0];
            for (int i = 0; i < ranked.length; i++) {
                ranked[i] = Integer.parseInt(cells[2 + 2 * i]);
            }
            return new Row(Integer.parseInt(cells[0]), cells[1], ranked);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new UserException(file + ":" + (index + 3) + ": not a line about " + videos.name(index)
                    + "; choose another --out, or delete it", e);
        }
    }

    private static String name(VideoList videos, int index) {
        String name = videos.name(index);
        return name.matches("[^\",\\n]*") ? name : "\"" + name.replace("\"", "\"\"").replace("\n", " ") + "\"";
    }

    /// What is in the file so far.
    public List<Row> rows() {
        return Collections.unmodifiableList(rows);
    }

    /// Adds the next video's answer.
    ///
    /// @param shares of the classes
    public void add(VideoList videos, double[] shares) {
        int index = rows.size();
        int[] ranked = Ranking.top(shares, Accuracy.FEW);
        StringBuilder line = new StringBuilder(name(videos, index)).append(',').append(videos.label(index)).append(',');
        for (int k : ranked) {
            line.append(',').append(k).append(String.format(Locale.ROOT, ",%.6f", shares[k]));
        }
        rows.add(new Row(videos.label(index), "", ranked));
        write(line.toString());
    }

    /// Adds the next video, which has no result.
    public void addWithout(VideoList videos, String reason) {
        int index = rows.size();
        rows.add(new Row(videos.label(index), reason, new int[0]));
        write(name(videos, index) + "," + videos.label(index) + "," + reason);
    }

    private void write(String line) {
        try {
            Files.write(file, List.of(line), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    private static UserException cannotWrite(Path file, IOException e) {
        return new UserException(file + ": cannot be written (" + e.getMessage() + ")", e);
    }
}
