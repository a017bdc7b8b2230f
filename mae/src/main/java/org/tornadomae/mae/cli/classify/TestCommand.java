package org.tornadomae.mae.cli.classify;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tornadomae.kernels.Backend;
import org.tornadomae.mae.classify.Accuracy;
import org.tornadomae.mae.classify.Classification;
import org.tornadomae.mae.classify.Evaluation;
import org.tornadomae.mae.classify.Predictions;
import org.tornadomae.mae.classify.Trained;
import org.tornadomae.mae.classify.ViewRunner;
import org.tornadomae.mae.cli.Bar;
import org.tornadomae.mae.cli.DataOptions;
import org.tornadomae.mae.cli.DeviceOption;
import org.tornadomae.mae.cli.MaeCommand;
import org.tornadomae.mae.picture.ConfusionPicture;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.source.VideoList;
import org.tornadomae.video.views.TestViews;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae test`
@Command(name = "test", sortOptions = false,
        description = "Test a classifier on labelled videos, several views of each, and say how often it is right.",
        footer = {"", "Examples:", "  mae test --checkpoint run2/checkpoint-00010000.safetensors --data test.csv",
                "  mae test --checkpoint run2/checkpoint-00010000.safetensors --data test.csv --views 1x1   (a quick "
                        + "look)",
                "A second start with the same --out continues where the first one stopped."})
public final class TestCommand implements MaeCommand {
    @Spec
    private CommandSpec spec;

    @Option(names = "--checkpoint", required = true, paramLabel = "FILE",
            description = "from 'mae finetune', or imported weights")
    private Path checkpoint;

    @Mixin
    private DataOptions data;

    @Option(names = "--views", defaultValue = "7x3", paramLabel = "TxS",
            description = "views of a video: in time by in space (default: ${DEFAULT-VALUE})")
    private String views;

    @Option(names = "--out", defaultValue = "predictions.csv", paramLabel = "FILE",
            description = "one line for each video; beside it go the accuracy of each class and a picture of"
                    + " the confusion"
                    + " (default: ${DEFAULT-VALUE})")
    private Path out;

    @Option(names = "--batch-size", defaultValue = "4", paramLabel = "B",
            description = "views together (default: ${DEFAULT-VALUE})")
    private int batchSize;

    @Mixin
    private DeviceOption device;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        TestViews looks = ViewOption.parse(views);
        Trained trained = Trained.open(checkpoint, batch(batchSize)).requireHead(checkpoint);
        int classes = trained.classes().size();
        try (DataOptions.Data videos = data.open(trained.model().config().clip().numFrames(), err);
                Bar bar = new Bar(err, "testing", "videos")) {
            VideoList list = videos.list();
            Classification.labels(list, classes);
            Backend backend = device.open();
            err.println("device: " + backend.device());
            String what = checkpoint.getFileName() + ", " + size(checkpoint) + " bytes, on " + list.size() + " videos ("
                    + list.fingerprint().substring(0, 12) + "), " + views + " views";
            Predictions predictions = Predictions.open(out, what, list);
            try (ViewRunner runner = new ViewRunner(trained, looks, backend, data.resources(err).workers())) {
                Accuracy accuracy = Evaluation.test(runner, list, classes, predictions, done -> bar.show(done,
                        list.size()));
                report(accuracy, trained.classes(), list, predictions);
            }
        }
        return 0;
    }

    static int batch(int size) {
        if (size < 1) {
            throw new UserException("--batch-size " + size + " must be at least 1");
        }
        return size;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UserException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private void report(Accuracy accuracy, List<String> names, VideoList list, Predictions predictions) {
        PrintWriter text = spec.commandLine().getOut();
        for (int i = 0; i < predictions.rows().size(); i++) {
            if (predictions.rows().get(i).ranked().length == 0) {
                text.println("without result: " + list.name(i) + ": " + predictions.rows().get(i).reason());
            }
        }
        if (accuracy.videos() == 0) {
            throw new UserException(list.source() + ": no video could be looked at");
        }
        Path perClass = beside("-classes.csv");
        Path picture = beside("-confusion.png");
        writeClasses(perClass, accuracy, names);
        ConfusionPicture.write(picture, accuracy.confusion());
        text.printf(Locale.ROOT, "top-1 %.2f %%, top-5 %.2f %% of %d videos, %s views each%s%n", 100 * accuracy.top1(),
                100 * accuracy.top5(), accuracy.videos(), views,
                accuracy.without() > 0 ? "; " + accuracy.without() + " without result are not counted" : "");
        List.of(out, perClass, picture).forEach(file -> text.println("wrote " + file));
        text.flush();
    }

    private Path beside(String ending) {
        String name = out.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return out.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ending);
    }

    private static void writeClasses(Path file, Accuracy accuracy, List<String> names) {
        List<String> lines = new ArrayList<>(List.of("class,name,videos,accuracy"));
        for (int k = 0; k < names.size(); k++) {
            String share = accuracy.videosOf(k) == 0 ? "" : String.format(Locale.ROOT, "%.4f", accuracy.ofClass(k));
            lines.add(k + ",\"" + names.get(k).replace("\"", "\"\"") + "\"," + accuracy.videosOf(k) + "," + share);
        }
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UserException(file + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
