package org.tornadomae.bench.ops;

/// What an operation has to do at least, and so what its speed is measured in: arithmetic where that takes the time,
/// else memory traffic.
///
/// @param unit   what is counted
/// @param amount per call
record Work(Unit unit, double amount) {
    /// What is counted.
    enum Unit {
        /// Floating-point operations; a multiply-add is two.
        FLOP,
        /// Bytes that have to be read or written once.
        BYTE
    }

    static Work flops(double amount) {
        return new Work(Unit.FLOP, amount);
    }

    /// Memory traffic of so many floats.
    static Work floats(double amount) {
        return new Work(Unit.BYTE, Float.BYTES * amount);
    }
}
