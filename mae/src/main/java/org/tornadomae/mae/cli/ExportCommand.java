package org.tornadomae.mae.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.tornadomae.mae.weights.Dialect;
import org.tornadomae.mae.weights.WeightExport;
import org.tornadomae.mae.weights.WeightPlan;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mae export`
@Command(name = "export", abbreviateSynopsis = true,
        description = "Write our weights under another program's names: as a PyTorch checkpoint where the file ends in "
                + ".pth, .pt, .pyth or .bin, else as safetensors. Optimizer state stays behind.",
        footer = {"", "Examples:",
                "  mae export run1/checkpoint-00000500.safetensors --to slowfast --out large.pyth --norm-eps 1e-6 "
                        + "--pixels 0.45/0.225",
                "  mae export classifier.safetensors --to hf --out videomae/model.safetensors"})
final class ExportCommand implements Callable<Integer> {
    /// The programs that weights can be written for.
    enum Target {
        OURS, HF, SLOWFAST, VIDEOMAE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE",
            description = "our weights, a checkpoint of ours, or weights that import understands")
    private Path file;

    @Option(names = "--to", required = true, paramLabel = "PROGRAM", description = "${COMPLETION-CANDIDATES}")
    private Target to;

    @Option(names = "--out", required = true, paramLabel = "FILE")
    private Path out;

    @Mixin
    private FactOptions facts;

    @Override
    public Integer call() {
        try (TensorFile weights = TensorFiles.open(file)) {
            WeightPlan plan = WeightExport.plan(weights, facts.facts(), Dialect.valueOf(to.name()));
            ImportCommand.print(plan, out, facts, spec.commandLine().getOut());
            if (to == Target.HF) {
                writeConfig(plan.metadata().get("config"));
            }
        }
        return 0;
    }

    /// transformers wants the sizes in a file of their own; one that is already there is the user's.
    private void writeConfig(String json) {
        Path config = out.resolveSibling("config.json");
        try {
            Files.writeString(config, json + "\n", StandardOpenOption.CREATE_NEW);
            spec.commandLine().getOut().println("wrote " + config);
        } catch (FileAlreadyExistsException e) {
            spec.commandLine().getOut().println("kept " + config + ", which was there already");
        } catch (IOException e) {
            throw new UserException(config + ": could not be written (" + e.getMessage() + ")", e);
        }
    }
}
