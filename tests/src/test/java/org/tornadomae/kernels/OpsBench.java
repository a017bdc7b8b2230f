package org.tornadomae.kernels;

/// What the contracts need of the executor under test.
interface OpsBench {
    Backend backend();

    default OpFixture fixture(long seed) {
        return new OpFixture(backend(), seed);
    }
}
