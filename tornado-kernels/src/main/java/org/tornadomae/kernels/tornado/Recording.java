package org.tornadomae.kernels.tornado;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;

/// A program as a list of segments: straight lines that run once, and loop bodies that run once per layer.
public final class Recording {
    /// Launches that run `repeats` times in a row.
    record Segment(int repeats, List<Launch> launches) {
    }

    /// One launch of one kernel.
    ///
    /// @param plain the same as a plain loop: the task itself, or what a kernel for GPUs is to compute
    /// @param grid  threads of a kernel for GPUs; null for a plain loop, which TornadoVM parallelises itself
    record Launch(String kernel, TaskPackage task, TaskPackage plain, WorkerGrid grid) {

        /// The arrays among the kernel's arguments; the first parameter of a task is the kernel itself.
        Stream<Object> arrays() {
            return Arrays.stream(task.getTaskParameters()).skip(1).filter(a -> a instanceof float[] || a instanceof int[]);
        }
    }

    private final List<Segment> segments = new ArrayList<>();
    private List<Launch> launches = new ArrayList<>();

    /// A name for the next task, unique within its segment.
    public String nextId(String kernel) {
        return kernel + "_" + launches.size();
    }

    /// Appends a task whose id came from [#nextId].
    public void add(TaskPackage task) {
        launches.add(new Launch(kernel(task), task, task, null));
    }

    /// Appends a kernel for GPUs.
    ///
    /// @param plain the plain loop that computes the same; its arguments follow the task's, without the kernel context
    public void add(TaskPackage task, WorkerGrid grid, TaskPackage plain) {
        launches.add(new Launch(kernel(task), task, plain, grid));
    }

    /// The kernel of a task, from its id.
    static String kernel(TaskPackage task) {
        return task.getId().substring(0, task.getId().indexOf('_'));
    }

    /// Records a body that runs `repeats` times.
    public void loop(int repeats, Runnable body) {
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
