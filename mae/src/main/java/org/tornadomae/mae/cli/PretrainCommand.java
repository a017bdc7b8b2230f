package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.tornadomae.kernels.Backend;
import org.tornadomae.mae.MaeConfig;
import org.tornadomae.mae.RunFolder;
import org.tornadomae.mae.TrainConfig;
import org.tornadomae.mae.Trainer;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.VideoList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae pretrain`
@Command(name = "pretrain", abbreviateSynopsis = true, description = "Pre-train on a folder of videos or an official csv list ('path label').", sortOptions = false,
        footer = {"", "Example:", "  mae pretrain --data clips/ --out run1 --preset tiny --input-size 64 --frames 8 --steps 500 --lr 1e-3",
                "A second start with the same --out continues where the first one stopped."})
final class PretrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", required = true, paramLabel = "PATH", description = "folder of videos, or csv list")
    private Path data;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder for checkpoints and metrics.jsonl")
    private Path out;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with any of these options (batch-size: 8); flags win")
    private Path config;

    @Option(names = "--resume", defaultValue = "auto", paramLabel = "auto|never|FILE",
            description = "continue from the last checkpoint in --out, from none, or from FILE (default: ${DEFAULT-VALUE})")
    private String resume;

    @Option(names = "--workers", paramLabel = "N", description = "decoder threads (default: half of the cores)")
    private Integer workers;

    @Mixin
    private DeviceOption device;

    @Mixin
    private ModelOptions model;

    @Mixin
    private TrainOptions training;

    @Override
    public Integer call() {
        MaeConfig maeConfig = model.config();
        TrainConfig trainConfig = training.config();
        VideoList videos = VideoList.of(data);
        Backend backend = device.open();
        RunFolder folder = RunFolder.open(out);
        PrintWriter err = spec.commandLine().getErr();
        try (Trainer trainer = new Trainer(maeConfig, trainConfig, videos, backend, folder, resumeFrom(folder), workers())) {
            TrainingSession.run(trainer, backend, folder, err);
        }
        return 0;
    }

    private int workers() {
        int count = workers == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : workers;
        if (count < 1) {
            throw new UserException("--workers " + count + " must be at least 1");
        }
        return count;
    }

    private Optional<Path> resumeFrom(RunFolder folder) {
        return switch (resume) {
            case "auto" -> folder.latest();
            case "never" -> {
                folder.latest().ifPresent(old -> {
                    throw new UserException(folder.path() + ": already holds a run (" + old.getFileName() + "); choose another --out or --resume auto");
                });
                yield Optional.empty();
            }
            default -> Optional.of(Path.of(resume));
        };
    }
}
