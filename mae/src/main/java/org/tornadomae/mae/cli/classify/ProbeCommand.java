package org.tornadomae.mae.cli.classify;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.tornadomae.mae.classify.Accuracy;
import org.tornadomae.mae.classify.Features;
import org.tornadomae.mae.classify.Probe;
import org.tornadomae.mae.cli.MaeCommand;
import org.tornadomae.nn.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae probe`
@Command(name = "probe", sortOptions = false, description = "Say how much of the classes frozen features tell.",
        footer = {"", "Examples:", "  mae extract --checkpoint run1/checkpoint-00000500.safetensors --data"
                + " train.csv --out train.safetensors",
                "  mae extract --checkpoint run1/checkpoint-00000500.safetensors --data val.csv --out val.safetensors",
                "  mae probe --train train.safetensors --val val.safetensors --kind linear"})
public final class ProbeCommand implements MaeCommand {
    @Spec
    private CommandSpec spec;

    @Option(names = "--train", required = true, paramLabel = "FILE",
            description = "features to learn from, by 'mae extract'")
    private Path train;

    @Option(names = "--val", required = true, paramLabel = "FILE", description = "features to test on")
    private Path val;

    @Option(names = "--kind", defaultValue = "knn", paramLabel = "KIND",
            description = "${COMPLETION-CANDIDATES}: the vote of the nearest, or a linear layer (default:"
                    + " ${DEFAULT-VALUE})")
    private Kind kind;

    @Option(names = "--neighbours", defaultValue = "20", paramLabel = "K",
            description = "that vote (default: ${DEFAULT-VALUE})")
    private int neighbours;

    @Option(names = "--epochs", defaultValue = "90", paramLabel = "N",
            description = "of the linear layer (default: ${DEFAULT-VALUE})")
    private int epochs;

    @Option(names = "--batch-size", defaultValue = "256", paramLabel = "B",
            description = "features of a step (default: ${DEFAULT-VALUE})")
    private int batchSize;

    @Option(names = "--lr", defaultValue = "6.4", paramLabel = "RATE",
            description = "peak learning rate of LARS, the recipe's (default: ${DEFAULT-VALUE})")
    private double lr;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "S",
            description = "of the linear layer (default: ${DEFAULT-VALUE})")
    private long seed;

    /// Probes.
    enum Kind { KNN, LINEAR }

    @Override
    public Integer call() {
        if (neighbours < 1 || epochs < 1 || batchSize < 2 || !(lr > 0)) {
            throw new UserException("--neighbours, --epochs and --lr must be positive, --batch-size at least 2");
        }
        Features known = Features.read(train);
        Features unknown = Features.read(val);
        if (known.dims() != unknown.dims()) {
            throw new UserException(val + ": features of " + unknown.dims() + " numbers, but " + train + " has "
                    + known.dims() + ": both must be of one model");
        }
        Probe probe = new Probe(known, unknown);
        Accuracy accuracy = kind == Kind.KNN ? probe.nearest(neighbours) : probe.linear(epochs, batchSize, lr, seed);
        PrintWriter text = spec.commandLine().getOut();
        text.printf(Locale.ROOT, "%s: top-1 %.2f %%, top-5 %.2f %% of %d features%n",
                kind == Kind.KNN ? neighbours + " nearest neighbours" : "linear probe", 100 * accuracy.top1(),
                100 * accuracy.top5(), accuracy.videos());
        text.flush();
        return 0;
    }
}
