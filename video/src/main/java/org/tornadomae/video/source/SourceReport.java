package org.tornadomae.video.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.tornadomae.video.codec.PathBytes;

/// What was left out when a data set was put together.
///
/// @param defects      what of each archive is not used, by reason; archives without defects are not named
/// @param replaced     how many videos of other sources each replacement archive has a better copy of
/// @param missing      names in the annotations of which there is no video
/// @param notAnnotated videos that the given annotations do not name
/// @param notes        what else is not used, or looks wrong, a line each
public record SourceReport(Map<Path, Map<ArchiveDefect, Integer>> defects, Map<Path, Integer> replaced, int missing,
        int notAnnotated, List<String> notes) {

    /// One line per finding; empty when nothing was left out.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        defects.forEach((archive, reasons) -> lines.add(PathBytes.text(archive) + ": not used: "
                + reasons.entrySet().stream().map(reason -> reason.getValue() + " " + reason.getKey())
                        .collect(Collectors.joining(", "))));
        replaced.forEach((archive, count) -> lines.add(String.format(Locale.ROOT, "%d videos replaced by copies in %s",
                count, PathBytes.text(archive.getFileName()))));
        add(lines, missing, "annotated, but not in the data");
        add(lines, notAnnotated, "in the data, but not annotated (left out)");
        lines.addAll(notes);
        return lines;
    }

    /// The same and one line more.
    SourceReport with(String note) {
        List<String> more = new ArrayList<>(notes);
        more.add(note);
        return new SourceReport(defects, replaced, missing, notAnnotated, more);
    }

    private static void add(List<String> lines, int count, String what) {
        if (count > 0) {
            lines.add(String.format(Locale.ROOT, "%d videos %s", count, what));
        }
    }
}
