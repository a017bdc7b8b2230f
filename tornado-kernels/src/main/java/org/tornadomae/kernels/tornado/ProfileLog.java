package org.tornadomae.kernels.tornado;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/// Reads the profiler's log: JSON objects one after the other, a run each, which hold strings and objects of strings:
/// `{"graph": {"TOTAL_KERNEL_TIME": "9", "graph.kernel_0": {"TASK_KERNEL_TIME": "9"}}}`.
///
/// TornadoVM writes no other values and no escapes, but a comma behind the last member of an object without tasks.
final class ProfileLog {
    private final String text;
    private int at;

    ProfileLog(String text) {
        this.text = text;
    }

    /// Hands over each task of each run with its metrics.
    ///
    /// @throws IllegalStateException when the log is not what it should be
    void forEachTask(BiConsumer<String, Map<String, String>> tasks) {
        while (next() != 0) {
            members(_ -> members(name -> {
                if (next() == '"') {
                    string();
                } else {
                    Map<String, String> metrics = new LinkedHashMap<>();
                    members(metric -> metrics.put(metric, string()));
                    tasks.accept(name, metrics);
                }
            }));
        }
    }

    private interface Member {
        /// Reads the value that follows a name and its colon.
        void read(String name);
    }

    /// Reads an object.
    private void members(Member member) {
        expect('{');
        while (next() != '}') {
            String name = string();
            expect(':');
            member.read(name);
            if (next() == ',') {
                at++;
            }
        }
        at++;
    }

    private String string() {
        expect('"');
        int end = text.indexOf('"', at);
        if (end < 0) {
            throw broken();
        }
        String value = text.substring(at, end);
        at = end + 1;
        return value;
    }

    private void expect(char wanted) {
        if (next() != wanted) {
            throw broken();
        }
        at++;
    }

    /// The next character that is not white space, or 0 at the end; it stays to be read.
    private char next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private IllegalStateException broken() {
        return new IllegalStateException("TornadoVM's profile is not understood at character " + at + ": "
                + text.substring(Math.min(at, text.length()), Math.min(at + 40, text.length())));
    }
}
