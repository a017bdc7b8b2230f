package org.tornadomae.mae.cli.classify;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tornadomae.kernels.Backend;
import org.tornadomae.mae.classify.Backbone;
import org.tornadomae.mae.classify.Classification;
import org.tornadomae.mae.classify.FinetuneConfig;
import org.tornadomae.mae.classify.Recipe;
import org.tornadomae.mae.classify.Validation;
import org.tornadomae.mae.cli.Bar;
import org.tornadomae.mae.cli.DataOptions;
import org.tornadomae.mae.cli.DeviceOption;
import org.tornadomae.mae.cli.MaeCli;
import org.tornadomae.mae.cli.MaeCommand;
import org.tornadomae.mae.cli.ModelOptions;
import org.tornadomae.mae.cli.TrainingSession;
import org.tornadomae.mae.model.ClassifierConfig;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.train.MetricsLog;
import org.tornadomae.mae.train.RunFolder;
import org.tornadomae.mae.train.RunListener;
import org.tornadomae.mae.train.TrainConfig;
import org.tornadomae.mae.train.Trainer;
import org.tornadomae.nn.Collective;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import org.tornadomae.video.source.VideoList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae finetune`
@Command(name = "finetune", abbreviateSynopsis = true, sortOptions = false,
        description = "Train a classifier of videos, from a pre-trained encoder or from nothing.",
        footer = {"", "Examples:",
                "  mae finetune --data train.csv --val val.csv --checkpoint run1/checkpoint-00000500.safetensors"
                        + " --out run2",
                "  mae finetune --data train.csv --val val.csv --checkpoint large.safetensors --out run3 --mask-ratio "
                        + "0.5",
                "  mae finetune --data train.csv --val val.csv --from-scratch --preset small --input-size 96 --out "
                        + "run4",
                "A second start with the same --out continues where the first one stopped."})
public final class FinetuneCommand implements MaeCommand {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data;

    @Option(names = "--val", paramLabel = "LIST",
            description = "labelled videos to look at after each checkpoint, one view each")
    private String val;

    @Option(names = "--checkpoint", paramLabel = "FILE",
            description = "encoder to start from: a checkpoint, or weights from 'mae import'")
    private Path checkpoint;

    @Option(names = "--from-scratch", description = "start from nothing; the model is what --preset and its like say")
    private boolean fromScratch;

    @Option(names = "--out", required = true, paramLabel = "DIR",
            description = "folder for checkpoints and metrics.jsonl")
    private Path out;

    @Option(names = "--config", paramLabel = "FILE",
            description = "YAML file with any of these options (batch-size: 8); flags win")
    private Path config;

    @Option(names = "--classes", paramLabel = "FILE",
            description = "names of the classes, one a line (default: classes.txt beside --data, if there is one)")
    private Path classes;

    @Mixin
    private DeviceOption device;

    @Mixin
    private ModelOptions model;

    @Mixin
    private RecipeOptions recipe;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Backbone backbone = backbone();
        try (DataOptions.Data videos = data.open(backbone.clip().numFrames(), err);
                Bar bar = new Bar(err, "fine-tuning", "steps")) {
            Recipe usual = Recipe.of(backbone.encoder().embedDim());
            TrainConfig train = recipe.config(usual);
            FinetuneConfig finetune = finetune(backbone, usual, videos.list());
            Backend backend = device.open();
            RunFolder folder = RunFolder.open(out);
            MetricsLog log = new MetricsLog(folder.metricsFile());
            List<RunListener> listeners = val == null
                    ? List.of(log, bar)
                    : List.of(log, bar, validation(finetune, backend, List.of(log, print(err))));
            Classification objective = new Classification(finetune, train, videos.list(),
                    Optional.ofNullable(fromScratch ? null : checkpoint));
            try (RunFolder.Lock _ = folder.lock(err::println);
                    Trainer<FinetuneConfig> trainer = new Trainer<>(objective, train,
                            new Trainer.Data(videos.list(), data.resources(err)),
                            new Trainer.Place(backend, Collective.alone(), folder), folder.latestWhole(err::println),
                            listeners)) {
                return TrainingSession.run(trainer, backend, folder, err);
            }
        }
    }

    private FinetuneConfig finetune(Backbone backbone, Recipe usual, VideoList videos) {
        List<String> names = ClassNames.of(classes, videos);
        ClassifierConfig classifier = new ClassifierConfig(clip(backbone.clip()), backbone.encoder(),
                backbone.clsEmbed(),
                names.size(), recipe.drop(usual), false);
        return new FinetuneConfig(classifier, recipe.augment(), recipe.masking(), names,
                fromScratch ? "nothing" : checkpoint.getFileName().toString());
    }

    private Validation validation(FinetuneConfig finetune, Backend backend, List<RunListener> others) {
        PrintWriter err = spec.commandLine().getErr();
        VideoList videos = DataOptions.find(val, null, err);
        videos.report().lines().forEach(line -> err.println("val: " + line));
        Classification.labels(videos, finetune.model().classes());
        return new Validation(videos, backend, data.resources(err).workers(), others);
    }

    private static RunListener print(PrintWriter err) {
        return new RunListener() {
            @Override
            public void evaluation(long step, Map<String, Double> values) {
                err.printf(Locale.ROOT, "%nstep %d, one view: top-1 %.1f %%, top-5 %.1f %%%n", step,
                        100 * values.get("top1"),
                        100 * values.get("top5"));
                err.flush();
            }
        };
    }

    private Backbone backbone() {
        for (String option : List.of("--decoder-embed-dim", "--decoder-depth", "--decoder-heads", "--pred-frames",
                "--dialect")) {
            if (given(option)) {
                throw new UserException(option + " is for pre-training: a classifier has no decoder");
            }
        }
        if (fromScratch == (checkpoint != null)) {
            throw new UserException("give either --checkpoint FILE or --from-scratch");
        }
        if (fromScratch) {
            MaeConfig mae = model.config();
            return new Backbone(mae.clip(), mae.encoder(), mae.clsEmbed(), Optional.empty(), Backbone.USUAL_RATE);
        }
        for (String option : List.of("--preset", "--patch-size", "--t-patch-size", "--embed-dim", "--depth", "--heads",
                "--mlp-ratio", "--positions", "--cls-token", "--qkv-bias")) {
            if (given(option)) {
                throw new UserException(option + " is for --from-scratch: with --checkpoint the file says it");
            }
        }
        try (TensorFile file = TensorFiles.open(checkpoint)) {
            return Backbone.of(file);
        }
    }

    /// Clips as the encoder saw them, unless others are asked for.
    private ClipGeometry clip(ClipGeometry trained) {
        if (fromScratch) {
            return trained;
        }
        return new ClipGeometry(given("--frames") ? model.frames() : trained.numFrames(),
                given("--input-size") ? model.inputSize() : trained.imgSize(), trained.tPatchSize(),
                trained.patchSize());
    }

    private boolean given(String option) {
        return MaeCli.given(spec.commandLine(), spec.findOption(option));
    }
}
