package org.tornadomae.mae.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tornadomae.nn.DType;
import org.tornadomae.nn.file.SafeTensors;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;

/// What becomes of every tensor of a file, decided before any is read. The file must stay open while tensors are read.
///
/// It is itself a file of tensors, the result's, whose values are made when they are read: what loads a file of ours
/// loads a foreign one through its plan.
public final class WeightPlan implements TensorFile {
    private final Path file;
    private final Dialect from;
    private final Dialect to;
    private final Architecture architecture;
    private final Map<String, String> metadata;
    private final List<Row> rows;
    private final Map<String, Row> present = new LinkedHashMap<>();

    WeightPlan(Path file, Dialect from, Dialect to, Architecture architecture, Map<String, String> metadata,
            List<Row> rows) {
        this.file = file;
        this.from = from;
        this.to = to;
        this.architecture = architecture;
        this.metadata = metadata;
        this.rows = List.copyOf(rows);
        rows.stream().filter(Row::present).forEach(row -> present.put(row.name(), row));
    }

    /// The format of the file.
    public Dialect from() {
        return from;
    }

    /// The format of the result.
    public Dialect to() {
        return to;
    }

    /// One row for every tensor of the file and of the result.
    public List<Row> rows() {
        return rows;
    }

    Architecture architecture() {
        return architecture;
    }

    @Override
    public Path file() {
        return file;
    }

    /// What the result says beside its tensors.
    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public List<String> names() {
        return List.copyOf(present.keySet());
    }

    @Override
    public Entry entry(String name) {
        return new Entry(name, DType.F32, row(name).shape().clone());
    }

    private Row row(String name) {
        Row row = present.get(name);
        if (row == null) {
            throw new UserException(file + ": has no tensor " + name + " for " + to.program());
        }
        return row;
    }

    @Override
    public void readInto(String name, float[] into, int at) {
        row(name).values().readInto(into, at);
    }

    /// Weights are never whole numbers.
    @Override
    public long[] longs(String name) {
        throw new UserException(file + ": tensor " + name + " is F32, expected whole numbers");
    }

    /// Does nothing: whoever opened the file closes it.
    @Override
    public void close() {}

    /// Refuses a plan in which tensors are missing or left over, except for those that were named.
    ///
    /// @param named names of tensors, or beginnings of names that end in `*`
    /// @throws UserException listing them
    public void requireComplete(Collection<String> named) {
        for (Row.Status bad : List.of(Row.Status.MISSING, Row.Status.LEFT_OVER)) {
            List<Row> found = rows.stream().filter(row -> row.status() == bad
                    && named.stream().noneMatch(name -> matches(name, row.name()))).toList();
            if (!found.isEmpty()) {
                String some = found.stream().limit(5).map(row -> row.name()
                        + (row.note().isEmpty() ? "" : " (" + row.note() + ")")).collect(Collectors.joining(", "));
                throw new UserException(file + ": as weights of " + from.program() + " for " + to.program() + " it has "
                        + found.size()
                        + (found.size() == 1 ? " tensor " : " tensors ") + bad + ": " + some
                        + (found.size() > 5 ? ", …" : "")
                        + "; name what you can do without");
            }
        }
    }

    /// Reads everything and writes it, as a PyTorch checkpoint or safetensors by the file's name.
    ///
    /// @return names of the tensors that hold NaN or infinities
    /// @throws UserException when it cannot be written
    public List<String> write(Path out) {
        List<SafeTensors.Source> tensors = new ArrayList<>();
        List<String> notFinite = new ArrayList<>();
        for (String name : names()) {
            float[] values = floats(name);
            for (float value : values) {
                if (!Float.isFinite(value)) {
                    notFinite.add(name);
                    break;
                }
            }
            tensors.add(new SafeTensors.Source(name, entry(name).shape(), values, 0));
        }
        TensorFiles.write(out, to == Dialect.SLOWFAST ? "model_state" : "model", metadata, tensors);
        return notFinite;
    }

    private static boolean matches(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }

    /// The plan as lines of text: a row each, then the counts.
    public List<String> table() {
        int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (Row row : rows) {
            String shape = row.shape() == null ? "" : Arrays.toString(row.shape());
            String origin = row.from().isEmpty() || row.from().equals(List.of(row.name()))
                    ? ""
                    : "from "
                            + String.join(", ", row.from());
            String note = origin.isEmpty() || row.note().isEmpty() ? origin + row.note() : origin + ": " + row.note();
            lines.add(String.format("%-11s  %-" + Math.max(1, width) + "s  %-20s %s", row.status(), row.name(), shape,
                    note).stripTrailing());
        }
        String counts = Arrays.stream(Row.Status.values())
                .map(status -> rows.stream().filter(row -> row.status() == status).count() + " " + status)
                .collect(Collectors.joining(", "));
        lines.add(from.program() + " to " + to.program() + ": " + counts);
        return lines;
    }
}
