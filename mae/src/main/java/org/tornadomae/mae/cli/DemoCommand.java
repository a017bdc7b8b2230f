package org.tornadomae.mae.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.tornadomae.mae.train.RunFolder;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.synthetic.SyntheticClips;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae demo`: the main job on an embedded default, by the same commands that a user would type.
@Command(name = "demo",
        description = "Train a small model for about two minutes on clips that it makes itself, and show what it "
                + "reconstructs.",
        footer = {"", "Example:", "  mae demo"})
final class DemoCommand implements Callable<Integer> {
    private static final int CLIPS = 48;
    private static final long SEED = 20260101;
    private static final List<String> RECIPE =
            List.of("--input-size", "64", "--patch-size", "8", "--frames", "8", "--sampling-rate", "2",
                    "--embed-dim", "128", "--depth", "4", "--heads", "4", "--decoder-embed-dim", "96",
                    "--decoder-depth", "2", "--decoder-heads", "3",
                    "--mask-ratio", "0.75", "--batch-size", "8", "--repeats", "1", "--lr", "1.5e-3", "--steps", "1100");

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", defaultValue = "demo", paramLabel = "DIR",
            description = "where everything goes (default: ${DEFAULT-VALUE})")
    private Path out;

    @Option(names = "--device", defaultValue = "auto", paramLabel = "DEVICE",
            description = "as of pretrain (default: ${DEFAULT-VALUE})")
    private String device;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        err.println("writing " + CLIPS + " clips of moving shapes to " + out.resolve("clips"));
        err.flush();
        Path unseen = writeClips();
        List<String> pretrain = new ArrayList<>(
                List.of("pretrain", "--data", out.resolve("clips").toString(), "--out", out.resolve("run").toString(),
                        "--device", device));
        pretrain.addAll(RECIPE);
        int exit = run(err, pretrain);
        if (exit != 0) {
            return exit;
        }
        Path checkpoint = RunFolder.open(out.resolve("run")).latest().orElseThrow();
        exit = run(err,
                List.of("reconstruct", "--checkpoint", checkpoint.toString(), "--video", unseen.toString(), "--out",
                        out.toString(),
                        "--device", device));
        if (exit == 0) {
            err.println("Everything is in " + out.toAbsolutePath()
                    + ". Next: the same two commands on videos of your own.");
            err.flush();
        }
        return exit;
    }

    /// @return a clip that is not among those to train on
    private Path writeClips() {
        try {
            SyntheticClips.small(SEED).write(out.resolve("clips"), CLIPS);
            return SyntheticClips.small(SEED + 1).write(out.resolve("unseen"), 1).getFirst();
        } catch (IOException e) {
            throw new UserException(out + ": cannot be written (" + e.getMessage() + "): choose another --out", e);
        }
    }

    private static int run(PrintWriter err, List<String> command) {
        err.println("\n$ bin/mae " + String.join(" ", command));
        err.flush();
        return MaeCli.execute(command.toArray(String[]::new));
    }
}
