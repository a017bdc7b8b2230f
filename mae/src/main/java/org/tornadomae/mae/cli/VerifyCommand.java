package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.tornadomae.kernels.Backend;
import org.tornadomae.mae.verify.ReferenceCheck;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mae verify`
@Command(name = "verify",
        description = "Compare forward, backward and optimizer steps with a dump of the official code's numbers.",
        footer = {"", "Example:", "  mae verify reference.safetensors --device loop",
                "Exit code 0 when every tensor is within the tolerance, else 1."})
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FIXTURE", description = "reference dumps (safetensors)")
    private List<Path> fixtures;

    @Option(names = "--tolerance", defaultValue = "1e-4", paramLabel = "X",
            description = "largest relative error (default: ${DEFAULT-VALUE})")
    private double tolerance;

    @Mixin
    private DeviceOption device;

    @Override
    public Integer call() {
        Backend backend = device.open();
        PrintWriter out = spec.commandLine().getOut();
        out.println("device: " + backend.device());
        boolean ok = true;
        for (Path fixture : fixtures) {
            try (TensorFile dump = TensorFiles.open(fixture)) {
                ok &= print(fixture, ReferenceCheck.run(dump, backend), out);
            }
        }
        return ok ? 0 : 1;
    }

    private boolean print(Path fixture, List<ReferenceCheck.Line> lines, PrintWriter out) {
        long failed = 0;
        double worst = 0;
        for (ReferenceCheck.Line line : lines) {
            boolean ok = line.ok(tolerance);
            failed += ok ? 0 : 1;
            worst = Math.max(worst, Double.isNaN(line.limit()) ? line.error() : 0);
            out.printf(Locale.ROOT, "%-4s %.3e  %s%n", ok ? "ok" : "FAIL", line.error(), line.name());
        }
        out.printf(Locale.ROOT, "%s: %d of %d tensors within %.0e, worst %.2e%n", fixture, lines.size() - failed,
                lines.size(), tolerance, worst);
        out.flush();
        return failed == 0;
    }
}
