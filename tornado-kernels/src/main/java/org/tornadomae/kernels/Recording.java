package org.tornadomae.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import uk.ac.manchester.tornado.api.common.TaskPackage;

/// A program as a list of segments: straight lines that run once, and loop bodies that run once per layer.
final class Recording {
    /// Launches that run `repeats` times in a row.
    record Segment(int repeats, List<Launch> launches) {
    }

    /// One launch of one kernel.
    record Launch(String kernel, TaskPackage task) {

        /// The arrays among the kernel's arguments; the first parameter of a task is the kernel itself.
        Stream<Object> arrays() {
            return Arrays.stream(task.getTaskParameters()).skip(1).filter(a -> a instanceof float[] || a instanceof int[]);
        }
    }

    private final List<Segment> segments = new ArrayList<>();
    private List<Launch> launches = new ArrayList<>();

    /// A name for the next task, unique within its segment.
    String nextId(String kernel) {
        return kernel + "_" + launches.size();
    }

    /// Appends a task whose id came from [#nextId].
    void add(TaskPackage task) {
        launches.add(new Launch(kernel(task), task));
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
