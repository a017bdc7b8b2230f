package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.tornadomae.kernels.Backend;
import org.tornadomae.mae.report.TensorBoard;
import org.tornadomae.mae.train.MetricsLog;
import org.tornadomae.mae.train.PretrainConfig;
import org.tornadomae.mae.train.Pretraining;
import org.tornadomae.mae.train.RunFolder;
import org.tornadomae.mae.train.RunListener;
import org.tornadomae.mae.train.TrainConfig;
import org.tornadomae.mae.train.Trainer;
import org.tornadomae.nn.Collective;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.LoaderResources;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae pretrain`
@Command(name = "pretrain", abbreviateSynopsis = true,
        description = "Pre-train on videos in folders, tar archives or official csv lists.", sortOptions = false,
        footer = {"", "Example:",
                "  mae pretrain --data clips/ --out run1 --preset tiny --input-size 64 --frames 8 --steps 500 --lr "
                        + "1e-3",
                "  mae pretrain --resume run1",
                "A second start with the same --out continues where the first one stopped."})
final class PretrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "DIR",
            description = "folder for checkpoints and metrics.jsonl")
    private Path out;

    @Option(names = "--config", paramLabel = "FILE",
            description = "YAML file with any of these options (batch-size: 8); flags win")
    private Path config;

    @Option(names = "--resume", defaultValue = "auto", paramLabel = "auto|never|PATH",
            description = "continue from the last checkpoint in --out, from none, or from PATH, a checkpoint or the "
                    + "folder "
                    + "of a run; options that are not given are those that the run was started with (default: "
                    + "${DEFAULT-VALUE})")
    private String resume;

    @Mixin
    private DataOptions data;

    @Mixin
    private DeviceOption device;

    @Mixin
    private ModelOptions model;

    @Mixin
    private TrainOptions training;

    @Override
    public Integer call() {
        PretrainConfig pretrain = values(() -> new PretrainConfig(model.config(), training.mask()));
        TrainConfig train = values(training::config);
        PrintWriter err = spec.commandLine().getErr();
        LoaderResources resources = values(() -> data.resources(err));
        MaeCli.requireName(spec, "--out", out.toString());
        MaeCli.requireName(spec, "--data", data.source());
        err.println(values(() -> Memory.of(pretrain, train, resources)));
        try (DataOptions.Data videos = data.open(pretrain.model().clip().numFrames(), err);
                Bar bar = new Bar(err, "training", "steps")) {
            Backend backend = device.open();
            RunFolder folder = RunFolder.open(out);
            List<RunListener> listeners = List.of(new RunOptions(out, spec.commandLine()),
                    new MetricsLog(folder.metricsFile()), new TensorBoard(out), bar);
            try (RunFolder.Lock _ = folder.lock(err::println);
                    Trainer<PretrainConfig> trainer = new Trainer<>(new Pretraining(pretrain, train), train,
                            new Trainer.Data(videos.list(), resources),
                            new Trainer.Place(backend, Collective.alone(), folder), resumeFrom(folder, err),
                            listeners)) {
                return TrainingSession.run(trainer, backend, folder, err);
            }
        }
    }

    private <T> T values(Supplier<T> options) {
        return MaeCli.values(spec, options);
    }

    private Optional<Path> resumeFrom(RunFolder folder, PrintWriter err) {
        return switch (resume) {
            case "auto" -> folder.latestWhole(err::println);
            case "never" -> {
                folder.latest().ifPresent(old -> {
                    throw new UserException(folder.path() + ": already holds a run (" + old.getFileName()
                            + "); choose another --out or --resume auto");
                });
                yield Optional.empty();
            }
            case String path when Files.isDirectory(Path.of(path)) -> {
                Path checkpoint = RunFolder.open(Path.of(path)).latestWhole(err::println).orElseThrow(
                        () -> new UserException(path + ": holds no checkpoint to resume from"));
                yield Optional.of(sameFolder(Path.of(path)) ? checkpoint : folder.from(checkpoint));
            }
            default -> Optional.of(folder.from(Path.of(resume)));
        };
    }

    private boolean sameFolder(Path other) {
        return out.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
}
