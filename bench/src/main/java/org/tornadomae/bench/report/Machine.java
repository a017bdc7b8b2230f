package org.tornadomae.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Where and when numbers were measured.
///
/// @param date       at the start
/// @param processor  its name
/// @param processors that Java may use
/// @param memory     in GiB
/// @param system     operating system
/// @param java       version
/// @param load       runnable threads just before the run, the mean of a minute; negative where the system does not say
public record Machine(@JsonProperty("date") String date, @JsonProperty("processor") String processor,
        @JsonProperty("processors") int processors,
        @JsonProperty("memory_gib") double memory, @JsonProperty("system") String system,
        @JsonProperty("java") String java,
        @JsonProperty("load") double load) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /// This machine, now.
    public static Machine now() {
        OperatingSystemMXBean os = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Machine(LocalDateTime.now().truncatedTo(ChronoUnit.MINUTES).toString(),
                fact("model name").orElse(os.getArch()), os.getAvailableProcessors(),
                Math.rint(10.0 * os.getTotalMemorySize() / (1 << 30)) / 10, os.getName() + " " + os.getVersion(),
                Runtime.version().toString(), Math.rint(100 * os.getSystemLoadAverage()) / 100);
    }

    /// What the processor can do, as Linux lists it; empty elsewhere.
    public static List<String> features() {
        return fact("flags").map(flags -> List.of(flags.split(" "))).orElse(List.of());
    }

    private static Optional<String> fact(String key) {
        if (!Files.isReadable(PROCESSORS)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith(key)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether other work took a noticeable part of the machine before the run began.
    @JsonProperty("noisy")
    boolean noisy() {
        return load > 0.25 * processors;
    }

    /// For the head of a table.
    String sentence() {
        return String.format(Locale.ROOT, "%s, %s, %d processors, %.1f GiB, %s, Java %s%s", date, processor, processors,
                memory, system, java,
                noisy() ? String.format(Locale.ROOT, "; **noisy**: the load was %.1f before the run", load) : "");
    }
}
