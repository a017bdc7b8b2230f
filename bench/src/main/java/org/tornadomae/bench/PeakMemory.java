package org.tornadomae.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/// The most memory that this process ever held.
final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String HIGH_WATER = "VmHWM:";

    private PeakMemory() {}

    /// Peak resident set in bytes. Linux counts it; elsewhere it is the sum of the peaks of Java's own pools, which
    /// leaves out thread stacks and native libraries (some 50 MB).
    static long bytes() {
        return Files.isReadable(STATUS) ? ofLinux() : ofPools();
    }

    private static long ofLinux() {
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(HIGH_WATER)).findFirst()
                    .map(line -> 1024
                            * Long.parseLong(line.substring(HIGH_WATER.length(), line.lastIndexOf(' ')).strip()))
                    .orElseGet(PeakMemory::ofPools);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long ofPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getCommitted()).sum();
    }
}
