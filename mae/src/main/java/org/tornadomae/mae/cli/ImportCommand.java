package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tornadomae.mae.weights.WeightImport;
import org.tornadomae.mae.weights.WeightPlan;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mae import`
@Command(name = "import", abbreviateSynopsis = true,
        description = "Turn weights of mae_st, PySlowFast, VideoMAE, transformers or image MAE (.pth, .pyth, .bin, "
                + "safetensors) into ours. A table says what becomes of every tensor; nothing in the file is run.",
        footer = {"", "Examples:",
                "  mae import k400_16x4.pyth --out large.safetensors --heads 16 --decoder-heads 8 --norm-eps 1e-6 "
                        + "--pixels 0.45/0.225 --frames 16",
                "  mae import videomae/model.safetensors --out base.safetensors --encoder-only   (beside its "
                        + "config.json)",
                "  mae import mae_pretrain_vit_large.pth --out large.safetensors --heads 16 --norm-eps 1e-6 "
                        + "--pixels imagenet --frames 16 --t-patch-size 2"})
final class ImportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "weights of another program")
    private Path file;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "our weights (safetensors)")
    private Path out;

    @Option(names = "--encoder-only", description = "leave the decoder out: enough for fine-tuning")
    private boolean encoderOnly;

    @Mixin
    private FactOptions facts;

    @Override
    public Integer call() {
        try (TensorFile weights = TensorFiles.open(file)) {
            WeightPlan plan = WeightImport.plan(weights, facts.facts(), FactOptions.beside(file), encoderOnly);
            print(plan, out, facts, spec.commandLine().getOut());
        }
        return 0;
    }

    /// Prints the table, and writes the result if it is whole.
    static void print(WeightPlan plan, Path out, FactOptions facts, PrintWriter text) {
        plan.table().forEach(text::println);
        text.flush();
        plan.requireComplete(facts.allowed());
        plan.write(out).forEach(name -> text.println("warning: " + name + " holds NaN or infinities"));
        text.println("wrote " + out);
    }
}
