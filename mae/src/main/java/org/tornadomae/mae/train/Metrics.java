package org.tornadomae.mae.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

/// What one optimizer step measured.
///
/// @param step     number of the step, from 1
/// @param epoch    fractional epoch at its start
/// @param loss     mean over its micro-batches
/// @param lr       learning rate
/// @param gradNorm global norm of the gradients before clipping
/// @param speed    how fast it was
public record Metrics(long step, double epoch, double loss, double lr, @JsonProperty("grad_norm") double gradNorm,
        @JsonUnwrapped Speed speed) {

    /// @param dataWait share of the step's time spent waiting for clips
    public record Speed(@JsonProperty("clips_per_second") double clipsPerSecond,
            @JsonProperty("data_wait") double dataWait, String device) {
    }
}
