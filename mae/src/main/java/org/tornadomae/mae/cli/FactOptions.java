package org.tornadomae.mae.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tornadomae.mae.weights.Facts;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.Normalisation;
import picocli.CommandLine.Option;

/// What a file of weights may not tell about its model.
final class FactOptions {
    private static final List<String> BESIDE = List.of("config.json", "preprocessor_config.json");
    private static final long MAX_CONFIG = 1 << 20;

    @Option(names = "--heads", paramLabel = "N", description = "attention heads of the encoder")
    private Optional<Integer> heads;

    @Option(names = "--decoder-heads", paramLabel = "N", description = "attention heads of the decoder")
    private Optional<Integer> decoderHeads;

    @Option(names = "--norm-eps", paramLabel = "X", description = "LayerNorm's eps, 1e-6 in all but transformers")
    private Optional<Double> normEps;

    @Option(names = "--pixels", paramLabel = "MEAN/STD",
            description = "pixel normalisation: imagenet, 0.45/0.225 or r,g,b/r,g,b")
    private Optional<String> pixels;

    @Option(names = "--frames", paramLabel = "T",
            description = "frames of a clip; learned positions are resized to another number")
    private Optional<Integer> frames;

    @Option(names = "--input-size", paramLabel = "PX", description = "side of a frame in pixels, likewise")
    private Optional<Integer> inputSize;

    @Option(names = "--t-patch-size", paramLabel = "U",
            description = "frames of a patch, for weights of an image model")
    private Optional<Integer> tPatchSize;

    @Option(names = "--allow", split = ",", paramLabel = "NAME",
            description = "tensors that may be missing or left over; a * at the end for all that begin so")
    private List<String> allowed = List.of();

    Facts facts() {
        return new Facts(heads, decoderHeads, normEps, Optional.empty(), pixels.map(Normalisation::parse), frames,
                inputSize, tPatchSize);
    }

    List<String> allowed() {
        return allowed;
    }

    /// What transformers' configuration files in the same folder say.
    static Facts beside(Path weights) {
        Facts facts = Facts.none();
        for (String name : BESIDE) {
            Path file = weights.resolveSibling(name);
            try {
                if (Files.isRegularFile(file) && Files.size(file) <= MAX_CONFIG) {
                    facts = facts.or(Facts.parse(Files.readString(file)));
                }
            } catch (IOException e) {
                throw new UserException(file + ": cannot be read (" + e.getMessage() + ")", e);
            }
        }
        return facts;
    }
}
