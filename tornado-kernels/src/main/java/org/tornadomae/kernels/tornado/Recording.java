package org.tornadomae.kernels.tornado;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tornadomae.kernels.InOut;
import org.tornadomae.kernels.Out;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;

/// A program as a list of segments: straight lines that run once, and loop bodies that run once per layer.
final class Recording {
    /// Launches that run `repeats` times in a row.
    record Segment(int repeats, List<Launch> launches) {
    }

    /// One launch of one kernel.
    ///
    /// @param loop    the kernel as a plain loop, whose parameters say what they are for
    /// @param task    what the device runs
    /// @param plain   the same as a plain loop: the task itself, or what a kernel for GPUs is to compute
    /// @param grid    threads of a kernel for GPUs; null for a plain loop, which TornadoVM parallelises itself
    /// @param lengths see [Placement#lengths]
    record Launch(Method loop, TaskPackage task, TaskPackage plain, WorkerGrid grid, Map<Object, Integer> lengths) {
        String kernel() {
            return loop.getName();
        }

        /// The arrays that the kernel writes, as its loop's annotations say.
        List<Object> written() {
            Object[] arguments = task.getTaskParameters();
            int first = firstArgument();
            return IntStream.range(0, loop.getParameterCount()).filter(i -> has(i, Out.class) || has(i, InOut.class))
                    .mapToObj(i -> arguments[first + i]).toList();
        }

        /// Where the loop's arguments begin among the task's: before them come the kernel and perhaps a context.
        int firstArgument() {
            return task.getTaskParameters().length - loop.getParameterCount();
        }

        /// Whether a parameter of the loop has an annotation.
        boolean has(int parameter, Class<? extends Annotation> annotation) {
            return loop.getParameters()[parameter].isAnnotationPresent(annotation);
        }

        /// The arrays among the kernel's arguments; the first parameter of a task is the kernel itself.
        Stream<Object> arrays() {
            return Arrays.stream(task.getTaskParameters()).skip(1)
                    .filter(a -> a instanceof float[] || a instanceof int[]);
        }
    }

    private final List<Segment> segments = new ArrayList<>();
    private List<Launch> launches = new ArrayList<>();

    /// A name for the next task, unique within its segment.
    String nextId(String kernel) {
        return kernel + "_" + launches.size();
    }

    /// Appends a task whose id came from [#nextId].
    ///
    /// @param kernels the class of its kernel
    void add(Class<?> kernels, TaskPackage task, Map<Object, Integer> lengths) {
        add(new Launch(loop(kernels, task), task, task, null, lengths));
    }

    /// Appends a kernel for GPUs.
    ///
    /// @param kernels the class of its plain loop
    void add(Class<?> kernels, TwinTasks twins, WorkerGrid grid, Map<Object, Integer> lengths) {
        add(new Launch(loop(kernels, twins.plain()), twins.tiled(), twins.plain(), grid, lengths));
    }

    /// @throws IllegalArgumentException for a launch that TornadoVM's scheduler would wait for without end, as it
    /// depends on itself: one that writes an array which it takes a second time
    private void add(Launch launch) {
        List<Object> arrays = launch.arrays().toList();
        if (launch.written().stream().anyMatch(array -> arrays.stream().filter(other -> other == array).count() > 1)) {
            throw new IllegalArgumentException("kernel " + launch.kernel() + " writes an array that it takes twice");
        }
        launches.add(launch);
    }

    private static Method loop(Class<?> kernels, TaskPackage task) {
        return Arrays.stream(kernels.getMethods()).filter(method -> method.getName().equals(kernel(task))).findFirst()
                .orElseThrow(() -> new IllegalStateException(kernels + " has no kernel " + kernel(task)));
    }

    /// The kernel of a task, from its id.
    static String kernel(TaskPackage task) {
        return task.getId().substring(0, task.getId().indexOf('_'));
    }

    /// Records a body that runs `repeats` times.
    void loop(int repeats, Runnable body) {
        endSegment(1);
        body.run();
        endSegment(repeats);
    }

    /// All of it, once complete.
    List<Segment> segments() {
        endSegment(1);
        return List.copyOf(segments);
    }

    private void endSegment(int repeats) {
        if (!launches.isEmpty()) {
            segments.add(new Segment(repeats, List.copyOf(launches)));
            launches = new ArrayList<>();
        }
    }
}
