package org.tornadomae.mae.cli.classify;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.tornadomae.kernels.Backend;
import org.tornadomae.mae.classify.Features;
import org.tornadomae.mae.classify.Trained;
import org.tornadomae.mae.classify.ViewRunner;
import org.tornadomae.mae.cli.Bar;
import org.tornadomae.mae.cli.DataOptions;
import org.tornadomae.mae.cli.DeviceOption;
import org.tornadomae.mae.cli.MaeCommand;
import org.tornadomae.video.source.VideoList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae extract`
@Command(name = "extract", sortOptions = false,
        description = "Write the encoder's features of videos: the normalised mean of"
                + " their tokens.",
        footer = {"", "Example:", "  mae extract --checkpoint run1/checkpoint-00000500.safetensors --data"
                + " train.csv --out train.safetensors"})
public final class ExtractCommand implements MaeCommand {
    @Spec
    private CommandSpec spec;

    @Option(names = "--checkpoint", required = true, paramLabel = "FILE",
            description = "checkpoint, or imported weights")
    private Path checkpoint;

    @Mixin
    private DataOptions data;

    @Option(names = "--out", required = true, paramLabel = "FILE",
            description = "safetensors with features and labels, or .npy with the features alone")
    private Path out;

    @Option(names = "--views", defaultValue = "1x1", paramLabel = "TxS",
            description = "views of a video, whose mean is taken (default: ${DEFAULT-VALUE})")
    private String views;

    @Option(names = "--batch-size", defaultValue = "4", paramLabel = "B",
            description = "views together (default: ${DEFAULT-VALUE})")
    private int batchSize;

    @Mixin
    private DeviceOption device;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Trained trained = Trained.open(checkpoint, TestCommand.batch(batchSize));
        int dims = trained.model().config().encoder().embedDim();
        try (DataOptions.Data videos = data.open(trained.model().config().clip().numFrames(), err);
                Bar bar = new Bar(err, "extracting", "videos")) {
            VideoList list = videos.list();
            Backend backend = device.open();
            try (ViewRunner runner = new ViewRunner(trained, ViewOption.parse(views), backend,
                    data.resources(err).workers())) {
                Features.Extracted extracted = Features.extract(runner, list, dims, done -> bar.show(done,
                        list.size()));
                extracted.features().write(out);
                PrintWriter text = spec.commandLine().getOut();
                extracted.without().forEach((name, reason) -> text.println("left out: " + name + ": " + reason));
                text.println("wrote " + out + ": " + extracted.features().count() + " features of " + dims
                        + " numbers");
                text.flush();
            }
        }
        return 0;
    }
}
