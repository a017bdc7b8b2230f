package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.tornadomae.mae.classify.Classification;
import org.tornadomae.mae.classify.FinetuneConfig;
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
            SavedRun<?> run = Classification.NAME.equals(file.metadata().get("objective"))
                    ? SavedRun.of(file, Classification.NAME, FinetuneConfig.class)
                    : SavedRun.pretraining(file);
            long parameters = file.names().stream().filter(name -> !name.startsWith("optimizer."))
                    .mapToLong(name -> file.entry(name).size()).sum();
            out.printf(Locale.ROOT, "step %d, epoch %.2f, %d batches seen, last on %s%n", run.at().step(),
                    run.at().epoch(), run.at().batches(), run.device());
            long tensors = file.names().stream().filter(name -> !name.startsWith("optimizer.")).count();
            file.verify();
            out.printf(Locale.ROOT, "%,d parameters in %d tensors, %s; %s%n", parameters, tensors,
                    tensors < file.names().size() ? "AdamW's moments beside them" : "weights only",
                    file.checksummed() ? "all match their checksums" : "no checksums");
            switch (run.config()) {
                case PretrainConfig pretrain -> {
                    out.println("model:   " + pretrain.model());
                    out.println("masks:   " + pretrain.mask());
                }
                case FinetuneConfig finetune -> {
                    out.println("model:   " + finetune.model());
                    out.println("start:   " + finetune.start());
                    out.println("classes: " + String.join(", ", finetune.classes()));
                    out.println("augment: " + finetune.augment() + ", " + finetune.masking());
                }
                default -> throw new IllegalStateException("unknown " + run.objective());
            }
            out.println("recipe:  " + run.train());
            out.println("dataset: " + run.dataset());
        }
        return 0;
    }
}
