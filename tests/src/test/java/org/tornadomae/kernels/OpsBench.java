package org.tornadomae.kernels;

/// What the contracts need of the executor under test.
interface OpsBench {
    Backend backend();

    default Bed bed(long seed) {
        return new Bed(backend(), seed);
    }
}
