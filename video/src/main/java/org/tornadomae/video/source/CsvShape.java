package org.tornadomae.video.source;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How the rows of a list are to be read: found out from its first rows.
///
/// @param separator between fields
/// @param header    names of the columns, in small letters; empty when there is no header row
/// @param numbers   how many numbers follow the path, where a row has them
/// @param order     what the fields are
record CsvShape(char separator, List<String> header, int numbers, Order order) {

    /// What is in a row without a header.
    enum Order {
        /// `path label`, or `path` alone.
        LABEL_LAST,
        /// `label path`.
        LABEL_FIRST,
        /// `path frames label`, as mmaction has it.
        FRAMES_LABEL,
        /// `path start frames`, as VideoMAEv2 has it for pre-training: no label.
        START_FRAMES,
        /// Columns have names.
        NAMED
    }

    /// What separates fields, the likeliest first.
    private static final List<Character> SEPARATORS = List.of('\t', ',', ';', ' ');
    private static final char NONE = '\u0001'; // a path alone may hold every other
    private static final int SAMPLE = 200; // rows
    // pandas writes 1.0 beside a missing one
    private static final Pattern NUMBER = Pattern.compile("-1|\\d{1,9}(\\.0+)?");

    static final String ID = "youtube_id";
    static final List<String> PATHS = List.of("path", "video", "video_path", "filename", "file", "filepath",
            "file_path", "video_name", "name");
    static final List<String> LABELS = List.of("label_id", "class_id", "label_idx", "class_idx", "target", "label",
            "class", "class_name", "label_name", "action");

    /// Looks at the beginning of a list.
    ///
    /// @param exists whether there is such a path, to tell a path with numbers in it from numbers behind it
    static CsvShape of(CsvText text, Predicate<String> exists) {
        for (char separator : SEPARATORS) {
            List<String> header = header(text, separator);
            if (!header.isEmpty()) {
                return new CsvShape(separator, header, 0, Order.NAMED);
            }
        }
        String sample = text.text().lines().limit(SAMPLE).collect(Collectors.joining("\n"));
        CsvShape best = new CsvShape(NONE, List.of(), 0, Order.LABEL_LAST);
        long most = 0;
        for (char separator : SEPARATORS) {
            List<CsvText.Row> rows = CsvText.rows(sample, separator);
            long last = rows.stream().filter(row -> trailing(row.fields()) > 0).count();
            long first = rows.stream().filter(CsvShape::labelFirst).count();
            if (Math.max(last, first) > most) {
                most = Math.max(last, first);
                best = first > last
                        ? new CsvShape(separator, List.of(), 1, Order.LABEL_FIRST)
                        : of(rows, separator, exists);
            }
        }
        return best;
    }

    private static List<String> header(CsvText text, char separator) {
        List<CsvText.Row> rows = CsvText.rows(text.firstLine(), separator);
        List<String> names = rows.isEmpty()
                ? List.of()
                : rows.getFirst().fields().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        boolean known = names.contains(ID) || names.stream().anyMatch(PATHS::contains)
                && names.stream().noneMatch(CsvShape::number);
        return known ? names : List.of();
    }

    /// The shape of rows that end with numbers.
    private static CsvShape of(List<CsvText.Row> rows, char separator, Predicate<String> exists) {
        List<CsvText.Row> numbered = rows.stream().filter(row -> trailing(row.fields()) > 0).toList();
        boolean two = numbered.stream().allMatch(row -> trailing(row.fields()) > 1)
                && !exists.test(head(numbered.getFirst().fields(), 1, separator));
        if (!two) {
            return new CsvShape(separator, List.of(), 1, Order.LABEL_LAST);
        }
        Set<String> middle = numbered.stream().map(row -> row.fields().get(row.fields().size() - 2))
                .collect(Collectors.toSet());
        return new CsvShape(separator, List.of(), 2, middle.equals(Set.of("0"))
                ? Order.START_FRAMES
                : Order.FRAMES_LABEL);
    }

    private static boolean labelFirst(CsvText.Row row) {
        return row.fields().size() > 1 && number(row.fields().getFirst()) && trailing(row.fields()) == 0;
    }

    /// How many numbers, at most two, follow a path.
    private static int trailing(List<String> fields) {
        int numbers = numbersAtEnd(fields, Math.min(2, fields.size() - 1));
        boolean path = fields.subList(0, fields.size() - numbers).stream().anyMatch(field -> !field.isEmpty());
        return path ? numbers : 0;
    }

    /// How many of the last `most` fields are numbers, counted from the end.
    static int numbersAtEnd(List<String> fields, int most) {
        int numbers = 0;
        while (numbers < most && number(fields.get(fields.size() - 1 - numbers))) {
            numbers++;
        }
        return numbers;
    }

    static boolean number(String field) {
        return NUMBER.matcher(field).matches();
    }

    /// A row's path: what is left of its last `numbers` fields. A path may hold the separator itself.
    static String head(List<String> fields, int numbers, char separator) {
        return String.join(String.valueOf(separator), fields.subList(0, fields.size() - numbers)).strip();
    }
}
