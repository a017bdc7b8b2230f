package org.tornadomae.bench.loader;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// Loads for long and looks now and then at what the process holds.
///
/// @param samples in order
public record Soak(List<Footprint> samples) {
    private static final double INTERVAL = 5;
    private static final double SETTLING = 0.25; // of the time: compilers, caches and heap grow to their size

    /// Loads.
    ///
    /// @param seconds in all
    /// @param watch   told each sample
    public static Soak of(LoaderRun run, double seconds, Consumer<Footprint> watch) {
        Footprint.require();
        ProcessHandle self = ProcessHandle.current();
        List<Footprint> samples = new ArrayList<>();
        long start = System.nanoTime();
        double now = 0;
        while (samples.size() < 2 || now < seconds) {
            run.load(Math.min(INTERVAL, seconds / 2));
            now = (System.nanoTime() - start) / 1e9;
            samples.add(Footprint.of(self, now));
            watch.accept(samples.getLast());
        }
        return new Soak(samples);
    }

    /// After the first quarter.
    public List<Footprint> settled() {
        List<Footprint> settled =
                samples.stream().filter(sample -> sample.seconds() > SETTLING * samples.getLast().seconds()).toList();
        return settled.size() < 2 ? samples : settled;
    }

    /// Of something, after the first quarter.
    public Trend trend(ToDoubleFunction<Footprint> of) {
        return Trend.of(settled().stream().mapToDouble(Footprint::seconds).toArray(),
                settled().stream().mapToDouble(of).toArray());
    }
}
