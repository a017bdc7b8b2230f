package org.tornadomae.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A table for people.
public final class Table {
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    /// @param header a word for each column
    public Table(String... header) {
        this.header = List.of(header);
    }

    /// Adds a row: numbers with the digits that matter, everything else as it is.
    public Table row(Object... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + header.size() + " columns");
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell instanceof Double number ? digits(number) : String.valueOf(cell));
        }
        rows.add(row);
        return this;
    }

    /// Three significant digits, without exponents.
    public static String digits(double number) {
        if (!Double.isFinite(number)) {
            return "–";
        }
        double size = Math.abs(number);
        int decimals = size >= 100 || size == 0
                ? 0
                : size >= 10 ? 1 : size >= 1 ? 2 : (int) Math.min(6, 2 - Math.floor(Math.log10(size)));
        return String.format(Locale.ROOT, "%." + decimals + "f", number);
    }

    /// As Markdown; the first column is text, the others are aligned to the right.
    String markdown() {
        StringBuilder text = new StringBuilder(line(header));
        text.append("|---|").repeat("---:|", header.size() - 1).append('\n');
        rows.forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells.stream().map(cell -> cell.replace("|", "\\|")).toList()) + " |\n";
    }
}
