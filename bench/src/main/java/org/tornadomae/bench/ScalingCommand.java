package org.tornadomae.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.tornadomae.bench.report.Machine;
import org.tornadomae.bench.report.OutputOptions;
import org.tornadomae.bench.report.Plot;
import org.tornadomae.bench.report.Report;
import org.tornadomae.bench.report.Table;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.mae.cli.DeviceOption;
import org.tornadomae.mae.cli.ModelOptions;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.nn.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae bench scaling`
@Command(name = "scaling",
        description = {"Time whole steps while one size changes: tokens kept, clips, frames, executor or preset.",
                "Every point is a process of its own; all other options stay as given."},
        sortOptions = false,
        footer = {"", "Examples:",
                "  mae bench scaling --preset large --sweeps ratio --ratios 0,0.9 --batch-size 1 --budget 300",
                "  mae bench scaling --preset base --sweeps batch,frames",
                "The paper's step at ViT-L is 5.8 times shorter with 90 %% of the tokens removed."})
final class ScalingCommand implements Callable<Integer> {
    private static final Set<String> SWEEPS = Set.of("ratio", "batch", "frames", "device", "preset");

    @Spec
    private CommandSpec spec;

    @Option(names = "--sweeps", split = ",", defaultValue = "ratio,batch,frames,device", paramLabel = "SIZE",
            description = "what changes: ratio, batch, frames, device, preset (default: ${DEFAULT-VALUE})")
    private List<String> sweeps;

    @Option(names = "--ratios", split = ",", defaultValue = "0,0.25,0.5,0.75,0.9,0.95", paramLabel = "SHARE",
            description = "default: ${DEFAULT-VALUE}")
    private List<Double> ratios;

    @Option(names = "--batches", split = ",", defaultValue = "1,2,4,8", paramLabel = "B",
            description = "default: ${DEFAULT-VALUE}")
    private List<Integer> batches;

    @Option(names = "--frame-counts", split = ",", defaultValue = "4,8,16,32", paramLabel = "T",
            description = "default: ${DEFAULT-VALUE}")
    private List<Integer> frameCounts;

    @Option(names = "--devices", split = ",", paramLabel = "DEVICE", description = "default: all that are there")
    private List<String> devices;

    @Option(names = "--presets", split = ",", defaultValue = "tiny,small,base,large", paramLabel = "NAME",
            description = "default: ${DEFAULT-VALUE}")
    private List<String> presets;

    @Mixin
    private TimingOptions timing;

    @Mixin
    private StepOptions step;

    @Mixin
    private DeviceOption device;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    /// One point.
    ///
    /// @param sweep what changed
    /// @param value of it
    record Point(@JsonProperty("sweep") String sweep, @JsonProperty("value") String value,
            @JsonUnwrapped StepResult result) {
    }

    @Override
    public Integer call() {
        if (!SWEEPS.containsAll(sweeps)) {
            throw new UserException("--sweeps " + String.join(",", sweeps) + ": use some of "
                    + String.join(", ", SWEEPS.stream().sorted().toList()));
        }
        output.check();
        timing.steps();
        MaeConfig config = model.config();
        Report report =
                new Report("scaling", "A training step while one size changes", Report.commandOf(spec), Machine.now());
        StepArguments arguments = StepArguments.of(spec);
        for (String sweep : sweeps) {
            switch (sweep) {
                case "ratio" -> ratios(report, arguments, config);
                case "batch" -> sweep(report, arguments, sweep, "--batch-size", batches,
                        Plot.lines(sweep, "Speed by batch", "clips of a step", "clips/s"));
                case "frames" -> sweep(report, arguments, sweep, "--frames", frameCounts,
                        Plot.lines(sweep, "Speed by length of the clips", "frames", "clips/s"));
                case "preset" -> sweep(report, arguments, sweep, "--preset", presets,
                        Plot.bars(sweep, "Speed by model", "", "clips/s"));
                default -> sweep(report, arguments, sweep, "--device", devices(),
                        Plot.bars(sweep, "Speed by executor", "", "clips/s"));
            }
        }
        report.note(String.format(Locale.ROOT,
                "%d timed steps or as many as fit into %.0f s, medians, after %d to warm up; batch %d, mask ratio %s "
                        + "where they do not change.",
                timing.steps(), timing.budget(), timing.warmUp(), step.batch(), step.ratio()));
        output.publish(report, spec.commandLine().getOut(), spec.commandLine().getErr());
        return 0;
    }

    private List<String> devices() {
        return devices != null ? devices : Backends.available().stream().map(line -> line.split(" ")[0]).toList();
    }

    private void sweep(Report report, StepArguments arguments, String sweep, String option, List<?> values, Plot plot) {
        Table table = new Table(sweep, "clips/s", "s per step", "peak GiB", "executor");
        for (Object value : values) {
            StepResult result = measure(report, arguments, sweep, option, value);
            if (result != null) {
                table.row(value, result.clipsPerSecond(), result.secondsPerStep(), gibibytes(result), result.device());
                plot.point("this machine", value, result.clipsPerSecond());
            }
        }
        report.table(table).plot(plot);
    }

    private void ratios(Report report, StepArguments arguments, MaeConfig config) {
        Table table = new Table("mask ratio", "tokens kept", "s per step", "dense / this", "clips/s", "GFLOP per step",
                "peak GiB");
        Plot plot = Plot.lines("ratio", "Step time by tokens kept", "tokens kept of " + config.grid().tokens(),
                "seconds per step");
        double dense = Double.NaN;
        for (double ratio : ratios) {
            StepResult result = measure(report, arguments, "ratio", "--mask-ratio", ratio);
            if (result != null) {
                dense = ratio == 0 ? result.secondsPerStep() : dense;
                int keep = TrainingStep.masking(config, ratio).keep();
                table.row(ratio + "", keep, result.secondsPerStep(), dense / result.secondsPerStep(),
                        result.clipsPerSecond(),
                        StepWork.flops(config, step.batch(), ratio) / 1e9, gibibytes(result));
                plot.point("this machine", keep, result.secondsPerStep());
            }
        }
        report.table(table).plot(plot).note(
                "The dense step (ratio 0) keeps all tokens but one, as a loss needs something to predict, and "
                        + "predicts all of them. "
                        + "The paper reports a factor of 5.8 between ratio 0 and 0.9 at ViT-L.");
    }

    /// One point; null, and a note, where it does not run: the others are worth having.
    private StepResult measure(Report report, StepArguments arguments, String sweep, String option, Object value) {
        PrintWriter err = spec.commandLine().getErr();
        try {
            StepResult result = arguments.with(option, value).run();
            report.result(new Point(sweep, value.toString(), result));
            err.printf(Locale.ROOT, "%s %s: %.3f s per step%n", sweep, value, result.secondsPerStep());
            return result;
        } catch (UserException e) {
            report.note(sweep + " " + value + " did not run: " + e.getMessage());
            err.println(sweep + " " + value + " did not run: " + e.getMessage());
            return null;
        }
    }

    private static double gibibytes(StepResult result) {
        return result.peakRssBytes() / (double) (1 << 30);
    }
}
