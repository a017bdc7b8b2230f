package org.tornadomae.kernels;

import java.util.function.Consumer;

/// How to use a device.
///
/// @param threads   of the cpu executor; 0 takes as many as processors. The result does not depend on it.
/// @param selfCheck compare each kernel with the plain loop before the first run
/// @param profile   measure the time of each kernel, see [Plan#kernelSeconds]
/// @param log       takes one line at a time: memory plan, compiled kernels, result of the self-check
public record DeviceOptions(int threads, boolean selfCheck, boolean profile, Consumer<String> log) {
    /// Checked, not measured, silent.
    public static final DeviceOptions DEFAULT = new DeviceOptions(0, true, false, line -> {});

    /// The same with another number of threads.
    public DeviceOptions withThreads(int count) {
        return new DeviceOptions(count, selfCheck, profile, log);
    }
}
