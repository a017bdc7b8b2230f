package org.tornadomae.kernels.tornado;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.tornadomae.kernels.BackendException;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/// Runs each kernel of the programs once on the device, with sizes of the run and random data, and compares with the
/// same kernel run as plain Java: a wrong driver or device is found before the training, not after it.
///
/// Compared is what plain Java writes. It is slow, so of independent rows it computes only the first [#ROWS], and kernels
/// that run over whole parameter arrays stop at [#ELEMENTS] on both sides.
final class SelfCheck {
    private static final int ROWS = 16;
    private static final int ELEMENTS = 1 << 20;
    /// Of the largest result of an array; device and Java differ in fused operations and in exp and sqrt.
    private static final double TOLERANCE = 1e-4;

    /// Which argument is the number of rows.
    private static final Map<String, Integer> ROWS_AT = Map.of("matmulForward", 10, "matmulBackwardInput", 6, "matmulBackwardWeight", 7);
    /// Which argument is the number of clips, for kernels whose rows see each other within a clip.
    private static final Map<String, Integer> CLIPS_AT = Map.of("attentionForward", 7, "attentionBackwardDot", 5,
            "attentionBackwardQuery", 8, "attentionBackwardKeyValue", 8);
    /// Which argument is the number of elements.
    private static final Map<String, Integer> ELEMENTS_AT = Map.of("adamWStep", 7, "squarePartials", 3, "zero", 1);

    /// How many arrays a kernel writes, where it is more than one; they are the first ones.
    private static final Map<String, Integer> OUTPUTS = Map.of("attentionForward", 2, "adamWStep", 3);

    private final TornadoBackend backend;
    private final CompactPlacement placement;
    private final float[] noise = new float[65_521]; // a prime: no stride of a kernel meets the same numbers again soon

    private SelfCheck(TornadoBackend backend, CompactPlacement placement) {
        this.backend = backend;
        this.placement = placement;
        Random random = new Random(1);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = 0.1f + 0.9f * random.nextFloat(); // positive, because some inputs are variances
        }
    }

    /// @param launches  tasks of which this takes possession: their arguments are replaced
    /// @param placement where they find their tensors
    /// @throws BackendException at the first kernel that does not agree
    static void run(TornadoBackend backend, List<Recording.Launch> launches, CompactPlacement placement) {
        long start = System.nanoTime();
        Map<String, Recording.Launch> smallest = new LinkedHashMap<>();
        for (Recording.Launch launch : launches) {
            smallest.merge(launch.kernel(), launch, (a, b) -> Stream.of(a, b).min(Comparator.comparingLong(SelfCheck::size)).orElseThrow());
        }
        SelfCheck check = new SelfCheck(backend, placement);
        double worst = 0;
        for (Recording.Launch launch : smallest.values()) {
            worst = Math.max(worst, launch.kernel().equals("moveLayer") ? check.moveLayer(launch) : check.error(launch));
            Arrays.fill(launch.task().getTaskParameters(), null); // the arrays may be as large as all parameters
        }
        backend.options().log().accept("self-check: %d kernels agree with plain Java, largest difference %.1e, in %.1f s"
                .formatted(smallest.size(), worst, (System.nanoTime() - start) / 1e9));
    }

    /// A rough measure of a launch's work.
    private static long size(Recording.Launch launch) {
        return Arrays.stream(launch.task().getTaskParameters()).filter(Integer.class::isInstance).mapToLong(a -> (int) a).sum();
    }

    private double error(Recording.Launch launch) {
        String kernel = launch.kernel();
        Object[] device = launch.task().getTaskParameters(); // the kernel, then its arguments
        cut(device, ELEMENTS_AT.get(kernel), ELEMENTS);
        fill(device, ELEMENTS_AT.containsKey(kernel));
        if (kernel.equals("matmulBackwardWeight")) {
            Object[] arguments = asPlain(launch);
            float[] dOut = (float[]) arguments[1 + 4];
            Arrays.fill(dOut, Math.min(dOut.length, ROWS * (int) arguments[1 + 9]), dOut.length, 0); // rows that plain Java will not sum
        }
        List<float[]> written = outputs(launch);
        Map<Object, float[]> copies = new IdentityHashMap<>();
        written.forEach(array -> copies.put(array, array.clone()));
        Object[] plain = Arrays.stream(asPlain(launch)).map(p -> copies.containsKey(p) ? copies.get(p) : p).toArray();
        cut(plain, ROWS_AT.get(kernel), ROWS);
        cut(plain, CLIPS_AT.get(kernel), 1);
        call(kernel, plain);
        written.forEach(array -> forgetUnwritten(copies.get(array), array));
        backend.nativeOutput().watch(() -> launch(launch, written));
        return written.stream().mapToDouble(array -> compare(kernel, copies.get(array), array)).max().orElse(0);
    }

    /// The one kernel that writes indices: the cursor must be the same, so there is no error or no training.
    private double moveLayer(Recording.Launch launch) {
        Object[] parameters = launch.task().getTaskParameters();
        int[] device = {1};
        int[] plain = device.clone();
        DeviceKernels.moveLayer(plain, (int) parameters[2], (int) parameters[3]);
        parameters[1] = device;
        backend.nativeOutput().watch(() -> launch(launch, List.of(device)));
        if (device[0] != plain[0]) {
            throw new BackendException("self-check failed on %s: the layer cursor is %d instead of %d; update the driver or use another device"
                    .formatted(backend.device(), device[0], plain[0]));
        }
        return 0;
    }

    /// The arrays that a launch writes.
    private static List<float[]> outputs(Recording.Launch launch) {
        return launch.arrays().filter(float[].class::isInstance).map(float[].class::cast)
                .limit(OUTPUTS.getOrDefault(launch.kernel(), 1)).toList();
    }

    /// The plain loop with the arguments of the launch.
    private static Object[] asPlain(Recording.Launch launch) {
        Object[] parameters = Arrays.stream(launch.task().getTaskParameters()).filter(p -> !(p instanceof KernelContext)).toArray();
        parameters[0] = launch.plain().getTaskParameters()[0];
        return parameters;
    }

    private static void cut(Object[] parameters, Integer argument, int most) {
        if (argument != null) {
            parameters[1 + argument] = Math.min((int) parameters[1 + argument], most);
        }
    }

    /// Replaces the arrays by random ones as long as kernels reach, and index arrays by copies.
    ///
    /// @param elements whether the kernel stops at [#ELEMENTS]
    private void fill(Object[] parameters, boolean elements) {
        Map<Object, Object> filled = new IdentityHashMap<>();
        for (int i = 1; i < parameters.length; i++) {
            if (parameters[i] instanceof int[] ints) {
                parameters[i] = filled.computeIfAbsent(ints, a -> ints.clone());
            } else if (parameters[i] instanceof float[] floats) {
                parameters[i] = filled.computeIfAbsent(floats, a -> noise(
                        elements ? Math.min(ELEMENTS, floats.length) : placement.length(floats, floats.length)));
            }
        }
    }

    private float[] noise(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i += noise.length) {
            System.arraycopy(noise, 0, values, i, Math.min(noise.length, n - i));
        }
        return values;
    }

    private static void call(String kernel, Object[] parameters) {
        try {
            Method apply = Arrays.stream(parameters[0].getClass().getInterfaces()[0].getMethods())
                    .filter(method -> method.getName().equals("apply")).findFirst().orElseThrow();
            apply.invoke(parameters[0], Arrays.copyOfRange(parameters, 1, parameters.length));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("kernel " + kernel + " does not run as plain Java", e);
        }
    }

    /// What plain Java left as it was is not compared: NaN marks it.
    private static void forgetUnwritten(float[] now, float[] before) {
        for (int i = 0; i < now.length; i++) {
            now[i] = now[i] == before[i] ? Float.NaN : now[i];
        }
    }

    private void launch(Recording.Launch launch, List<?> outputs) {
        Object[] arrays = launch.arrays().distinct().toArray();
        Object[] results = outputs.toArray();
        TaskGraph graph = new TaskGraph("check").transferToDevice(DataTransferMode.FIRST_EXECUTION, arrays);
        DevicePool.addTask(graph, launch.task());
        graph.transferToHost(DataTransferMode.UNDER_DEMAND, results);
        try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withDevice(backend.tornadoDevice());
            if (launch.grid() != null) {
                plan.withGridScheduler(new GridScheduler("check." + launch.task().getId(), launch.grid()));
            }
            plan.execute().transferToHost(results);
        } catch (RuntimeException | Error | TornadoExecutionPlanException e) {
            throw TornadoFailure.of("cannot run kernel " + launch.kernel(), e);
        }
    }

    private double compare(String kernel, float[] expected, float[] actual) {
        double scale = 1e-30;
        for (float x : expected) {
            scale = Math.max(scale, Math.abs(Float.isNaN(x) ? 0 : x));
        }
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double error = Float.isNaN(expected[i]) ? 0 : Math.abs((double) actual[i] - expected[i]) / scale;
            if (!(error <= TOLERANCE)) { // NaN is not
                throw new BackendException(("self-check failed on %s: kernel %s computes %g at %d where plain Java computes %g; "
                        + "update the driver or use another device")
                        .formatted(backend.device(), kernel, actual[i], i, expected[i]));
            }
            worst = Math.max(worst, error);
        }
        return worst;
    }
}
