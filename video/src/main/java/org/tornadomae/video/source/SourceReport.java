package org.tornadomae.video.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What was left out when a data set was put together.
///
/// @param defects      what of each archive is not used, by reason; archives without defects are not named
/// @param replaced     videos for which a later source has a newer copy
/// @param missing      names in the annotations of which there is no video
/// @param notAnnotated videos that the given annotations do not name
public record SourceReport(Map<Path, Map<ArchiveDefect, Integer>> defects, int replaced, int missing,
        int notAnnotated) {

    /// Nothing was left out.
    static final SourceReport NONE = new SourceReport(Map.of(), 0, 0, 0);

    /// One line per finding; empty when nothing was left out.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        defects.forEach((archive, reasons) -> lines.add(archive + ": not used: " + reasons.entrySet().stream()
                .map(reason -> reason.getValue() + " " + reason.getKey()).collect(Collectors.joining(", "))));
        add(lines, replaced, "replaced by copies in later sources");
        add(lines, missing, "annotated, but not in the data");
        add(lines, notAnnotated, "in the data, but not annotated (left out)");
        return lines;
    }

    private static void add(List<String> lines, int count, String what) {
        if (count > 0) {
            lines.add(String.format(Locale.ROOT, "%d videos %s", count, what));
        }
    }
}
