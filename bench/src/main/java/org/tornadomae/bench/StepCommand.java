package org.tornadomae.bench;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.tornadomae.bench.report.Json;
import org.tornadomae.kernels.Backend;
import org.tornadomae.mae.cli.DeviceOption;
import org.tornadomae.mae.cli.ModelOptions;
import org.tornadomae.mae.model.MaeConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae bench step`
@Command(name = "step",
        description = "Time whole training steps on random clips: masks, forward, backward, clipping, AdamW.",
        sortOptions = false,
        footer = {"", "Example:", "  mae bench step --preset base --batch-size 2 --steps 3 --device cpu --json",
                "Peak memory is VmHWM of /proc/self/status; where there is none, the sum of the peaks of Java's "
                        + "memory pools."})
final class StepCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Mixin
    private TimingOptions timing;

    @Mixin
    private StepOptions step;

    @Mixin
    private DeviceOption device;

    @Mixin
    private ModelOptions model;

    @Override
    public Integer call() {
        MaeConfig config = model.config();
        double flops = StepWork.flops(config, step.batch(), step.ratio());
        Backend backend = device.open();
        PrintWriter err = spec.commandLine().getErr();
        Stopwatch watch;
        try (TrainingStep training = new TrainingStep(config, step.batch(), step.ratio(), backend)) {
            err.printf(Locale.ROOT, "%s: first step begins %.1f s after the start of Java%n", backend.device(),
                    ManagementFactory.getRuntimeMXBean().getUptime() / 1e3);
            watch = timing.time(training::run);
        }
        StepResult result =
                new StepResult(step.batch() / watch.median(), watch.median(), PeakMemory.bytes(), watch.last(),
                        backend.device(), backend.threads());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.line(result));
        } else {
            out.printf(Locale.ROOT,
                    "%.3f clips/s, %.3f s per step (median of %d), %.0f GFLOP per step, %.0f GFLOP/s, peak memory "
                            + "%.2f GiB, loss %.4f%n",
                    result.clipsPerSecond(), watch.median(), watch.rounds(), flops / 1e9, flops / 1e9 / watch.median(),
                    result.peakRssBytes() / (double) (1 << 30), result.loss());
        }
        return 0;
    }
}
