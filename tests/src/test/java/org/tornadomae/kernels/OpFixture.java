package org.tornadomae.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// The arrays of one check, and what a program made of them.
///
/// Every tensor starts at an odd place of its array and, where it is stacked, has gaps between its layers. What no
/// tensor covers are guards: NaNs before, between and after the tensors. Whatever a program does not declare as written
/// must keep its bits, so that a stray write is found; a stray read makes a result NaN.
final class OpFixture {
    private static final float GUARD = Float.intBitsToFloat(0x7fc0bead);
    /// Longer than the widest vector register (16 floats) and odd.
    private static final int GUARDS = 19;
    /// Where the first tensor of an array starts: odd, so that no vector is aligned.
    private static final int FIRST = 7;
    /// An index of nothing.
    private static final int NO_INDEX = Integer.MIN_VALUE / 3;

    private final Backend backend;
    private final Random random;
    private final List<Buffer> floats = new ArrayList<>();
    private final List<float[]> before = new ArrayList<>();
    private final List<Buffer> ints = new ArrayList<>();

    OpFixture(Backend backend, long seed) {
        this.backend = backend;
        this.random = new Random(seed);
    }

    /// A tensor of a test: `n` elements in each of `layers`, seen through a [Tensor].
    record Slot(OpFixture fixture, Tensor tensor, int layers, int n) {
        /// The layer's elements now.
        double[] values(int layer) {
            return copy(tensor.floats(), layer);
        }

        /// The layer's elements before the program ran.
        double[] before(int layer) {
            return copy(fixture.before.get(fixture.floats.indexOf(tensor.buffer())), layer);
        }

        private double[] copy(float[] from, int layer) {
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
                values[i] = from[tensor.start(layer) + i];
            }
            return values;
        }

        /// The elements `first` to `first + count` of each layer, as a slot of their own.
        Slot part(int first, int count) {
            return new Slot(fixture, tensor.slice(first, count), layers, count);
        }

        Slot set(int layer, double... values) {
            for (int i = 0; i < n; i++) {
                tensor.floats()[tensor.start(layer) + i] = (float) values[i];
            }
            return this;
        }

        Slot scale(double factor) {
            for (int layer = 0; layer < layers; layer++) {
                set(layer, Arrays.stream(values(layer)).map(x -> x * factor).toArray());
            }
            return this;
        }
    }

    private Slot fill(Buffer buffer, int at, int step, int layers, int n) {
        Tensor tensor = new Tensor(buffer, at, step, n);
        for (int layer = 0; layer < layers; layer++) {
            for (int i = 0; i < n; i++) {
                buffer.floats()[tensor.start(layer) + i] = 2 * random.nextFloat() - 1;
            }
        }
        return new Slot(this, tensor, layers, n);
    }

    private Buffer guarded(int length) {
        float[] data = new float[length];
        Arrays.fill(data, GUARD);
        Buffer buffer = Buffer.over("floats" + floats.size(), Buffer.Role.STATE, data);
        floats.add(buffer);
        return buffer;
    }

    /// A tensor `[n]` of uniform numbers in [-1, 1), not stacked.
    Slot plain(int n) {
        return fill(guarded(FIRST + n + GUARDS), FIRST, 0, 1, n);
    }

    /// A tensor `[n]` stacked over layers, with guards between the layers.
    Slot stacked(int layers, int n) {
        return flat(layers, n).getFirst();
    }

    /// A tensor `[n]` stacked over layers, one after another without gaps.
    Slot gapless(int layers, int n) {
        return fill(guarded(FIRST + layers * n + GUARDS), FIRST, layers == 1 ? 0 : n, layers, n);
    }

    /// Tensors of the given sizes as a stack of layers holds them in one flat array: side by side with guards between,
    /// the whole repeated with a fixed step that is longer than they are.
    List<Slot> flat(int layers, int... sizes) {
        int step = Arrays.stream(sizes).sum() + 3 * sizes.length + 4;
        Buffer buffer = guarded(FIRST + layers * step + GUARDS);
        List<Slot> slots = new ArrayList<>();
        int at = FIRST;
        for (int n : sizes) {
            slots.add(fill(buffer, at, layers == 1 ? 0 : step, layers, n));
            at += n + 3;
        }
        return slots;
    }

    /// Tensors of the given sizes in one array, each stacked with a step of its own.
    List<Slot> withSteps(int layers, int... sizes) {
        Buffer buffer = guarded(FIRST + layers * (Arrays.stream(sizes).sum() + 3 * sizes.length) + GUARDS);
        List<Slot> slots = new ArrayList<>();
        int at = FIRST;
        for (int n : sizes) {
            slots.add(fill(buffer, at, n + 3, layers, n));
            at += layers * (n + 3);
        }
        return slots;
    }

    /// A tensor of indices; what stands around it is no index of anything.
    Tensor ints(int... values) {
        int[] data = new int[FIRST + values.length + GUARDS];
        Arrays.fill(data, NO_INDEX);
        System.arraycopy(values, 0, data, FIRST, values.length);
        Buffer buffer = Buffer.over("ints" + ints.size(), Buffer.Role.STATE, data);
        ints.add(buffer);
        return new Tensor(buffer, FIRST, 0, values.length);
    }

    Random random() {
        return random;
    }

    /// Runs a program and checks that it wrote nothing but `written`.
    void run(Consumer<Ops> body, Slot... written) {
        List<int[]> intsBefore = ints.stream().map(buffer -> buffer.ints().clone()).toList();
        before.clear();
        floats.forEach(buffer -> before.add(buffer.floats().clone()));
        Program program = new Program("check", body);
        try (Plan plan = backend.compile(List.of(program))) {
            plan.run(program);
            plan.download(program.buffers().toArray(Buffer[]::new));
        }
        for (int i = 0; i < ints.size(); i++) {
            assertArrayEquals(intsBefore.get(i), ints.get(i).ints(), "an index array was written");
        }
        for (int i = 0; i < floats.size(); i++) {
            nothingElse(floats.get(i), before.get(i), written);
        }
    }

    private static void nothingElse(Buffer buffer, float[] before, Slot[] written) {
        float[] now = buffer.floats();
        boolean[] allowed = new boolean[now.length];
        for (Slot slot : written) {
            for (int layer = 0; slot.tensor.buffer() == buffer && layer < slot.layers; layer++) {
                int start = slot.tensor.start(layer);
                Arrays.fill(allowed, start, start + slot.n, true);
            }
        }
        for (int i = 0; i < now.length; i++) {
            if (!allowed[i]) {
                assertEquals(Float.floatToRawIntBits(before[i]), Float.floatToRawIntBits(now[i]),
                        "wrote element " + i + " of " + now.length + ", which is not part of an output");
            }
        }
    }

    /// Runs the same body for every layer, in either order, and returns the layer that came last.
    int runLayers(int layers, boolean reversed, Consumer<Ops> body, Slot... written) {
        run(ops -> ops.forEachLayer(layers, reversed, () -> body.accept(ops)), written);
        return reversed ? 0 : layers - 1;
    }

    /// Compares with a reference, within the rounding of float sums of `terms` products.
    ///
    /// A float sum of k terms of random sign is off by about 0.3·√k·u of its own size, u = 2⁻²⁴: k roundings, each of
    /// at most u of a partial sum that grows as a random walk. 16·√(k+1)·u is some fifty such deviations: room for
    /// any order of summation, fused or not, for the few roundings around the sum and for exp and sqrt on a device, and
    /// still far below what half precision (2⁻¹¹ per product) would cost. The size of a result is the root mean
    /// square of its tensor, or 1 where that is smaller (single elements that cancel), times `gain` where the operation
    /// multiplies errors that it is handed.
    static void close(String what, double[] expected, double[] actual, int terms, double gain) {
        double tolerance = 16 * Math.sqrt(terms + 1) * 0x1p-24 * gain * Math.max(1, rms(expected));
        within(what, expected, actual, tolerance);
    }

    static void close(String what, double[] expected, double[] actual, int terms) {
        close(what, expected, actual, terms, 1);
    }

    static void within(String what, double[] expected, double[] actual, double tolerance) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            int at = i;
            assertTrue(Math.abs(expected[i] - actual[i]) <= tolerance, // NaN is not
                    () -> what + "[" + at + "] is " + actual[at] + ", expected " + expected[at] + " ± " + tolerance);
        }
    }

    private static double rms(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(x -> x * x).average().orElse(0));
    }

    static double[] plus(double[] a, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, i -> a[i] + b[i]);
        return sum;
    }

    /// Lists of permutations, one per clip, as index arrays are laid out.
    static int[] concat(Collection<int[]> parts) {
        return parts.stream().flatMapToInt(Arrays::stream).toArray();
    }
}
