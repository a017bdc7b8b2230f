package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.tornadomae.kernels.Backend;
import org.tornadomae.mae.mask.MaskConfig;
import org.tornadomae.mae.mask.MaskKind;
import org.tornadomae.mae.mask.Masking;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.mae.picture.Figure;
import org.tornadomae.mae.picture.Reconstruction;
import org.tornadomae.mae.train.PretrainConfig;
import org.tornadomae.mae.train.SavedRun;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.file.Checkpoints;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import org.tornadomae.video.clip.ClipReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae reconstruct`
@Command(name = "reconstruct", abbreviateSynopsis = true,
        description = "Show what a trained model makes of a video of which it sees a few patches: original, seen and "
                + "produced, "
                + "as PNG, GIF and MP4.",
        footer = {"", "Example:",
                "  mae reconstruct --checkpoint run1/checkpoint-00000500.safetensors --video clips/cockatoo.mp4 --out "
                        + "pictures"})
final class ReconstructCommand implements Callable<Integer> {
    private static final long MASK = Rng.keyOf("reconstruct.mask");

    @Spec
    private CommandSpec spec;

    @Option(names = "--checkpoint", required = true, paramLabel = "FILE", description = "from pretrain")
    private Path checkpoint;

    @Option(names = "--video", required = true, paramLabel = "FILE")
    private Path video;

    @Option(names = "--out", required = true, paramLabel = "DIR",
            description = "folder for the pictures, named after the video; created if need be")
    private Path out;

    @Option(names = "--mask", paramLabel = "KIND", description = "${COMPLETION-CANDIDATES} (default: as in training)")
    private Optional<MaskKind> mask;

    @Option(names = "--mask-ratio", paramLabel = "X",
            description = "share of the patches that is removed (default: as in training)")
    private Optional<Double> maskRatio;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "S",
            description = "another seed, another mask (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(names = "--start", paramLabel = "FRAME",
            description = "first frame of the clip in the video, from 0 (default: the clip in the middle)")
    private Optional<Integer> start;

    @Option(names = "--truth-stats",
            description = "for norm-pix models: give removed patches the mean and contrast of the truth, not of their "
                    + "visible neighbours. That leaks the answer and the pictures say so.")
    private boolean truthStats;

    @Mixin
    private DeviceOption device;

    @Override
    public Integer call() {
        Backend backend = device.open();
        PrintWriter text = spec.commandLine().getOut();
        text.println("device: " + backend.device());
        try (TensorFile file = TensorFiles.open(checkpoint)) {
            SavedRun<PretrainConfig> run = SavedRun.pretraining(file);
            MaeConfig config = run.config().model();
            ClipGeometry geometry = config.clip();
            MaskConfig trained = run.config().mask();
            Masking masking = MaeCli.values(spec, () -> new MaskConfig(mask.orElse(trained.kind()),
                    maskRatio.orElse(trained.ratio())).on(config.grid()));
            Checkpoints.requireWeights(file, MaskedAutoencoder.layout(config));
            MaskedAutoencoder model = Reconstruction.model(config, masking.keep());
            Checkpoints.loadWeights(file, model.params());
            ClipReader reader =
                    new ClipReader(geometry.shape(), run.train().batches().samplingRate());
            ClipReader.Clip clip = start.isPresent() ? reader.from(video, start.get()) : reader.middle(video);
            Reconstruction result =
                    Reconstruction.run(model, backend, clip.pixels(), masking.shuffle(Rng.of(seed, MASK)), truthStats);
            Figure figure = new Figure(result, origin(run, clip), masking.kind());
            List<Path> files = figure.write(out, stem() + "-reconstruction",
                    clip.fps() * config.targets().predTDim() / geometry.numFrames());
            text.println(result.psnr().summary());
            text.println(result.provenance());
            files.forEach(written -> text.println("wrote " + written));
        }
        return 0;
    }

    /// What was run on what: the first line under the pictures.
    private String origin(SavedRun<?> run, ClipReader.Clip clip) {
        int[] frames = clip.indices();
        return checkpoint.getFileName() + " (step " + run.at().step() + ") on " + video.getFileName() + ", frames "
                + frames[0] + " to "
                + frames[frames.length - 1];
    }

    private String stem() {
        String name = video.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
