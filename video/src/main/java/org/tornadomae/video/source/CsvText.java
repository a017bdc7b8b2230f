package org.tornadomae.video.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.PathBytes;

/// The text of a list, one char per byte: paths are bytes in no particular encoding, and what separates them is ASCII.
///
/// @param file where it came from
/// @param text without a byte order mark
record CsvText(Path file, String text) {

    private static final String BOM = "\u00ef\u00bb\u00bf"; // of UTF-8, as bytes
    private static final int HEAD = 4096;
    private static final int BINARY = 16; // one control character in so many bytes

    /// A row, its fields stripped.
    record Row(int line, List<String> fields) {

        /// As messages have it.
        @Override
        public String toString() {
            return show(String.join(" ", fields));
        }
    }

    static CsvText read(Path file) {
        try {
            if (binary(file)) {
                throw new VideoException(PathBytes.text(file) + " is neither a folder of videos, a tar archive nor a"
                        + " csv list; for a single video give its folder");
            }
            byte[] bytes = Files.readAllBytes(file);
            String text = utf16(bytes)
                    ? bytes(new String(bytes, StandardCharsets.UTF_16))
                    : new String(bytes, StandardCharsets.ISO_8859_1);
            return new CsvText(file, text.startsWith(BOM) ? text.substring(BOM.length()) : text);
        } catch (IOException e) {
            throw new VideoException("cannot read " + PathBytes.text(file) + ": " + e.getMessage(), e);
        }
    }

    private static boolean binary(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(HEAD);
            long control = IntStream.range(0, head.length).map(i -> head[i])
                    .filter(b -> b >= 0 && b < ' ' && !Character.isWhitespace(b)).count();
            return !utf16(head) && control * BINARY > head.length;
        }
    }

    /// Whether it begins with a mark of either byte order.
    private static boolean utf16(byte[] bytes) {
        return bytes.length > 1 && (bytes[0] & bytes[1] & 0xff) == 0xfe;
    }

    /// The bytes of a Java string in UTF-8, a char for each.
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /// A piece of the text as messages and class names have it.
    static String show(String piece) {
        return PathBytes.text(piece.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// The first line that is not blank; empty when there is none.
    String firstLine() {
        return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    }

    /// Its rows as one separator gives them, without blank ones.
    List<Row> rows(char separator) {
        return rows(text, separator);
    }

    static List<Row> rows(String text, char separator) {
        CSVFormat format = CSVFormat.DEFAULT.builder().setDelimiter(separator).setIgnoreEmptyLines(false)
                .setIgnoreSurroundingSpaces(separator != ' ').setTrailingData(true).setLenientEof(true).get();
        List<Row> rows = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(new StringReader(text), format)) {
            long line = 1;
            for (CSVRecord fields : parser) {
                List<String> stripped = fields.stream().map(String::strip).toList();
                if (stripped.stream().anyMatch(field -> !field.isEmpty())) {
                    rows.add(new Row((int) line, stripped));
                }
                line = parser.getCurrentLineNumber() + 1;
            }
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory", e);
        }
        return rows;
    }
}
