package org.tornadomae.kernels.tornado;

import static uk.ac.manchester.tornado.api.common.TaskPackage.createPackage;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;

/// Every array of a plan, owned on the device by one graph, "pool", that all other graphs consume from.
///
/// TornadoVM hands buffers from the graph that ran last to the next one, array by array, so a graph in between that did
/// not know an array would cut the chain: every graph consumes and keeps everything.
final class DevicePool {
    private static final String NAME = "pool";

    private final List<Object> state;
    private final List<Object> arrays;
    private final int[] never = new int[1];
    private final List<float[]> spareFloats = spares(float[]::new);
    private final List<int[]> spareInts = spares(int[]::new);

    /// The state is uploaded when the pool graph runs, everything else is only allocated.
    DevicePool(Recorded recorded) {
        this.state = new ArrayList<>(recorded.state());
        this.state.add(never);
        this.arrays = new ArrayList<>(this.state);
        this.arrays.addAll(recorded.inputs());
        this.arrays.addAll(recorded.scratch());
        this.arrays.addAll(spareFloats);
        this.arrays.addAll(spareInts);
    }

    private static <T> List<T> spares(IntFunction<T> newArray) {
        return IntStream.range(0, DeviceKernels.PINNED).mapToObj(i -> newArray.apply(1)).toList();
    }

    /// The graph that allocates all arrays and uploads the state: to be run once, first.
    TaskGraph owner() {
        List<Object> scratch = arrays.subList(state.size(), arrays.size());
        TaskGraph graph = new TaskGraph(NAME)
                .transferToDevice(DataTransferMode.FIRST_EXECUTION, state.toArray())
                .transferToDevice(DataTransferMode.UNDER_DEMAND, scratch.toArray());
        addPins(graph, arrays);
        return graph.persistOnDevice(arrays.toArray());
    }

    /// A graph that runs tasks on the pool's arrays.
    TaskGraph user(String name, List<TaskPackage> tasks) {
        TaskGraph graph = new TaskGraph(name).consumeFromDevice(NAME, arrays.toArray());
        tasks.forEach(task -> addTask(graph, task));
        return graph.persistOnDevice(arrays.toArray());
    }

    /// A graph that sends `sent` to the device each time it runs. An array that is consumed would not be sent, so these
    /// come with a buffer of their own, which the graphs that follow take over.
    TaskGraph upload(String name, List<?> sent) {
        Set<Object> consumed = new LinkedHashSet<>(arrays);
        sent.forEach(consumed::remove);
        TaskGraph graph = new TaskGraph(name).consumeFromDevice(NAME, consumed.toArray())
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, sent.toArray());
        addPins(graph, sent);
        return graph.persistOnDevice(arrays.toArray());
    }

    /// Appends a task; TornadoVM reads the kernel's bytecode here, so this is where it refuses what it does not know.
    static void addTask(TaskGraph graph, TaskPackage task) {
        try {
            graph.addTask(task);
        } catch (RuntimeException | Error e) {
            throw TornadoFailure.of("cannot compile kernel " + Recording.kernel(task), e);
        }
    }

    private void addPins(TaskGraph graph, List<?> pinned) {
        List<float[]> floats = pinned.stream().filter(float[].class::isInstance).map(float[].class::cast).toList();
        List<int[]> ints =
                pinned.stream().filter(a -> a instanceof int[] && a != never).map(int[].class::cast).toList();
        for (int i = 0; i < floats.size(); i += DeviceKernels.PINNED) {
            graph.addTask(pinFloats("pinFloats_" + i, padded(floats, i, spareFloats)));
        }
        for (int i = 0; i < ints.size(); i += DeviceKernels.PINNED) {
            graph.addTask(pinInts("pinInts_" + i, padded(ints, i, spareInts)));
        }
    }

    private TaskPackage pinFloats(String id, List<float[]> a) {
        return createPackage(id, DeviceKernels::pinFloats, never, a.get(0), a.get(1), a.get(2), a.get(3), a.get(4),
                a.get(5), a.get(6), a.get(7), a.get(8), a.get(9));
    }

    private TaskPackage pinInts(String id, List<int[]> a) {
        return createPackage(id, DeviceKernels::pinInts, never, a.get(0), a.get(1), a.get(2), a.get(3), a.get(4),
                a.get(5), a.get(6), a.get(7), a.get(8), a.get(9));
    }

    /// A pin's arguments from `first`, made up with spare arrays: TornadoVM hangs on a task that writes one array
    /// twice.
    private static <T> List<T> padded(List<T> all, int first, List<T> spares) {
        List<T> padded = new ArrayList<>(all.subList(first, Math.min(first + DeviceKernels.PINNED, all.size())));
        spares.stream().filter(spare -> padded.size() < DeviceKernels.PINNED && !padded.contains(spare))
                .forEach(padded::add);
        return padded;
    }
}
