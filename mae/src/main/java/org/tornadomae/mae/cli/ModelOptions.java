package org.tornadomae.mae.cli;

import java.util.Optional;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.model.Positions;
import org.tornadomae.mae.model.Stack;
import org.tornadomae.mae.model.Targets;
import org.tornadomae.video.clip.Normalisation;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The model: a preset, and whatever of it is to be different.
public final class ModelOptions {
    enum Dialect { MAE_ST, SLOWFAST }

    @Option(names = "--preset", defaultValue = "tiny", paramLabel = "NAME",
            description = "tiny, small, base, large or huge (default: ${DEFAULT-VALUE})")
    private String preset;

    @Mixin
    private ClipOptions clip;

    @Option(names = "--patch-size", paramLabel = "PIXELS", description = "side of a patch (default: the preset's, 16)")
    private Integer patchSize;

    @Option(names = "--t-patch-size", paramLabel = "U",
            description = "frames of a patch (default: 2, or 1 with --frames 1)")
    private Integer tPatchSize;

    @Option(names = "--embed-dim", paramLabel = "C", description = "encoder width")
    private Integer embedDim;

    @Option(names = "--depth", paramLabel = "L", description = "encoder blocks")
    private Integer depth;

    @Option(names = "--heads", paramLabel = "N", description = "encoder heads")
    private Integer heads;

    @Option(names = "--decoder-embed-dim", paramLabel = "C", description = "decoder width")
    private Integer decoderEmbedDim;

    @Option(names = "--decoder-depth", paramLabel = "L", description = "decoder blocks")
    private Integer decoderDepth;

    @Option(names = "--decoder-heads", paramLabel = "N", description = "decoder heads")
    private Integer decoderHeads;

    @Option(names = "--mlp-ratio", paramLabel = "R", description = "hidden width of an MLP over its width (default: 4)")
    private Double mlpRatio;

    @Option(names = "--positions", defaultValue = "separable",
            description = "position embeddings: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Positions.Kind positions;

    @Option(names = "--position-init", paramLabel = "START",
            description = "how learned positions start: ${COMPLETION-CANDIDATES} (default: normal, as in the paper; "
                    + "sincos learns faster from little data)")
    private Optional<Positions.Start> positionInit;

    @Option(names = "--cls-token", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "a class token (default: on)")
    private boolean clsToken;

    @Option(names = "--qkv-bias", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "biases on q, k and v (default: on)")
    private boolean qkvBias;

    @Option(names = "--norm-eps", paramLabel = "X", defaultValue = "1e-6",
            description = "what layer norms add to the variance (default: ${DEFAULT-VALUE})")
    private double normEps;

    @Option(names = "--pixels", paramLabel = "MEAN/STD", defaultValue = "0.45/0.225",
            description = "pixel normalisation: imagenet, 0.45/0.225 or r,g,b/r,g,b (default: ${DEFAULT-VALUE})")
    private String pixels;

    @Option(names = "--norm-pix", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "predict pixels normalised per patch (default: on)")
    private boolean normPix;

    @Option(names = "--pred-frames", paramLabel = "N",
            description = "predicted frames of a clip (default: every second)")
    private Integer predFrames;

    @Option(names = "--dialect", defaultValue = "mae_st",
            description = "where the official codes differ: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Dialect dialect;

    /// The model these options describe.
    public MaeConfig config() {
        return config(preset);
    }

    /// The same of another preset.
    public MaeConfig config(String preset) {
        MaeConfig p = MaeConfig.preset(preset);
        boolean slowfast = dialect == Dialect.SLOWFAST;
        return new MaeConfig(geometry(p, preset), encoder(p.encoder()), decoder(p.decoder(), slowfast), clsToken,
                clsToken && slowfast,
                new Targets(normPix, or(predFrames, defaultPredFrames(framesOfPatch())), !slowfast));
    }

    private ClipGeometry geometry(MaeConfig p, String preset) {
        int presetPatch = dialect == Dialect.SLOWFAST && preset.equals("huge") ? 16 : p.clip().patchSize();
        return new ClipGeometry(clip.frames(), clip.inputSize(), framesOfPatch(), or(patchSize, presetPatch),
                Normalisation.parse(pixels));
    }

    private int framesOfPatch() {
        return or(tPatchSize, Math.min(2, clip.frames()));
    }

    private Stack encoder(Stack p) {
        return new Stack(or(embedDim, p.embedDim()), or(depth, p.depth()), or(heads, p.numHeads()), ratio(p),
                positions(positions), qkvBias, normEps);
    }

    private Stack decoder(Stack p, boolean slowfast) {
        return new Stack(or(decoderEmbedDim, p.embedDim()), or(decoderDepth, p.depth()),
                or(decoderHeads, slowfast ? 8 : p.numHeads()),
                ratio(p),
                positions(slowfast && positions == Positions.Kind.SEPARABLE ? Positions.Kind.JOINT : positions),
                qkvBias, normEps);
    }

    private Positions positions(Positions.Kind kind) {
        boolean fixed = kind == Positions.Kind.SINCOS;
        return new Positions(kind, positionInit.orElse(fixed ? Positions.Start.SINCOS : Positions.Start.NORMAL));
    }

    private double ratio(Stack p) {
        return mlpRatio == null ? p.mlpRatio() : mlpRatio;
    }

    /// Frames of a clip.
    public int frames() {
        return clip.frames();
    }

    /// Side of a frame in pixels.
    public int inputSize() {
        return clip.inputSize();
    }

    /// The preset that was asked for.
    public String preset() {
        return preset;
    }

    /// Every second frame where patches span two, at least one per time step.
    private int defaultPredFrames(int tPatchSize) {
        int times = Math.max(1, clip.frames() / Math.max(1, tPatchSize));
        int half = clip.frames() / 2;
        return half > 0 && half % times == 0 ? half : times;
    }

    private static int or(Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }
}
