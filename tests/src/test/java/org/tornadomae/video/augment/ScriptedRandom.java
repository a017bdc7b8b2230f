package org.tornadomae.video.augment;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/// Numbers that a table gives: doubles of a range in turn, integers as far as their bound allows.
final class ScriptedRandom implements RandomGenerator {
    private static final double ROUNDING = 1e-9; // of the table's digits

    private final Deque<Double> doubles = new ArrayDeque<>();
    private final Deque<Integer> ints = new ArrayDeque<>();

    ScriptedRandom(double[] doubles, int... ints) {
        for (double value : doubles) {
            this.doubles.add(value);
        }
        for (int value : ints) {
            this.ints.add(value);
        }
    }

    @Override
    public long nextLong() {
        throw new UnsupportedOperationException("the script has no raw bits");
    }

    @Override
    public double nextDouble(double from, double to) {
        double value = doubles.remove();
        if (value < from - ROUNDING || value > to + ROUNDING) {
            throw new IllegalStateException(value + " is not in " + from + ".." + to);
        }
        return value;
    }

    @Override
    public int nextInt(int bound) {
        return Math.min(ints.remove(), bound - 1);
    }

    boolean usedUp() {
        return doubles.isEmpty() && ints.isEmpty();
    }
}
