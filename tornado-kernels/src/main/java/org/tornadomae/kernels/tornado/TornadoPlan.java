package org.tornadomae.kernels.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/// Programs as TornadoVM task graphs: compiled once, replayed at every run.
final class TornadoPlan implements Plan {
    /// Tasks of a graph: well below what its fixed-size buffers hold (8 KiB of code, 1024 nodes, 256 tasks).
    private static final int MAX_TASKS = 48;
    private static final int POOL = 0;

    /// Consecutive graphs that run `repeats` times in a row.
    private record Step(int firstGraph, int graphs, int repeats) {
    }

    private final TornadoDevice device;
    private final NativeOutput nativeOutput;
    private final KernelTimes times;
    private final DevicePool pool;
    private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
    private final GridScheduler grids = new GridScheduler();
    private final Map<Integer, List<Recording.Launch>> launchesOf = new HashMap<>();
    private final Map<Program, List<Step>> programs = new IdentityHashMap<>();
    private final Map<Program, Object[]> outputs = new IdentityHashMap<>();
    private final Map<Object, Integer> uploads = new IdentityHashMap<>();
    private final TornadoExecutionPlan plan;
    private final int kernels;
    private TornadoExecutionResult last;

    TornadoPlan(TornadoBackend backend, Recorded recorded) {
        this.device = backend.tornadoDevice();
        this.nativeOutput = backend.nativeOutput();
        this.times = backend.options().profile() ? new KernelTimes() : null;
        this.pool = new DevicePool(recorded);
        this.kernels = recorded.launches().size();
        long start = System.nanoTime();
        add(pool.owner());
        recorded.segments().forEach((program, segments) -> programs.put(program, steps(program, segments)));
        int compiled = graphs.size();
        addUploads(recorded);
        this.plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
        plan.withDevice(device);
        if (!grids.keySet().isEmpty()) {
            plan.withGridScheduler(grids);
        }
        if (times != null) {
            plan.withProfiler(ProfilerMode.SILENT);
        }
        nativeOutput.watch(() -> {
            for (int graph = 0; graph < compiled; graph++) {
                compile(graph);
            }
            execute(POOL);
        });
        backend.options().log()
                .accept("compiled %d kernels in %.1f s".formatted(kernels, (System.nanoTime() - start) / 1e9));
    }

    private List<Step> steps(Program program, List<Recording.Segment> segments) {
        List<Step> steps = new ArrayList<>();
        List<Object> inputs = Recorded.memory(program.buffers(Buffer.Role.INPUT));
        if (!inputs.isEmpty()) {
            steps.add(new Step(add(pool.upload(program.name() + "Inputs" + graphs.size(), inputs)), 1, 1));
        }
        outputs.put(program, Recorded.memory(program.buffers(Buffer.Role.OUTPUT)).toArray());
        for (Recording.Segment segment : segments) {
            int first = graphs.size();
            List<Recording.Launch> launches = segment.launches();
            for (int i = 0; i < launches.size(); i += MAX_TASKS) {
                addLaunches(program.name() + graphs.size(),
                        launches.subList(i, Math.min(i + MAX_TASKS, launches.size())));
            }
            steps.add(new Step(first, graphs.size() - first, segment.repeats()));
        }
        return steps;
    }

    private void addLaunches(String name, List<Recording.Launch> launches) {
        int graph = add(pool.user(name, launches.stream().map(Recording.Launch::task).toList()));
        launchesOf.put(graph, launches);
        for (Recording.Launch launch : launches) {
            if (launch.grid() != null) {
                grids.addWorkerGrid(name + "." + launch.task().getId(), launch.grid());
            }
        }
    }

    /// A graph for each array of the state; it is compiled only if it is ever used.
    private void addUploads(Recorded recorded) {
        for (Object array : recorded.state()) {
            uploads.put(array, add(pool.upload("upload" + uploads.size(), List.of(array))));
        }
    }

    private int add(TaskGraph graph) {
        graphs.add(graph.snapshot());
        return graphs.size() - 1;
    }

    private void compile(int graph) {
        try {
            plan.withGraph(graph).withPreCompilation();
        } catch (RuntimeException | Error e) {
            throw TornadoFailure.of("cannot compile kernel " + culprit(graph), e);
        }
    }

    /// TornadoVM does not always say which kernel of a graph it cannot compile: the first that fails alone.
    private String culprit(int graph) {
        return launchesOf.getOrDefault(graph, List.of()).stream().filter(launch -> !compilesAlone(launch)).findFirst()
                .map(Recording.Launch::kernel).orElse("pin");
    }

    private boolean compilesAlone(Recording.Launch launch) {
        TaskGraph alone = new TaskGraph("alone").transferToDevice(DataTransferMode.FIRST_EXECUTION,
                launch.arrays().distinct().toArray());
        DevicePool.addTask(alone, launch.task());
        try (TornadoExecutionPlan one = new TornadoExecutionPlan(alone.snapshot())) {
            one.withDevice(device).withPreCompilation();
            return true;
        } catch (RuntimeException | Error | TornadoExecutionPlanException e) {
            return false;
        }
    }

    private void execute(int graph) {
        try {
            last = plan.withGraph(graph).execute();
        } catch (RuntimeException | Error e) {
            throw TornadoFailure.of("failed on the device", e);
        }
        if (times != null) {
            times.add(graph, last.getProfilerResult().getProfileLog());
        }
    }

    @Override
    public void run(Program program) {
        List<Step> steps = programs.get(program);
        if (steps == null) {
            throw new IllegalArgumentException("program '" + program.name() + "' was not compiled into this plan");
        }
        nativeOutput.watch(() -> {
            steps.forEach(this::run);
            transferToHost(outputs.get(program));
        });
    }

    private void run(Step step) {
        for (int repeat = 0; repeat < step.repeats(); repeat++) {
            for (int i = 0; i < step.graphs(); i++) {
                execute(step.firstGraph() + i);
            }
        }
    }

    private void transferToHost(Object[] arrays) {
        try {
            if (arrays.length > 0) {
                last.transferToHost(arrays);
            }
        } catch (RuntimeException | Error e) {
            throw TornadoFailure.of("cannot bring results from the device", e);
        }
    }

    @Override
    public void download(Buffer... buffers) {
        Object[] arrays = Recorded.memory(List.of(buffers)).toArray();
        nativeOutput.watch(() -> transferToHost(arrays));
    }

    @Override
    public void upload(Buffer... buffers) {
        for (Object array : Recorded.memory(List.of(buffers))) {
            Integer graph = uploads.get(array);
            if (graph == null) {
                throw new IllegalArgumentException("only state and constants of the plan's programs can be uploaded");
            }
            nativeOutput.watch(() -> execute(graph));
        }
    }

    @Override
    public int compiledKernels() {
        return kernels;
    }

    @Override
    public Map<String, Double> kernelSeconds() {
        return times == null ? Map.of() : times.seconds();
    }

    @Override
    public void close() {
        try {
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw TornadoFailure.of("cannot release the device", e);
        }
    }
}
