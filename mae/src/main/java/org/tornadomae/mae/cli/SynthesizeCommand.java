package org.tornadomae.mae.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.synthetic.LabelledClips;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae synthesize`
@Command(name = "synthesize", description = "Make a small labelled data set: moving shapes, whose class is outline and"
        + " motion together, so that one frame is not enough.", sortOptions = false,
        footer = {"", "Example:", "  mae synthesize --out shapes --classes 12 --clips 600"})
final class SynthesizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "DIR",
            description = "gets clips/, train.csv, val.csv (a fifth of the clips) and classes.txt")
    private Path out;

    @Option(names = "--classes", required = true, paramLabel = "K", description = "how many classes, 2 to 40")
    private int classes;

    @Option(names = "--clips", required = true, paramLabel = "N",
            description = "how many clips in all; the classes take turns")
    private int clips;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "0",
            description = "chooses colours, places and speeds (default: ${DEFAULT-VALUE})")
    private long seed;

    @Override
    public Integer call() {
        if (classes < 2 || classes > LabelledClips.MAX_CLASSES) {
            throw new UserException("--classes " + classes + " must be from 2 to " + LabelledClips.MAX_CLASSES);
        }
        if (clips < 2 * classes) {
            throw new UserException("--clips " + clips + " must be at least " + 2 * classes
                    + ": one of each class to train on and one to validate");
        }
        AtomicInteger done = new AtomicInteger();
        try (Bar bar = new Bar(spec.commandLine().getErr(), "writing", "clips")) {
            LabelledClips.Written written = new LabelledClips(classes, seed)
                    .write(out, clips, () -> bar.show(done.incrementAndGet(), clips));
            PrintWriter report = spec.commandLine().getOut();
            report.println(out + ": " + classes + " classes; " + written.train() + " clips in train.csv, "
                    + written.validation() + " in val.csv");
            report.flush();
            return 0;
        } catch (IOException e) {
            throw new UserException(out + ": cannot be written (" + e.getMessage() + "): choose another --out", e);
        }
    }
}
