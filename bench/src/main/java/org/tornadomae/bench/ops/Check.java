package org.tornadomae.bench.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.open.Backends;

/// What an operation should have written, by the plain loops: all of it, or a slice where the loops would take too
/// long.
final class Check {
    /// One array to compare.
    ///
    /// @param what     for the message
    /// @param expected by the loops
    /// @param actual   by the executor under test
    /// @param place    where in `actual` the element of `expected` stands
    /// @param terms    length of the longest sum behind an element
    private record Pair(String what, float[] expected, float[] actual, IntUnaryOperator place, int terms) {
    }

    private final Consumer<Ops> loops;
    private final List<Pair> pairs = new ArrayList<>();

    /// @param loops calls the operation, or the part of it that is compared, on arrays of its own
    Check(Consumer<Ops> loops) {
        this.loops = loops;
    }

    Check compare(String what, Tensor expected, Tensor actual, int terms) {
        return compare(what, expected, actual, i -> i, terms);
    }

    Check compare(String what, Tensor expected, Tensor actual, IntUnaryOperator place, int terms) {
        pairs.add(new Pair(what, expected.floats(), actual.floats(), place, terms));
        return this;
    }

    /// Runs the loops and compares.
    ///
    /// @throws WrongResultException when a number is too far off
    void verify() {
        Program program = new Program("oracle", loops);
        try (Backend backend = Backends.open("loop"); Plan plan = backend.compile(List.of(program))) {
            plan.run(program);
        }
        pairs.forEach(Check::verify);
    }

    /// A float sum of k terms of random sign is off by about 0.3·√k·u of its size, u = 2⁻²⁴. 32·√(k+1)·u leaves room
    /// for any order of summation and the few roundings around it; the size of a result is the root mean square of its
    /// array.
    private static void verify(Pair pair) {
        double squares = 0;
        for (float x : pair.expected) {
            squares += (double) x * x;
        }
        double tolerance = 32 * Math.sqrt(pair.terms + 1) * 0x1p-24 * Math.sqrt(squares / pair.expected.length);
        for (int i = 0; i < pair.expected.length; i++) {
            float expected = pair.expected[i];
            float actual = pair.actual[pair.place.applyAsInt(i)];
            if (!(Math.abs((double) actual - expected) <= tolerance)) { // NaN is not
                throw new WrongResultException(
                        pair.what + "[" + pair.place.applyAsInt(i) + "] is " + actual + ", the plain loop says "
                                + expected + " ± " + (float) tolerance);
            }
        }
    }
}
