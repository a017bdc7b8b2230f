package org.tornadomae.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/// The result of a benchmark, before it is written somewhere.
public final class Report {
    private final String name;
    private final String title;
    private final String command;
    private final Machine machine;
    private final List<String> notes = new ArrayList<>();
    private final List<Table> tables = new ArrayList<>();
    private final List<Object> results = new ArrayList<>();
    private final List<Plot> plots = new ArrayList<>();

    /// @param name    of its files
    /// @param command that ran
    /// @param machine as it was at the start
    public Report(String name, String title, String command, Machine machine) {
        this.name = name;
        this.title = title;
        this.command = command;
        this.machine = machine;
    }

    /// The command line as one could type it again.
    public static String commandOf(CommandSpec spec) {
        return "bin/mae " + String.join(" ", spec.root().commandLine().getParseResult().originalArgs().stream()
                .map(word -> word.matches("[-+\\w./,:=@]+") ? word : "'" + word + "'").toList());
    }

    String name() {
        return name;
    }

    /// Adds a sentence, to stand below the tables.
    public Report note(String sentence) {
        notes.add(sentence);
        return this;
    }

    /// Adds a table.
    public Report table(Table table) {
        tables.add(table);
        return this;
    }

    /// Adds a record to the JSON.
    public Report result(Object result) {
        results.add(result);
        return this;
    }

    /// Adds a plot, which gets a file of its own.
    public Report plot(Plot plot) {
        plots.add(plot);
        return this;
    }

    List<Plot> plots() {
        return plots;
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# ").append(title).append("\n\n`").append(command).append("`\n\n")
                .append(machine.sentence()).append("\n");
        tables.forEach(table -> text.append('\n').append(table.markdown()));
        notes.forEach(note -> text.append('\n').append(note).append('\n'));
        plots.forEach(
                plot -> text.append("\n![").append(plot.title()).append("](").append(plot.file(name)).append(")\n"));
        return text.toString();
    }

    /// What the JSON holds.
    record Content(@JsonProperty("benchmark") String benchmark, @JsonProperty("command") String command,
            @JsonProperty("machine") Machine machine, @JsonProperty("notes") List<String> notes,
            @JsonProperty("results") List<Object> results) {
    }

    Content content() {
        return new Content(name, command, machine, notes, results);
    }
}
