package org.tornadomae.mae.cli;

import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.ClipShape;
import picocli.CommandLine.Option;

/// The size of a clip.
public final class ClipOptions {
    @Option(names = "--input-size", defaultValue = "224", paramLabel = "PIXELS",
            description = "side of a frame (default: ${DEFAULT-VALUE})")
    private int inputSize;

    @Option(names = "--frames", defaultValue = "16", paramLabel = "T",
            description = "frames of a clip; 1 is image MAE (default: ${DEFAULT-VALUE})")
    private int frames;

    /// As they were given: a model has more to say about them.
    int inputSize() {
        return inputSize;
    }

    int frames() {
        return frames;
    }

    /// For use without a model.
    public ClipShape shape() {
        if (inputSize < 1 || frames < 1) {
            throw new UserException("--input-size " + inputSize + " and --frames " + frames + " must be at least 1");
        }
        return new ClipShape(frames, inputSize, inputSize);
    }
}
