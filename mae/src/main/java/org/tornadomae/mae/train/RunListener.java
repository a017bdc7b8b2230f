package org.tornadomae.mae.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Whoever follows a run: console, log files, reports. Called on the thread that trains, in the order of registration.
public interface RunListener {
    /// A run as it begins or goes on.
    ///
    /// @param parameters    how many numbers are learned
    /// @param stepsDone     optimizer steps done before, in earlier starts
    /// @param totalSteps    of the whole run
    /// @param stepsPerEpoch optimizer steps in which each video is seen once; a fraction where a step runs across the
    ///                      end of an epoch
    /// @param clipsPerStep  clips that a step sees, repeated ones counted
    record Start(long parameters, long stepsDone, long totalSteps, double stepsPerEpoch, long clipsPerStep) {
    }

    /// A run goes on from a checkpoint. Called before [#start].
    ///
    /// @param changes what is different from now on: "rate.lr 0.001 -> 0.002"
    default void resumed(Path checkpoint, List<String> changes) {}

    default void start(Start run) {}

    /// After every optimizer step.
    default void step(Metrics metrics) {}

    /// Numbers from data that is not trained on.
    ///
    /// @param values by name, e.g. "top1"
    default void evaluation(long step, Map<String, Double> values) {}

    /// A picture of what the model makes of something.
    default void picture(long step, String title, Path file) {}

    /// A checkpoint is complete.
    default void checkpoint(long step, Path file) {}

    /// The run is over: at its last step, or earlier where it was asked to stop. Not called after an error.
    ///
    /// @param stepsDone optimizer steps done
    default void end(long stepsDone) {}
}
