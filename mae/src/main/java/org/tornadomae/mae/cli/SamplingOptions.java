package org.tornadomae.mae.cli;

import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.clip.LoaderConfig;
import org.tornadomae.video.clip.LoaderResources;
import picocli.CommandLine.Option;

/// Which clips make a batch.
public final class SamplingOptions {
    @Option(names = "--batch-size", defaultValue = "4", paramLabel = "B",
            description = "videos per micro-batch (default: ${DEFAULT-VALUE})")
    private int batchSize;

    @Option(names = "--repeats", defaultValue = "4", paramLabel = "R",
            description = "clips from each decoded video (default: ${DEFAULT-VALUE})")
    private int repeats;

    @Option(names = "--sampling-rate", defaultValue = "4", paramLabel = "N",
            description = "source frames at 30 fps between two frames of a clip (default: ${DEFAULT-VALUE})")
    private int samplingRate;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "S",
            description = "of everything random (default: ${DEFAULT-VALUE})")
    private long seed;

    int batchSize() {
        return batchSize;
    }

    int repeats() {
        return repeats;
    }

    int samplingRate() {
        return samplingRate;
    }

    /// Of everything random.
    public long seed() {
        return seed;
    }

    /// For a loader without a training run.
    public LoaderConfig loader(ClipShape shape, LoaderResources resources) {
        if (batchSize < 1 || repeats < 1 || samplingRate < 1) {
            throw new UserException(
                    "--batch-size " + batchSize + ", --repeats " + repeats + " and --sampling-rate " + samplingRate
                            + " must be at least 1");
        }
        return new LoaderConfig(shape, samplingRate, batchSize, repeats, resources);
    }
}
