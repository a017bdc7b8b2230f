package org.tornadomae.bench;

import java.util.function.DoubleSupplier;
import org.tornadomae.nn.UserException;
import picocli.CommandLine.Option;

/// How often a step is repeated.
final class TimingOptions {
    @Option(names = "--steps", defaultValue = "5", paramLabel = "N",
            description = "steps to time; the median counts (default: ${DEFAULT-VALUE})")
    private int steps;

    @Option(names = "--warm-up", defaultValue = "3", paramLabel = "N",
            description = "steps before those, not timed (default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(names = "--warm-up-seconds", defaultValue = "5", paramLabel = "SECONDS",
            description = "warm up for at least so long: a compiler needs time, not steps (default: ${DEFAULT-VALUE})")
    private double warming;

    @Option(names = "--budget", defaultValue = "40", paramLabel = "SECONDS",
            description = "begin no step that would end later, once one was timed (default: ${DEFAULT-VALUE})")
    private double budget;

    int steps() {
        if (steps < 1) {
            throw new UserException("--steps " + steps + " must be at least 1");
        }
        return steps;
    }

    int warmUp() {
        if (warmUp < 0) {
            throw new UserException("--warm-up " + warmUp + " must not be negative");
        }
        return warmUp;
    }

    double warming() {
        return warming;
    }

    double budget() {
        return budget;
    }

    Stopwatch time(DoubleSupplier step) {
        return Stopwatch.time(warmUp(), warming, steps(), budget, step);
    }
}
