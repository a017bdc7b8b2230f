package org.tornadomae.kernels.tornado;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Adds up what TornadoVM's profiler says of each kernel.
final class KernelTimes {
    /// A task in the profiler's JSON: `"graph.kernel_number": { …, "TASK_KERNEL_TIME": "nanoseconds"`.
    private static final Pattern TASK = Pattern.compile("\"[^\".]+\\.([^\"_]+)_\\d+\"\\s*:\\s*\\{[^}]*?\"TASK_KERNEL_TIME\"\\s*:\\s*\"(\\d+)\"");

    private final Map<String, Double> seconds = new TreeMap<>();

    void add(String profile) {
        Matcher task = TASK.matcher(profile);
        while (task.find()) {
            seconds.merge(task.group(1), Long.parseLong(task.group(2)) / 1e9, Double::sum);
        }
    }

    /// Largest first.
    Map<String, Double> seconds() {
        Map<String, Double> sorted = new LinkedHashMap<>();
        seconds.entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }
}
