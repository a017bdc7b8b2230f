package org.tornadomae.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a whole-step benchmark says, ours or the peer's; the names are those of its JSON.
///
/// @param clipsPerSecond clips of a step over its seconds
/// @param secondsPerStep the median of the timed steps
/// @param peakRssBytes   the most memory the process held
/// @param loss           of the last step
/// @param device         which executor on which device
/// @param threads        that computed
record StepResult(
        @JsonProperty("clips_per_second") double clipsPerSecond,
        @JsonProperty("seconds_per_step") double secondsPerStep,
        @JsonProperty("peak_rss_bytes") long peakRssBytes,
        @JsonProperty("loss") double loss,
        @JsonProperty("device") String device,
        @JsonProperty("threads") int threads) {
}
