package org.tornadomae.nn;

import java.util.random.RandomGenerator;

/// Counter-based random numbers: the i-th number of a stream is a hash of (key, i), so that a stream depends on its key
/// alone and never on threads, on other streams or on where a run was resumed.
///
/// The hash is SplitMix64's finaliser (Steele, Lea and Flood 2014).
public final class Rng implements RandomGenerator {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long key;
    private long counter;
    private double spareGaussian = Double.NaN;

    private Rng(long key) {
        this.key = key;
    }

    /// The stream of a key, e.g. `Rng.of(seed, epoch, clip, repeat, purpose)`; the order of the parts matters.
    public static Rng of(long... parts) {
        long key = 0;
        for (long part : parts) {
            key = mix(key + GOLDEN + mix(part));
        }
        return new Rng(key);
    }

    /// A key part from a name, for streams per tensor or per purpose (FNV-1a, 64 bit).
    public static long keyOf(String name) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    @Override
    public long nextLong() {
        return mix(key + GOLDEN * ++counter);
    }

    /// A standard normal number by Box and Muller's method, the same on every JDK.
    @Override
    public double nextGaussian() {
        if (!Double.isNaN(spareGaussian)) {
            double spare = spareGaussian;
            spareGaussian = Double.NaN;
            return spare;
        }
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
        double angle = 2 * Math.PI * nextDouble();
        spareGaussian = radius * StrictMath.sin(angle);
        return radius * StrictMath.cos(angle);
    }

    /// A permutation of 0 … n−1, uniform over all of them.
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = (int) Long.remainderUnsigned(nextLong(), i + 1L);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
