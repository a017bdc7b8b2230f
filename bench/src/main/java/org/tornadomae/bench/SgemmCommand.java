package org.tornadomae.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.tornadomae.bench.report.Json;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.mae.cli.DeviceOption;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.Sizes;
import org.tornadomae.nn.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae bench sgemm`
@Command(name = "sgemm", description = "Time a square matrix product, the number that libraries are known by.",
        sortOptions = false,
        footer = {"", "Example:", "  mae bench sgemm --size 2048 --device cpu"})
final class SgemmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--size", defaultValue = "2048", paramLabel = "N",
            description = "rows and columns of all three matrices (default: ${DEFAULT-VALUE})")
    private int size;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Mixin
    private DeviceOption device;

    /// @param gflops 10⁹ operations per second, from the median time
    /// @param device which executor on which device
    record Result(@JsonProperty("gflops") double gflops, @JsonProperty("device") String device) {
    }

    @Override
    public Integer call() {
        if (size < 1) {
            throw new UserException("--size " + size + " must be at least 1");
        }
        Backend backend = device.open();
        Rng random = Rng.of(Rng.keyOf("sgemm"));
        float[] in = new float[Sizes.product(size, size)];
        float[] weight = new float[Sizes.product(size, size)];
        float[] out = new float[Sizes.product(size, size)];
        for (int i = 0; i < in.length; i++) {
            in[i] = 2 * random.nextFloat() - 1;
            weight[i] = 2 * random.nextFloat() - 1;
        }
        Program product = new Program("sgemm",
                ops -> ops.matmul(Tensor.of(out), Tensor.of(in), Tensor.of(weight), null, size, size, size));
        Stopwatch watch;
        try (Plan plan = backend.compile(List.of(product))) {
            watch = Stopwatch.time(5, 3, 30, 10, () -> {
                plan.run(product);
                return 0;
            });
        }
        Result result = new Result(2.0 * size * size * size / watch.median() / 1e9, backend.device());
        PrintWriter print = spec.commandLine().getOut();
        if (json) {
            print.println(Json.line(result));
        } else {
            print.printf(Locale.ROOT, "%.0f GFLOP/s (%d x %d, median of %d) on %s%n", result.gflops(), size, size,
                    watch.rounds(), result.device());
        }
        return 0;
    }

    /// Measures on the device of these arguments.
    static Result inItsOwnProcess(int size, StepArguments arguments) {
        List<String> args = new ArrayList<>(List.of("bench", "sgemm", "--json", "--size=" + size));
        List.of("--device", "--threads").forEach(name -> {
            if (arguments.options().containsKey(name)) {
                args.add(name + "=" + arguments.options().get(name));
            }
        });
        return Child.mae(args, Result.class);
    }
}
