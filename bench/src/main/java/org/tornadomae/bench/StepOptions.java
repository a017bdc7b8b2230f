package org.tornadomae.bench;

import org.tornadomae.nn.UserException;
import picocli.CommandLine.Option;

/// The batch of a step.
final class StepOptions {
    @Option(names = "--batch-size", defaultValue = "2", paramLabel = "B",
            description = "clips per step (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(names = "--mask-ratio", defaultValue = "0.9", paramLabel = "SHARE",
            description = "share of the tokens to remove; 0 is the dense step that masking is compared to (default: "
                    + "${DEFAULT-VALUE})")
    private double ratio;

    int batch() {
        if (batch < 1) {
            throw new UserException("--batch-size " + batch + " must be at least 1");
        }
        return batch;
    }

    double ratio() {
        return ratio;
    }
}
