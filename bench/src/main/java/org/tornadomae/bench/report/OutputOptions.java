package org.tornadomae.bench.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tornadomae.nn.UserException;
import picocli.CommandLine.Option;

/// Where a report goes.
public final class OutputOptions {
    @Option(names = "--out", defaultValue = "out/bench", paramLabel = "DIR",
            description = "folder for the table (.md), the numbers (.json) and the plots (.png) (default: "
                    + "${DEFAULT-VALUE})")
    private Path out;

    @Option(names = "--json", description = "print the JSON instead of the table")
    private boolean json;

    @Option(names = "--plots", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "draw plots (default: on)")
    private boolean plots;

    /// Finds out before the measuring what would spoil the writing.
    public void check() {
        if (plots) {
            Plot.requireFonts();
        }
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UserException(out + ": cannot be made a folder (" + e.getMessage() + ")", e);
        }
    }

    /// Writes the files and prints the table or the JSON.
    public void publish(Report report, PrintWriter print, PrintWriter err) {
        List<Plot> drawn = plots ? report.plots() : List.of();
        if (!plots) {
            report.plots().clear();
        }
        String table = report.markdown();
        String numbers = Json.pretty(report.content());
        try {
            Files.writeString(out.resolve(report.name() + ".md"), table);
            Files.writeString(out.resolve(report.name() + ".json"), numbers + "\n");
            for (Plot plot : drawn) {
                plot.save(out.resolve(plot.file(report.name())));
            }
        } catch (IOException e) {
            throw new UserException(out + ": cannot be written (" + e.getMessage() + ")", e);
        }
        print.println(json ? numbers : table);
        err.println("written to " + out);
    }
}
