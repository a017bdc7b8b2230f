package org.tornadomae.mae.train;

import org.tornadomae.nn.UserException;

/// How long a run is.
///
/// An epoch is as many micro-batches as the videos fill. Where these are no multiple of the accumulation, a step runs
/// across the end of an epoch, so that `epochs` are always visits of each video.
///
/// @param epochs visits of each video; ignored when `steps` is set
/// @param steps  optimizer steps; 0 takes `epochs`
public record Length(double epochs, long steps) {

    public Length {
        Checks.atLeast("steps", steps, 0);
        if (!Double.isFinite(epochs) || steps == 0 && !(epochs > 0)) {
            throw new UserException("epochs " + epochs + " must be more than 0");
        }
    }

    /// Steps of the whole run.
    ///
    /// @param stepsPerEpoch micro-batches of an epoch over those of a step
    public long totalSteps(double stepsPerEpoch) {
        return steps > 0 ? steps : Math.max(1, Math.round(epochs * stepsPerEpoch));
    }
}
