package org.tornadomae.nn.optim;

/// Linear warm-up, then half a cosine down to `minLr`, by the fractional epoch (docs/spec.md, Pre-training recipe).
///
/// @param peakLr       learning rate at the end of the warm-up
/// @param minLr        learning rate at the end
/// @param warmupEpochs length of the warm-up
/// @param epochs       length of the whole run
public record CosineSchedule(double peakLr, double minLr, double warmupEpochs, double epochs) {

    /// @param epoch fractional epoch of the step, from 0
    public double lr(double epoch) {
        if (epoch < warmupEpochs) {
            return peakLr * epoch / warmupEpochs;
        }
        double progress = Math.min(1, (epoch - warmupEpochs) / Math.max(epochs - warmupEpochs, 1e-9));
        return minLr + (peakLr - minLr) * 0.5 * (1 + Math.cos(Math.PI * progress));
    }
}
