package org.tornadomae.nn;

/// The processes ("ranks") that train one model together. All of them call the same methods in the same order, and what
/// a method returns is the same on every rank, to the bit.
///
/// What is random or ordered is keyed by its place in the whole run (epoch, micro-batch of all ranks, place in it) and
/// never by a rank.
public interface Collective extends AutoCloseable {
    /// Number of this rank, from 0; rank 0 writes what all need once.
    int rank();

    /// How many ranks there are.
    int size();

    /// Replaces every rank's array by the sum over the ranks, in a fixed order.
    void sum(float[] data);

    /// The sum over the values of all ranks, added as a balanced tree: neighbours, then pairs of pairs.
    ///
    /// @param mine as many on each rank; all together a power of two
    double sum(double... mine);

    /// Whether it holds on any rank.
    boolean any(boolean mine);

    /// Makes sure that all ranks have the same, e.g. the fingerprint of the data.
    ///
    /// @param what how a message names it
    /// @throws UserException when a rank has another
    void requireSame(String what, long mine);

    /// Waits until every rank has come here.
    void barrier();

    @Override
    void close();

    /// One process that trains by itself.
    static Collective alone() {
        return Alone.INSTANCE;
    }
}
