package org.tornadomae.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.tornadomae.bench.report.Machine;
import org.tornadomae.bench.report.OutputOptions;
import org.tornadomae.bench.report.Plot;
import org.tornadomae.bench.report.Report;
import org.tornadomae.bench.report.Table;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.vector.VectorPeak;
import org.tornadomae.mae.cli.DeviceOption;
import org.tornadomae.mae.cli.ModelOptions;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.nn.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `mae bench peers`
@Command(name = "peers", description = {"Run the same step in PyTorch and here, in turn, and compare the medians.",
        "The peer gets its best settings: jemalloc where it is installed, as many threads as we, the fastest of "
                + "OpenBLAS's kernels."},
        sortOptions = false,
        footer = {"", "Examples:", "  mae bench peers --presets tiny,small,base,large --rounds 5 --sgemm 2048",
                "  mae bench peers --presets base --batches 2,8,32 --device tornado --peer-device cuda --precisions "
                        + "fp32,tf32,bf16",
                "  mae bench peers --python bench/libtorch/run --peer-env OPENBLAS_CORETYPE=   (libtorch without "
                        + "Python: see that file)"})
final class PeersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--presets", split = ",", paramLabel = "NAME",
            description = "models, one after the other (default: --preset)")
    private List<String> presets;

    @Option(names = "--batches", split = ",", paramLabel = "B",
            description = "batch sizes, one after the other (default: --batch-size)")
    private List<Integer> batches;

    @Option(names = "--rounds", defaultValue = "3", paramLabel = "N",
            description = "turns of peer and ours (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--sgemm", defaultValue = "0", paramLabel = "N",
            description = "also compare a product of N x N matrices, e.g. 2048 (default: no)")
    private int sgemm;

    @Mixin
    private PeerOptions peer;

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

    @Override
    public Integer call() {
        if (rounds < 1) {
            throw new UserException("--rounds " + rounds + " must be at least 1");
        }
        Map<String, MaeConfig> models = models();
        output.check();
        Report report = new Report("peers", "The same step in PyTorch and in TornadoMAE, in turn",
                Report.commandOf(spec), Machine.now());
        Backend ours = device.open();
        int threads = ours.device().startsWith("cpu") ? ours.threads() : Runtime.getRuntime().availableProcessors();
        PyTorch pytorch = tuned(peer.find(threads), threads, report);
        VectorPeak machine = new VectorPeak(threads);
        List<Double> peaks = new ArrayList<>();
        List<PairedRun> pairs = pairs(models, pytorch, threads);
        for (int round = 1; round <= rounds; round++) {
            for (PairedRun pair : pairs) {
                PairedRun.Round scores = pair.play();
                say("round %d of %d, %s: PyTorch %.3f %s, ours %.3f%n", round, rounds, pair.what(),
                        scores.theirs().speed(), pair.unit(), scores.ours().speed());
            }
            peaks.add(machine.flopsPerSecond());
        }
        summarise(report, pairs, Stopwatch.median(peaks.stream().mapToDouble(peak -> peak).toArray()));
        output.publish(report, spec.commandLine().getOut(), spec.commandLine().getErr());
        return 0;
    }

    /// The models by their presets: a wrong one is found before the first minute of measuring.
    private Map<String, MaeConfig> models() {
        Map<String, MaeConfig> models = new LinkedHashMap<>();
        try {
            (presets == null ? List.of(model.preset()) : presets)
                    .forEach(preset -> models.put(preset, model.config(preset)));
        } catch (UserException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        return models;
    }

    private void say(String format, Object... values) {
        PrintWriter err = spec.commandLine().getErr();
        err.printf(Locale.ROOT, format, values);
        err.flush();
    }

    /// Tries OpenBLAS's kernels on a product and takes the fastest.
    private PyTorch tuned(PyTorch pytorch, int threads, Report report) {
        List<String> kernels = peer.onProcessor() ? pytorch.kernels() : List.of("");
        Map<String, Double> speeds = new LinkedHashMap<>();
        for (String kernel : kernels.size() > 1 ? kernels : List.<String>of()) {
            speeds.put(kernel, pytorch.withKernel(kernel)
                    .run(peer.sgemm(2048, threads, "fp32"), SgemmCommand.Result.class).gflops());
            say("PyTorch with OPENBLAS_CORETYPE=%s: %.0f GFLOP/s%n", kernel, speeds.get(kernel));
        }
        String best = speeds.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey)
                .orElse(kernels.getFirst());
        PyTorch chosen = pytorch.withKernel(best);
        report.note(
                "PyTorch ran with "
                        + String.join(" ",
                                chosen.environment().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue())
                                        .toList())
                        + (speeds
                                .isEmpty()
                                        ? "."
                                        : ", the fastest of OPENBLAS_CORETYPE by SGEMM 2048: "
                                                + String.join(", ", speeds.entrySet().stream()
                                                        .map(e -> (e.getKey().isEmpty() ? "unset" : e.getKey()) + " "
                                                                + Table.digits(e.getValue()) + " GFLOP/s")
                                                        .toList())
                                                + "."));
        return chosen;
    }

    private List<PairedRun> pairs(Map<String, MaeConfig> models, PyTorch pytorch, int threads) {
        StepArguments ours = StepArguments.of(spec);
        List<PairedRun> pairs = new ArrayList<>();
        for (String precision : peer.precisions()) {
            if (sgemm > 0) {
                pairs.add(new PairedRun(named("sgemm " + sgemm, precision), "GFLOP/s", 1e9,
                        () -> new PairedRun.Score(
                                pytorch.run(peer.sgemm(sgemm, threads, precision), SgemmCommand.Result.class).gflops(),
                                0),
                        () -> new PairedRun.Score(SgemmCommand.inItsOwnProcess(sgemm, ours).gflops(), 0)));
            }
            models.forEach((preset, config) -> {
                for (int batch : batches == null ? List.of(step.batch()) : batches) {
                    pairs.add(new PairedRun(named(preset + " batch " + batch, precision), "clips/s",
                            StepWork.flops(config, 1, step.ratio()),
                            () -> PairedRun.Score.of(pytorch
                                    .run(peer.step(config, step, batch, timing, threads, precision), StepResult.class)),
                            () -> PairedRun.Score.of(ours.with("--preset", preset).with("--batch-size", batch).run())));
                }
            });
        }
        return pairs;
    }

    /// Ours is always fp32.
    private static String named(String what, String precision) {
        return precision.equals("fp32") ? what : what + " (PyTorch " + precision + ")";
    }

    private void summarise(Report report, List<PairedRun> pairs, double peak) {
        Table table = new Table("what", "unit", "PyTorch", "ours", "ours / PyTorch", "PyTorch GiB", "ours GiB",
                "memory ratio", "our GFLOP/s", "% of peak");
        Plot plot = Plot.bars("speed", "Ours over PyTorch (medians)", "", "times as fast");
        for (PairedRun pair : pairs) {
            double theirMemory = pair.median(r -> r.theirs().memory()) / (1 << 30);
            double ourMemory = pair.median(r -> r.ours().memory()) / (1 << 30);
            double rate = pair.flops() * pair.median(r -> r.ours().speed());
            table.row(pair.what(), pair.unit(), pair.median(r -> r.theirs().speed()),
                    pair.median(r -> r.ours().speed()), pair.ratio(),
                    theirMemory > 0 ? (Object) theirMemory : "", ourMemory > 0 ? (Object) ourMemory : "",
                    ourMemory / theirMemory, rate / 1e9,
                    peer.onProcessor() ? 100 * rate / peak : Double.NaN);
            plot.point("ours / PyTorch", pair.what(), pair.ratio());
            report.result(pair.result());
        }
        report.table(table).plot(plot)
                .note(String.format(Locale.ROOT,
                        "Medians of %d rounds, each a fresh process of the peer and one of ours, in turn. "
                                + "Peak of the processor in the same run: %.0f GFLOP/s.",
                        rounds, peak / 1e9));
    }
}
