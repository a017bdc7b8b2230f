package org.tornadomae.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/// JSON of records.
public final class Json {
    private static final JsonMapper MAPPER = new JsonMapper();

    private Json() {}

    /// One line.
    public static String line(Object value) {
        return write(value, false);
    }

    /// Indented, for files.
    static String pretty(Object value) {
        return write(value, true);
    }

    private static String write(Object value, boolean indented) {
        try {
            return (indented ? MAPPER.writerWithDefaultPrettyPrinter() : MAPPER.writer()).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a record of numbers and words always has a JSON
        }
    }

    /// Reads a record back.
    ///
    /// @throws JsonProcessingException when the text is not of this form
    public static <T> T read(String text, Class<T> type) throws JsonProcessingException {
        return MAPPER.readValue(text, type);
    }
}
