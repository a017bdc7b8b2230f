package org.tornadomae.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.tornadomae.bench.ops.OpBenchmark;
import org.tornadomae.bench.ops.OpCase;
import org.tornadomae.bench.report.Machine;
import org.tornadomae.bench.report.OutputOptions;
import org.tornadomae.bench.report.Plot;
import org.tornadomae.bench.report.Report;
import org.tornadomae.bench.report.Table;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.nn.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae bench ops`
@Command(name = "ops", description = {
        "Time every operation at the shapes of a training step with JMH, each checked against the plain loops first.",
        "Reports GFLOP/s or GB/s and the share of the processor's peak, measured beside it in the same process."},
        sortOptions = false,
        footer = {"", "Example:", "  mae bench ops --presets base,large --devices cpu,loop --match 'encoder-.*|adamw'",
                "A share above 100 %% of the memory's speed means that the arrays were still in the cache."})
final class OpsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--presets", split = ",", defaultValue = "base", paramLabel = "NAME",
            description = "models whose shapes to take (default: ${DEFAULT-VALUE})")
    private List<String> presets;

    @Option(names = "--devices", split = ",", paramLabel = "DEVICE",
            description = "executors (default: all that are there)")
    private List<String> devices;

    @Option(names = "--match", defaultValue = ".*", paramLabel = "REGEX",
            description = "operations by name (default: all)")
    private String match;

    @Option(names = "--threads", defaultValue = "0", paramLabel = "N",
            description = "threads of device cpu and of the peak (default: all processors)")
    private int threads;

    @Option(names = "--iterations", defaultValue = "7", paramLabel = "N",
            description = "of 0.3 s; the median counts (default: ${DEFAULT-VALUE})")
    private int iterations;

    @Option(names = "--warm-up", defaultValue = "4", paramLabel = "N",
            description = "iterations of 0.5 s before those (default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Mixin
    private StepOptions step;

    @Mixin
    private OutputOptions output;

    /// One line of the result.
    ///
    /// @param seconds of a call, the median of the iterations
    /// @param flops   of a call, or 0
    /// @param bytes   of a call, or 0
    /// @param peak    of the processor in the same unit, per second
    record Result(@JsonProperty("op") String op, @JsonProperty("preset") String preset,
            @JsonProperty("device") String device,
            @JsonProperty("seconds") double seconds, @JsonProperty("flops") double flops,
            @JsonProperty("bytes") double bytes,
            @JsonProperty("peak") double peak) {

        static Result of(RunResult run) {
            return new Result(OpCase.valueOf(run.getParams().getParam("op")).label(),
                    run.getParams().getParam("preset"),
                    run.getParams().getParam("implementation"),
                    run.getPrimaryResult().getStatistics().getPercentile(50),
                    beside(run, "flops"), beside(run, "bytes"), beside(run, "peak"));
        }

        private static double beside(RunResult run, String what) {
            return run.getSecondaryResults().get(what).getStatistics().getMean();
        }

        /// In units of 10⁹ per second.
        double rate() {
            return (flops + bytes) / seconds / 1e9;
        }

        /// Of the processor's peak, in percent; other devices have other peaks.
        double share() {
            return device.startsWith("tornado") ? Double.NaN : 1e11 * rate() / peak;
        }
    }

    @Override
    public Integer call() {
        output.check();
        Machine machine = Machine.now();
        PrintWriter err = spec.commandLine().getErr();
        publish(run(options()).stream().map(Result::of).toList(), machine, err);
        return 0;
    }

    private Options options() {
        return new OptionsBuilder().include(Pattern.quote(OpBenchmark.class.getName()) + "\\.").param("op", matching())
                .param("preset", presets.toArray(String[]::new))
                .param("implementation", devices().toArray(String[]::new))
                .param("batch", String.valueOf(step.batch())).param("maskRatio", String.valueOf(step.ratio()))
                .param("threads", String.valueOf(threads)).warmupIterations(warmUp).measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(300)).shouldFailOnError(true).build();
    }

    private String[] matching() {
        try {
            Pattern pattern = Pattern.compile(match);
            String[] names = Arrays.stream(OpCase.values()).filter(op -> pattern.matcher(op.label()).matches())
                    .map(OpCase::name).toArray(String[]::new);
            if (names.length == 0) {
                throw new UserException("--match " + match + " fits none of the operations: "
                        + String.join(" ", Arrays.stream(OpCase.values()).map(OpCase::label).toList()));
            }
            return names;
        } catch (PatternSyntaxException e) {
            throw new UserException("--match " + match + " is no regular expression: " + e.getDescription(), e);
        }
    }

    private List<String> devices() {
        return devices != null ? devices : Backends.available().stream().map(line -> line.split(" ")[0]).toList();
    }

    private static Collection<RunResult> run(Options options) {
        try {
            PrintStream log = System.err; // stdout is for the result
            return new Runner(options, OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL)).run();
        } catch (RunnerException e) {
            throw new UserException("an operation failed: " + reason(e), e);
        }
    }

    /// JMH wraps what a benchmark threw, and hides what a fork threw among the suppressed ones.
    private static String reason(Throwable thrown) {
        Throwable inner = thrown.getSuppressed().length > 0 ? thrown.getSuppressed()[0] : thrown.getCause();
        return inner == null ? thrown.getMessage() : reason(inner);
    }

    private void publish(List<Result> results, Machine machine, PrintWriter err) {
        Report report =
                new Report("ops", "Operations at the shapes of a training step", Report.commandOf(spec), machine);
        Table table = new Table("operation", "preset", "executor", "ms", "GFLOP/s", "GB/s", "% of peak");
        Plot products = Plot.bars("products", "Matrix products and attention", "", "GFLOP/s");
        Plot traffic = Plot.bars("traffic", "Everything else", "", "GB/s");
        for (Result r : results) {
            boolean arithmetic = r.flops() > 0;
            table.row(r.op(), r.preset(), r.device(), 1e3 * r.seconds(), arithmetic ? (Object) r.rate() : "",
                    arithmetic ? "" : (Object) r.rate(), r.share());
            (arithmetic ? products : traffic).point(r.device() + " " + r.preset(), r.op(), r.rate());
            report.result(r);
        }
        report.table(table).note(
                "Medians. Peak: fused multiply-adds on registers for GFLOP/s, reading two arrays and writing one from "
                        + "memory for GB/s.");
        if (results.stream().anyMatch(r -> r.flops() > 0)) {
            report.plot(products);
        }
        if (results.stream().anyMatch(r -> r.bytes() > 0)) {
            report.plot(traffic);
        }
        output.publish(report, spec.commandLine().getOut(), err);
    }
}
