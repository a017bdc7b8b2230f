package org.tornadomae.kernels;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/// Programs as TornadoVM task graphs, recorded and compiled once, replayed at every run.
final class TornadoPlan implements Plan {
    /// Tasks of a graph: well below what its fixed-size buffers hold (8 KiB of code, 1024 nodes, 256 tasks).
    private static final int MAX_TASKS = 48;

    /// Consecutive graphs that run `repeats` times in a row.
    private record Step(int firstGraph, int graphs, int repeats) {
    }

    private final DevicePool pool;
    private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
    private final Map<Program, List<Step>> programs = new IdentityHashMap<>();
    private final Map<float[], Integer> uploads = new IdentityHashMap<>();
    private final TornadoExecutionPlan plan;
    private TornadoExecutionResult last;
    private int kernels;

    TornadoPlan(TornadoDevice device, List<Object> state, List<Program> programs) {
        int[] layer = new int[1];
        Map<Program, List<Recording.Segment>> recorded = new IdentityHashMap<>();
        for (Program program : programs) {
            TornadoOps ops = new TornadoOps(layer);
            program.body().accept(ops);
            recorded.put(program, ops.segments());
        }
        this.pool = pool(layer, state, recorded);
        add(pool.owner());
        for (Program program : programs) {
            this.programs.put(program, steps(program, recorded.get(program)));
        }
        int compiled = graphs.size();
        for (Object array : state) {
            if (array instanceof float[] floats) {
                uploads.put(floats, add(pool.upload("upload" + uploads.size(), List.of(floats))));
            }
        }
        this.plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
        plan.withDevice(device);
        for (int i = 0; i < compiled; i++) {
            plan.withGraph(i).withPreCompilation();
        }
        execute(0);
    }

    private static DevicePool pool(int[] layer, List<Object> state, Map<Program, List<Recording.Segment>> recorded) {
        Set<Object> uploaded = new LinkedHashSet<>(state);
        uploaded.add(layer);
        Set<Object> scratch = new LinkedHashSet<>();
        recorded.forEach((program, segments) -> {
            scratch.addAll(program.inputs());
            scratch.addAll(program.outputs());
            segments.forEach(segment -> segment.launches().forEach(launch -> launch.arrays().forEach(scratch::add)));
        });
        scratch.removeAll(uploaded);
        return new DevicePool(uploaded, scratch);
    }

    private List<Step> steps(Program program, List<Recording.Segment> segments) {
        List<Step> steps = new ArrayList<>();
        if (!program.inputs().isEmpty()) {
            steps.add(new Step(add(pool.upload(program.name() + "Inputs", program.inputs())), 1, 1));
        }
        for (Recording.Segment segment : segments) {
            int first = graphs.size();
            List<TaskPackage> tasks = segment.launches().stream().map(Recording.Launch::task).toList();
            for (int i = 0; i < tasks.size(); i += MAX_TASKS) {
                add(pool.user(program.name() + graphs.size(), tasks.subList(i, Math.min(i + MAX_TASKS, tasks.size()))));
            }
            steps.add(new Step(first, graphs.size() - first, segment.repeats()));
            kernels += tasks.size();
        }
        return steps;
    }

    private int add(TaskGraph graph) {
        graphs.add(graph.snapshot());
        return graphs.size() - 1;
    }

    private void execute(int graph) {
        last = plan.withGraph(graph).execute();
    }

    @Override
    public void run(Program program) {
        List<Step> steps = programs.get(program);
        if (steps == null) {
            throw new IllegalArgumentException("program '" + program.name() + "' was not compiled into this plan");
        }
        for (Step step : steps) {
            for (int repeat = 0; repeat < step.repeats(); repeat++) {
                for (int i = 0; i < step.graphs(); i++) {
                    execute(step.firstGraph() + i);
                }
            }
        }
        download(program.outputs().toArray(float[][]::new));
    }

    @Override
    public void download(float[]... arrays) {
        if (arrays.length > 0) {
            last.transferToHost((Object[]) arrays);
        }
    }

    @Override
    public void upload(float[]... arrays) {
        for (float[] array : arrays) {
            Integer graph = uploads.get(array);
            if (graph == null) {
                throw new IllegalArgumentException("only arrays of the plan's state can be uploaded");
            }
            execute(graph);
        }
    }

    /// How many kernels were compiled, for the programs alone.
    int kernels() {
        return kernels;
    }

    @Override
    public void close() {
        try {
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw new BackendException("TornadoVM could not release the device: " + e.getMessage(), e);
        }
    }
}
