package org.tornadomae.nn.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import org.tornadomae.nn.BalancedTree;
import org.tornadomae.nn.Groups;
import org.tornadomae.nn.UserException;

/// The ranks of an MPI job. All of them call the same methods in the same order, each from the one thread that opened it.
/// What a method returns is the same on every rank, to the bit, and sums have the same bits for any number of ranks.
///
/// Every call fails with a [UserException] when the library reports an error, and ends the process when it takes longer
/// than the timeout.
public final class MpiCollective implements AutoCloseable {
    private final MpiLibrary mpi;
    private final int bucketBytes;
    private final Arena arena = Arena.ofShared();
    private final Watchdog watchdog;
    private final int rank;
    private final int size;
    private final int localSize;
    private final OrderedSum sum;
    private long nanos;

    private MpiCollective(MpiLibrary mpi, MpiOptions options) {
        this.mpi = mpi;
        this.rank = mpi.ask(MpiFunction.COMM_RANK, mpi.abi().world());
        this.size = mpi.ask(MpiFunction.COMM_SIZE, mpi.abi().world());
        this.watchdog = new Watchdog(options.timeout(), line -> System.err.println("mae: rank " + rank + ": " + line));
        this.localSize = mpi.localSize();
        this.bucketBytes = options.bucketBytes(localSize == size);
        this.sum = new OrderedSum(mpi, rank, size, bucketBytes, arena);
    }

    /// Joins the job that the launcher started, or nothing where it started one process without a launcher.
    ///
    /// @throws UserException when options, launcher and library do not fit together, or no library is found
    public static Optional<MpiCollective> open(MpiOptions options, Launcher launcher) {
        if (!launcher.wantsMpi(options.choice(), options.ranks())) {
            return Optional.empty();
        }
        MpiLibrary library = MpiLibrary.load(MpiLibraries.candidates(options.choice(), launcher.kind()));
        library.init();
        launcher.requireSize(library.ask(MpiFunction.COMM_SIZE, library.abi().world()), options.ranks(), library.name());
        return Optional.of(new MpiCollective(library, options));
    }

    /// Number of this rank, from 0.
    public int rank() {
        return rank;
    }

    /// How many ranks there are.
    public int size() {
        return size;
    }

    /// How many of them share this machine, and should share its cores.
    public int localSize() {
        return localSize;
    }

    /// The groups of this rank.
    ///
    /// @throws UserException when `count` groups cannot be shared by these ranks
    public Groups groups(int count) {
        return new Groups(count, rank, size);
    }

    /// Replaces every rank's array by the sum over the ranks, added as a balanced tree. Arrays are of the same length.
    public void sum(float[] data) {
        run("a sum of " + data.length + " numbers", () -> sum.all(data));
    }

    /// Like [#sum], but only this rank's share of the array becomes the sum; the rest keeps its values.
    public void sumToShares(float[] data, Groups shares) {
        run("a sum of " + data.length + " numbers", () -> sum.toShares(data, shares));
    }

    /// Gives every rank the others' shares of the array.
    public void gatherShares(float[] data, Groups shares) {
        run("an exchange of " + data.length + " numbers", () -> sum.fromShares(data, shares));
    }

    /// The balanced sum over all groups of all ranks.
    ///
    /// @param mine a value for each group of this rank, in order, as many on each rank
    public double sum(double... mine) {
        long[] all = gather(Arrays.stream(mine).mapToLong(Double::doubleToRawLongBits).toArray());
        return BalancedTree.sum(Arrays.stream(all).mapToDouble(Double::longBitsToDouble).toArray());
    }

    /// Whether it holds on any rank.
    public boolean any(boolean mine) {
        return Arrays.stream(gather(mine ? 1 : 0)).anyMatch(x -> x != 0);
    }

    /// Makes sure that all ranks have the same, e.g. the fingerprint of the data.
    ///
    /// @param what how a message names it
    /// @throws UserException naming the first rank whose value differs from rank 0's
    public void requireSame(String what, long mine) {
        long[] all = gather(mine);
        for (int r = 0; r < size; r++) {
            if (all[r] != all[0]) {
                throw new UserException("rank " + r + " has another " + what + " than rank 0: all ranks need the same");
            }
        }
    }

    /// The values of all ranks in their order, as many of each.
    public long[] gather(long... mine) {
        long[] all = new long[size * mine.length];
        run("an agreement", () -> gather(mine, all));
        return all;
    }

    private void gather(long[] mine, long[] all) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment places = call.allocate(ValueLayout.JAVA_LONG, all.length);
            MemorySegment bytes = call.allocate(ValueLayout.JAVA_INT, size);
            MemorySegment starts = call.allocate(ValueLayout.JAVA_INT, size);
            for (int r = 0; r < size; r++) {
                bytes.setAtIndex(ValueLayout.JAVA_INT, r, mine.length * Long.BYTES);
                starts.setAtIndex(ValueLayout.JAVA_INT, r, r * mine.length * Long.BYTES);
            }
            long byteType = mpi.abi().bytes();
            mpi.call(MpiFunction.ALLGATHERV, call.allocateFrom(ValueLayout.JAVA_LONG, mine), mine.length * Long.BYTES, byteType,
                    places, bytes, starts, byteType, mpi.abi().world());
            MemorySegment.copy(places, ValueLayout.JAVA_LONG, 0, all, 0, all.length);
        }
    }

    /// Gives every rank rank 0's array, e.g. weights that only its machine has a file of.
    public void broadcast(float[] data) {
        run("a broadcast of " + data.length + " numbers", () -> {
            int length = bucketBytes / Float.BYTES;
            try (Arena call = Arena.ofConfined()) {
                MemorySegment bucket = call.allocate(ValueLayout.JAVA_FLOAT, Math.min(length, data.length));
                for (int at = 0; at < data.length; at += length) {
                    int now = Math.min(length, data.length - at);
                    MemorySegment.copy(data, at, bucket, ValueLayout.JAVA_FLOAT, 0, now);
                    mpi.call(MpiFunction.BCAST, bucket, now * Float.BYTES, mpi.abi().bytes(), 0, mpi.abi().world());
                    MemorySegment.copy(bucket, ValueLayout.JAVA_FLOAT, 0, data, at, now);
                }
            }
        });
    }

    /// Waits until every rank has come here, e.g. until rank 0 has written a checkpoint.
    public void barrier() {
        run("a barrier", () -> mpi.call(MpiFunction.BARRIER, mpi.abi().world()));
    }

    private void run(String what, Runnable call) {
        nanos += watchdog.time(what, call);
    }

    /// Seconds spent in all calls so far, waiting for slower ranks included.
    public double seconds() {
        return nanos / 1e9;
    }

    /// Library, version and ranks in words.
    public String describe() {
        return size + " ranks, " + localSize + " on this machine, " + mpi.name();
    }

    /// Ends all processes of the job at once; does not return.
    void abort(int exitCode) {
        Thread.ofPlatform().daemon().start(() -> {
            MpiRun.pause(5); // should the library hang, the launcher ends the others when this process ends
            Runtime.getRuntime().halt(exitCode);
        });
        mpi.call(MpiFunction.ABORT, mpi.abi().world(), exitCode);
        Runtime.getRuntime().halt(exitCode);
    }

    /// Leaves the job, when all ranks do.
    @Override
    public void close() {
        run("the end of the others", () -> mpi.call(MpiFunction.FINALIZE));
        arena.close();
    }
}
