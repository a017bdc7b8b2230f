package org.tornadomae.video.augment;

import java.util.random.RandomGenerator;

/// Random numbers of the beta distribution, the same on every JDK.
final class Beta {

    private Beta() {}

    /// One of Beta(α, α), α > 0: X/(X+Y) of two gamma numbers, by their logarithms because those of a small α are often
    /// too small for a double.
    static double symmetric(double alpha, RandomGenerator random) {
        double x = logGamma(alpha, random);
        double y = logGamma(alpha, random);
        return 1 / (1 + StrictMath.exp(y - x));
    }

    /// The logarithm of a number of Gamma(α, 1). Marsaglia and Tsang, "A simple method for generating gamma variables"
    /// (2000); section 6 for the step from α+1 down to α.
    private static double logGamma(double alpha, RandomGenerator random) {
        double d = alpha + 1 - 1.0 / 3;
        double c = 1 / StrictMath.sqrt(9 * d);
        while (true) {
            double normal = random.nextGaussian();
            double root = 1 + c * normal;
            double uniform = 1 - random.nextDouble(); // in (0, 1]
            if (root > 0) {
                double v = root * root * root;
                if (StrictMath.log(uniform) < normal * normal / 2 + d - d * v + d * StrictMath.log(v)) {
                    return StrictMath.log(d * v) + StrictMath.log(1 - random.nextDouble()) / alpha;
                }
            }
        }
    }
}
