package org.tornadomae.mae.cli.classify;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tornadomae.kernels.Backend;
import org.tornadomae.mae.classify.Evaluation;
import org.tornadomae.mae.classify.Ranking;
import org.tornadomae.mae.classify.Trained;
import org.tornadomae.mae.classify.ViewRunner;
import org.tornadomae.mae.cli.DeviceOption;
import org.tornadomae.mae.cli.MaeCommand;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.Decoder;
import org.tornadomae.video.source.Video;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `mae predict`
@Command(name = "predict", sortOptions = false,
        description = "Say what is to be seen in videos, by a classifier's classes.",
        footer = {"", "Examples:", "  mae predict --checkpoint run2/checkpoint-00010000.safetensors holiday.mp4",
            "  mae predict --checkpoint run2/checkpoint-00010000.safetensors --top 1 --json *.mp4",
            "Exit code 0 when every video could be looked at, else 1."})
public final class PredictCommand implements MaeCommand {
    @Spec
    private CommandSpec spec;

    @Option(names = "--checkpoint", required = true, paramLabel = "FILE",
            description = "from 'mae finetune', or imported weights")
    private Path checkpoint;

    @Parameters(arity = "1..*", paramLabel = "VIDEO", description = "video files")
    private List<Path> files;

    @Option(names = "--top", defaultValue = "5", paramLabel = "N",
            description = "classes to name (default: ${DEFAULT-VALUE})")
    private int top;

    @Option(names = "--views", defaultValue = "3x1", paramLabel = "TxS",
            description = "views of a video: in time by in space (default: ${DEFAULT-VALUE})")
    private String views;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Mixin
    private DeviceOption device;

    @Override
    public Integer call() {
        if (top < 1) {
            throw new UserException("--top " + top + " must be at least 1");
        }
        List<Video> videos = new ArrayList<>();
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new UserException(file + ": no such file");
            }
            videos.add(new Video(file.toString(), ByteSource.of(file), Video.NO_LABEL, Video.UNKNOWN));
        }
        Trained trained = Trained.open(checkpoint, 1).requireHead(checkpoint);
        Backend backend = device.open();
        Printer printer = new Printer(spec.commandLine().getOut(), trained.classes());
        try (ViewRunner runner = new ViewRunner(trained, ViewOption.parse(views), backend, 1)) {
            runner.run(videos, Decoder.IN_THREAD, 0, printer);
        }
        return printer.failed ? 1 : 0;
    }

    /// Prints each answer as it comes.
    private final class Printer implements ViewRunner.Sink {
        private final PrintWriter text;
        private final List<String> classes;
        private boolean failed;

        private Printer(PrintWriter text, List<String> classes) {
            this.text = text;
            this.classes = classes;
        }

        @Override
        public void video(int index, float[] logits, float[] features) {
            double[] shares = Evaluation.shares(logits, classes.size());
            int[] ranked = Ranking.top(shares, top);
            text.println(json ? object(index, shares, ranked) : line(index, shares, ranked));
            text.flush();
        }

        private String line(int index, double[] shares, int[] ranked) {
            List<String> words = new ArrayList<>();
            for (int k : ranked) {
                words.add(String.format(Locale.ROOT, "%s %.1f %%", classes.get(k), 100 * shares[k]));
            }
            return files.get(index) + ": " + String.join(", ", words);
        }

        private String object(int index, double[] shares, int[] ranked) {
            ObjectNode node = new ObjectMapper().createObjectNode().put("video", files.get(index).toString());
            ArrayNode list = node.putArray("classes");
            for (int k : ranked) {
                list.addObject().put("class", k).put("name", classes.get(k)).put("share", shares[k]);
            }
            return node.toString();
        }

        @Override
        public void unusable(int index, DamageReason reason) {
            failed = true;
            spec.commandLine().getErr().println("mae: " + files.get(index) + ": cannot be used: " + reason);
            spec.commandLine().getErr().flush();
        }
    }
}
