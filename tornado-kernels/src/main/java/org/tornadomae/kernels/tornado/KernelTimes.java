package org.tornadomae.kernels.tornado;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// Adds up what TornadoVM's profiler says of each kernel.
///
/// The profiler keeps a log for each graph and appends to it at every run; see [ProfileLog] for what stands there.
final class KernelTimes {
    private static final String TIME = "TASK_KERNEL_TIME";

    private final Map<String, Double> seconds = new TreeMap<>();
    /// Characters of each graph's log that are counted already.
    private final Map<Integer, Integer> counted = new HashMap<>();

    /// @param log all that the graph has logged since its first run
    void add(int graph, String log) {
        int from = counted.getOrDefault(graph, 0);
        counted.put(graph, log.length());
        new ProfileLog(log.substring(from)).forEachTask((task, metrics) -> {
            if (metrics.containsKey(TIME)) {
                seconds.merge(kernel(task), Long.parseLong(metrics.get(TIME)) / 1e9, Double::sum);
            }
        });
    }

    /// The kernel of a task "graph.kernel_number".
    private static String kernel(String task) {
        return task.substring(task.indexOf('.') + 1, task.lastIndexOf('_'));
    }

    /// Largest first.
    Map<String, Double> seconds() {
        Map<String, Double> sorted = new LinkedHashMap<>();
        seconds.entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }
}
