package org.tornadomae.kernels;

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
/// Every array has guards: NaNs that no tensor covers, before, between and after the tensors. Whatever a program does
/// not declare as written must keep its bits, so that a stray write is found; a stray read makes a result NaN.
final class Bed {
    private static final float GUARD = Float.intBitsToFloat(0x7fc0bead);
    /// Longer than the widest vector register (16 floats) and odd.
    private static final int GUARDS = 19;

    private final Backend backend;
    private final Random random;
    private final List<float[]> floats = new ArrayList<>();
    private final List<float[]> before = new ArrayList<>();
    private final List<int[]> ints = new ArrayList<>();

    Bed(Backend backend, long seed) {
        this.backend = backend;
        this.random = new Random(seed);
    }

    /// A tensor of a test: `n` elements in each of `layers`, seen through a [Tensor].
    record Slot(Bed bed, Tensor tensor, int layers, int n) {
        float[] data() {
            return tensor.data();
        }

        /// The layer's elements now.
        double[] values(int layer) {
            return copy(tensor.data(), layer);
        }

        /// The layer's elements before the program ran.
        double[] before(int layer) {
            return copy(bed.before.get(bed.indexOf(tensor.data())), layer);
        }

        private double[] copy(float[] from, int layer) {
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
                values[i] = from[tensor.at() + layer * tensor.step() + i];
            }
            return values;
        }

        /// The elements `first` to `first + count` of each layer, as a slot of their own.
        Slot part(int first, int count) {
            return new Slot(bed, new Tensor(tensor.data(), tensor.at() + first, tensor.step(), count), layers, count);
        }

        Slot set(int layer, double... values) {
            for (int i = 0; i < n; i++) {
                tensor.data()[tensor.at() + layer * tensor.step() + i] = (float) values[i];
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

    private int indexOf(float[] data) {
        for (int i = 0; i < floats.size(); i++) {
            if (floats.get(i) == data) {
                return i;
            }
        }
        throw new AssertionError("an array of another bed");
    }

    private Slot fill(float[] data, int at, int step, int layers, int n) {
        for (int layer = 0; layer < layers; layer++) {
            for (int i = 0; i < n; i++) {
                data[at + layer * step + i] = 2 * random.nextFloat() - 1;
            }
        }
        return new Slot(this, new Tensor(data, at, step, n), layers, n);
    }

    private float[] guarded(int length) {
        float[] data = new float[length];
        Arrays.fill(data, GUARD);
        floats.add(data);
        return data;
    }

    /// An array [n] of uniform numbers in [-1, 1) and guards behind it; it starts at 0 and is not stacked.
    Slot plain(int n) {
        return fill(guarded(n + GUARDS), 0, 0, 1, n);
    }

    /// An array [layers, n], likewise.
    Slot stacked(int layers, int n) {
        return fill(guarded(layers * n + GUARDS), 0, n, layers, n);
    }

    /// Tensors of the given sizes as a stack of layers holds them in one flat array: side by side with guards between,
    /// the whole repeated with a fixed step that is longer than they are.
    List<Slot> flat(int layers, int... sizes) {
        int step = Arrays.stream(sizes).sum() + 3 * sizes.length + 4;
        float[] data = guarded(7 + layers * step + GUARDS);
        List<Slot> slots = new ArrayList<>();
        int at = 7;
        for (int n : sizes) {
            slots.add(fill(data, at, step, layers, n));
            at += n + 3;
        }
        return slots;
    }

    /// One tensor that is not stacked, somewhere in a larger array.
    Slot offset(int n) {
        Slot slot = flat(1, n).getFirst();
        return new Slot(this, new Tensor(slot.data(), slot.tensor().at(), 0, n), 1, n);
    }

    int[] ints(int... values) {
        ints.add(values);
        return values;
    }

    Random random() {
        return random;
    }

    /// Runs a program and checks that it wrote nothing but `written`.
    void run(Consumer<Ops> body, Slot... written) {
        List<Object> inputs = new ArrayList<>(floats);
        inputs.addAll(ints);
        List<int[]> intsBefore = ints.stream().map(int[]::clone).toList();
        before.clear();
        floats.forEach(a -> before.add(a.clone()));
        Program program = new Program("check", body, inputs, floats);
        try (Plan plan = backend.compile(List.of(), List.of(program))) {
            plan.run(program);
        }
        for (int i = 0; i < ints.size(); i++) {
            assertTrue(Arrays.equals(intsBefore.get(i), ints.get(i)), "an index array was written");
        }
        for (int i = 0; i < floats.size(); i++) {
            nothingElse(floats.get(i), before.get(i), written);
        }
    }

    private static void nothingElse(float[] now, float[] before, Slot[] written) {
        boolean[] allowed = new boolean[now.length];
        for (Slot slot : written) {
            for (int layer = 0; slot.data() == now && layer < slot.layers; layer++) {
                int start = slot.tensor.at() + layer * slot.tensor.step();
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
