package org.tornadomae.kernels.tornado;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tornadomae.kernels.BackendException;
import org.tornadomae.kernels.Clips;
import org.tornadomae.kernels.Elements;
import org.tornadomae.kernels.Rows;
import org.tornadomae.kernels.Terms;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/// Runs each kernel of the programs once on the device, with sizes of the run and random data, and compares with the
/// same kernel run as plain Java: a wrong driver or device is found before the training, not after it.
///
/// Compared is what plain Java writes. It is slow, so of independent rows ([Rows]) it computes only the first [#ROWS]
/// and of clips ([Clips]) the first; kernels that run over whole parameter arrays ([Elements]) and long sums ([Terms])
/// are shorter on both sides.
final class SelfCheck {
    private static final int ROWS = 16;
    private static final int ELEMENTS = 1 << 20;
    /// Three steps of [TiledMatmulKernels], the last of them not whole.
    private static final int TERMS = 45;
    /// Of the largest result of an array; device and Java differ in fused operations and in exp and sqrt.
    private static final double TOLERANCE = 1e-4;

    private final TornadoBackend backend;
    private final float[] noise = new float[65_521]; // a prime: no stride of a kernel meets the same numbers again soon

    private SelfCheck(TornadoBackend backend) {
        this.backend = backend;
        Random random = new Random(1);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = 0.1f + 0.9f * random.nextFloat(); // positive, because some inputs are variances
        }
    }

    /// @param launches recorded with a [CompactPlacement]; this takes possession of them, as it replaces their
    ///                 arguments
    /// @throws BackendException at the first kernel that does not agree
    static void run(TornadoBackend backend, List<Recording.Launch> launches) {
        long start = System.nanoTime();
        Map<String, Recording.Launch> smallest = new LinkedHashMap<>();
        for (Recording.Launch launch : launches) {
            smallest.merge(launch.kernel(), launch,
                    (a, b) -> Stream.of(a, b).min(Comparator.comparingLong(SelfCheck::size)).orElseThrow());
        }
        SelfCheck check = new SelfCheck(backend);
        double worst = 0;
        for (Recording.Launch launch : smallest.values()) {
            worst = Math.max(worst,
                    launch.kernel().equals("moveLayer") ? check.moveLayer(launch) : check.error(launch));
            Arrays.fill(launch.task().getTaskParameters(), null); // the arrays may be as large as all parameters
        }
        backend.options().log()
                .accept("self-check: %d kernels agree with plain Java, largest difference %.1e, in %.1f s"
                        .formatted(smallest.size(), worst, (System.nanoTime() - start) / 1e9));
    }

    /// A rough measure of a launch's work.
    private static long size(Recording.Launch launch) {
        return Arrays.stream(launch.task().getTaskParameters()).filter(Integer.class::isInstance)
                .mapToLong(a -> (int) a).sum();
    }

    private double error(Recording.Launch launch) {
        Object[] device = launch.task().getTaskParameters();
        int first = launch.firstArgument();
        cut(launch, device, first, Elements.class, ELEMENTS);
        cut(launch, device, first, Terms.class, TERMS);
        fill(launch, device);
        List<float[]> written = launch.written().stream().map(float[].class::cast).toList();
        Map<Object, float[]> copies = new IdentityHashMap<>();
        written.forEach(array -> copies.put(array, array.clone()));
        Object[] plain = Arrays.stream(device, first, device.length)
                .map(p -> copies.containsKey(p) ? copies.get(p) : p).toArray();
        cut(launch, plain, 0, Rows.class, ROWS);
        cut(launch, plain, 0, Clips.class, 1);
        call(launch.loop(), plain);
        written.forEach(array -> forgetUnwritten(copies.get(array), array));
        backend.nativeOutput().watch(() -> launch(launch, written));
        return written.stream().mapToDouble(array -> compare(launch.kernel(), copies.get(array), array)).max()
                .orElse(0);
    }

    /// The one kernel that writes indices: a cursor that differs at all trains the wrong layer.
    private double moveLayer(Recording.Launch launch) {
        Object[] parameters = launch.task().getTaskParameters();
        int[] device = {1};
        int[] plain = device.clone();
        DeviceKernels.moveLayer(plain, (int) parameters[2], (int) parameters[3]);
        parameters[1] = device;
        backend.nativeOutput().watch(() -> launch(launch, List.of(device)));
        if (device[0] != plain[0]) {
            throw new BackendException(
                    "self-check failed on %s: the layer cursor is %d instead of %d; update the driver or use another "
                            + "device"
                                    .formatted(backend.device(), device[0], plain[0]));
        }
        return 0;
    }

    /// Lowers the argument with this annotation, if there is one.
    ///
    /// @param first where in `arguments` the loop's begin
    private static void cut(Recording.Launch launch, Object[] arguments, int first,
            Class<? extends Annotation> annotation, int most) {
        for (int i = 0; i < launch.loop().getParameterCount(); i++) {
            if (launch.has(i, annotation)) {
                arguments[first + i] = Math.min((int) arguments[first + i], most);
            }
        }
    }

    /// Replaces the arrays by random ones as long as the launch reaches, and index arrays by copies. A kernel over
    /// [Elements] takes no second long tensor from an array, so what it reaches ends at [#ELEMENTS].
    private void fill(Recording.Launch launch, Object[] arguments) {
        boolean elements =
                IntStream.range(0, launch.loop().getParameterCount()).anyMatch(i -> launch.has(i, Elements.class));
        Map<Object, Object> filled = new IdentityHashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            if (arguments[i] instanceof int[] ints) {
                arguments[i] = filled.computeIfAbsent(ints, _ -> ints.clone());
            } else if (arguments[i] instanceof float[] floats) {
                int length = launch.lengths().get(floats);
                arguments[i] =
                        filled.computeIfAbsent(floats, _ -> noise(elements ? Math.min(ELEMENTS, length) : length));
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

    private static void call(Method loop, Object[] arguments) {
        try {
            loop.invoke(null, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("kernel " + loop.getName() + " does not run as plain Java", e);
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
                throw new BackendException(
                        ("self-check failed on %s: kernel %s computes %g at %d where plain Java computes %g; "
                                + "update the driver or use another device")
                                .formatted(backend.device(), kernel, actual[i], i, expected[i]));
            }
            worst = Math.max(worst, error);
        }
        return worst;
    }
}
