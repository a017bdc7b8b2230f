package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.tornadomae.mae.train.PretrainConfig;
import org.tornadomae.mae.train.SavedRun;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mae info`
@Command(name = "info",
        description = "Say what a checkpoint holds.",
        footer = {"", "Example:", "  mae info run1/checkpoint-00000500.safetensors"})
final class InfoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CHECKPOINT")
    private Path checkpoint;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (TensorFile file = TensorFiles.open(checkpoint)) {
            SavedRun<PretrainConfig> run = SavedRun.pretraining(file);
            long parameters = file.names().stream().filter(name -> !name.startsWith("optimizer."))
                    .mapToLong(name -> file.entry(name).size()).sum();
            out.printf(Locale.ROOT, "step %d, epoch %.2f, %d batches seen, last on %s%n", run.at().step(),
                    run.at().epoch(), run.at().batches(), run.device());
            out.printf(Locale.ROOT, "%,d parameters in %d tensors, AdamW moments included in the file%n", parameters,
                    file.names().size() / 3);
            out.println("model:   " + run.config().model());
            out.println("masks:   " + run.config().mask());
            out.println("recipe:  " + run.train());
            out.println("dataset: " + run.dataset());
        }
        return 0;
    }
}
