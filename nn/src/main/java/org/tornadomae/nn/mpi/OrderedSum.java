package org.tornadomae.nn.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.tornadomae.nn.BalancedTree;
import org.tornadomae.nn.Groups;

/// The sum of one array over all ranks, in an order that does not depend on how many there are: every rank collects its
/// share of the array from all others, adds the pieces as a balanced tree, and hands the sum out. MPI_Allreduce
/// promises no order and, with a ring, has another one for each number of ranks. Bytes per rank are a ring's, 2 (n − 1)
/// / n of the array.
///
/// Arrays are staged through two off-heap buckets; a rank's own piece is never copied. Whole arrays would be slower by
/// ten: the library takes temporaries of their size, and pays page faults for them, in every call.
final class OrderedSum {
    private static final int BLOCK = 4096; // floats of all ranks that are added while they are in the first-level cache

    private final MpiLibrary mpi;
    private final int rank;
    private final int ranks;
    private final int chunk; // floats of one rank's share in a bucket
    private final MemorySegment out;
    private final MemorySegment in;
    private final MemorySegment outBytes;
    private final MemorySegment inBytes;
    private final MemorySegment starts;
    private final float[][] rows;

    /// @param bucketBytes size of each of the two buckets
    OrderedSum(MpiLibrary mpi, int rank, int ranks, int bucketBytes, Arena arena) {
        this.mpi = mpi;
        this.rank = rank;
        this.ranks = ranks;
        this.chunk = Math.max(1, bucketBytes / Float.BYTES / ranks);
        this.out = arena.allocate(ValueLayout.JAVA_FLOAT, (long) chunk * ranks);
        this.in = arena.allocate(ValueLayout.JAVA_FLOAT, (long) chunk * ranks);
        this.outBytes = arena.allocate(ValueLayout.JAVA_INT, ranks);
        this.inBytes = arena.allocate(ValueLayout.JAVA_INT, ranks);
        this.starts = arena.allocate(ValueLayout.JAVA_INT, ranks);
        for (int r = 0; r < ranks; r++) {
            starts.setAtIndex(ValueLayout.JAVA_INT, r, r * chunk * Float.BYTES);
        }
        this.rows = new float[ranks][BLOCK];
    }

    /// Replaces every rank's array by the sum of all of them.
    void all(float[] data) {
        Groups shares = new Groups(ranks, rank, ranks);
        for (int at = 0; at < largest(shares, data); at += chunk) {
            collect(data, shares, at);
            add(data, shares, at);
            handOut(data, shares, at);
        }
    }

    /// The first half of [#all]: this rank's share becomes the sum, the rest keeps its values.
    void toShares(float[] data, Groups shares) {
        for (int at = 0; at < largest(shares, data); at += chunk) {
            collect(data, shares, at);
            add(data, shares, at);
        }
    }

    /// The second half of [#all]: every rank gets the others' shares.
    void fromShares(float[] data, Groups shares) {
        for (int at = 0; at < largest(shares, data); at += chunk) {
            handOut(data, shares, at);
        }
    }

    /// Elements of the largest share, the first.
    private static int largest(Groups shares, float[] data) {
        return shares.startOf(1, data.length);
    }

    /// Where rank r's part of the bucket that begins `at` elements into the shares begins in the array.
    private static int start(int r, int at, Groups shares, float[] data) {
        return (int) Math.min((long) shares.startOf(r, data.length) + at, data.length);
    }

    /// Elements of that part: none where a last share is shorter than the others.
    private int length(int r, int at, Groups shares, float[] data) {
        return Math.clamp(shares.startOf(r + 1, data.length) - start(r, at, shares, data), 0, chunk);
    }

    private void collect(float[] data, Groups shares, int at) {
        int mine = length(rank, at, shares, data);
        for (int r = 0; r < ranks; r++) {
            int length = r == rank ? 0 : length(r, at, shares, data);
            MemorySegment.copy(data, start(r, at, shares, data), out, ValueLayout.JAVA_FLOAT, place(r), length);
            outBytes.setAtIndex(ValueLayout.JAVA_INT, r, length * Float.BYTES);
            inBytes.setAtIndex(ValueLayout.JAVA_INT, r, r == rank ? 0 : mine * Float.BYTES);
        }
        mpi.call(MpiFunction.ALLTOALLV, out, outBytes, starts, mpi.abi().bytes(),
                in, inBytes, starts, mpi.abi().bytes(), mpi.abi().world());
    }

    private void add(float[] data, Groups shares, int at) {
        int start = start(rank, at, shares, data);
        int mine = length(rank, at, shares, data);
        for (int i = 0; i < mine; i += BLOCK) {
            int length = Math.min(BLOCK, mine - i);
            for (int r = 0; r < ranks; r++) {
                if (r == rank) {
                    System.arraycopy(data, start + i, rows[r], 0, length);
                } else {
                    long from = place(r) + (long) i * Float.BYTES;
                    MemorySegment.copy(in, ValueLayout.JAVA_FLOAT, from, rows[r], 0, length);
                }
            }
            BalancedTree.sumRows(rows, length);
            System.arraycopy(rows[0], 0, data, start + i, length);
        }
    }

    private void handOut(float[] data, Groups shares, int at) {
        for (int r = 0; r < ranks; r++) {
            inBytes.setAtIndex(ValueLayout.JAVA_INT, r, length(r, at, shares, data) * Float.BYTES);
        }
        int mine = length(rank, at, shares, data);
        MemorySegment.copy(data, start(rank, at, shares, data), in, ValueLayout.JAVA_FLOAT, place(rank), mine);
        mpi.call(MpiFunction.ALLGATHERV, MemorySegment.ofAddress(mpi.abi().inPlace()), 0, mpi.abi().bytes(),
                in, inBytes, starts, mpi.abi().bytes(), mpi.abi().world());
        for (int r = 0; r < ranks; r++) {
            int length = r == rank ? 0 : length(r, at, shares, data);
            MemorySegment.copy(in, ValueLayout.JAVA_FLOAT, place(r), data, start(r, at, shares, data), length);
        }
    }

    private long place(int r) {
        return (long) r * chunk * Float.BYTES;
    }
}
