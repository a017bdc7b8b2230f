package org.tornadomae.mae.train;

import org.tornadomae.nn.UserException;
import org.tornadomae.nn.optim.CosineSchedule;

/// The learning rate over a run.
///
/// @param lr           peak; 0 takes blr·(samples per step)/256
/// @param blr          base learning rate per 256 samples
/// @param minLr        learning rate at the end
/// @param warmupEpochs linear warm-up; negative takes 5 epochs but at most a tenth of the run
public record LearningRate(double lr, double blr, double minLr, double warmupEpochs) {

    public LearningRate {
        Checks.atLeast("lr", lr, 0);
        Checks.atLeast("blr", blr, 0);
        Checks.atLeast("min-lr", minLr, 0);
        if (!Double.isFinite(warmupEpochs)) {
            throw new UserException("warmup-epochs " + warmupEpochs + " must be a number; less than 0 is the default");
        }
    }

    /// @param samplesPerStep what the recipe counts in a step: videos in pre-training
    public double peak(long samplesPerStep) {
        return lr > 0 ? lr : blr * samplesPerStep / 256;
    }

    /// Warm-up in epochs for a run of so many epochs.
    public double warmup(double runEpochs) {
        return warmupEpochs >= 0 ? warmupEpochs : Math.min(5, runEpochs / 10);
    }

    /// The schedule of a run of so many epochs.
    public CosineSchedule over(double runEpochs, long samplesPerStep) {
        return new CosineSchedule(peak(samplesPerStep), minLr, warmup(runEpochs), runEpochs);
    }
}
