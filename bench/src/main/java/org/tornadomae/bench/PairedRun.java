package org.tornadomae.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// The same thing done by the peer and by us, in turn: on a machine whose speed drifts only neighbours in time compare.
///
/// @param what   is done
/// @param unit   of a speed
/// @param flops  of such a unit: of a clip where the speed is clips per second
/// @param theirs does it in the peer
/// @param ours   does it here
/// @param rounds so far
record PairedRun(String what, String unit, double flops, Supplier<Score> theirs, Supplier<Score> ours,
        List<Round> rounds) {

    /// @param speed  in units per second
    /// @param memory the most that the process held, in bytes; 0 where nobody looked
    record Score(@JsonProperty("speed") double speed, @JsonProperty("peak_bytes") long memory) {
        static Score of(StepResult result) {
            return new Score(result.clipsPerSecond(), result.peakRssBytes());
        }
    }

    /// One turn of each.
    record Round(@JsonProperty("peer") Score theirs, @JsonProperty("ours") Score ours) {
    }

    /// All rounds, for the JSON.
    record Result(@JsonProperty("what") String what, @JsonProperty("unit") String unit,
            @JsonProperty("ratio_of_medians") double ratio,
            @JsonProperty("rounds") List<Round> rounds) {
    }

    PairedRun(String what, String unit, double flops, Supplier<Score> theirs, Supplier<Score> ours) {
        this(what, unit, flops, theirs, ours, new ArrayList<>());
    }

    /// The peer first, then ours.
    Round play() {
        Score first = theirs.get();
        Round round = new Round(first, ours.get());
        rounds.add(round);
        return round;
    }

    double median(ToDoubleFunction<Round> of) {
        return Stopwatch.median(rounds.stream().mapToDouble(of).toArray());
    }

    /// Our median speed over the peer's.
    double ratio() {
        return median(r -> r.ours().speed()) / median(r -> r.theirs().speed());
    }

    Result result() {
        return new Result(what, unit, ratio(), rounds);
    }
}
