package org.tornadomae.nn.mpi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.tornadomae.nn.BalancedTree;
import org.tornadomae.nn.Collective;
import org.tornadomae.nn.Groups;
import org.tornadomae.nn.UserException;

/// The ranks of an MPI job. Each calls from the one thread that opened it, and sums have the same bits for any number
/// of ranks where each brings the [sum of its groups][org.tornadomae.nn.GroupSum].
///
/// Every call fails with a [UserException] when the library reports an error, and ends the process when it takes longer
/// than the timeout.
public final class MpiCollective implements Collective {
    private final MpiLibrary mpi;
    private final int bucketBytes;
    private final Arena arena = Arena.ofShared();
    private final Watchdog watchdog;
    private final int rank;
    private final int size;
    private final int localSize;
    private final OrderedSum sum;
    private long nanos;

    private MpiCollective(MpiLibrary mpi, MpiOptions options, Watchdog watchdog) {
        this.mpi = mpi;
        this.watchdog = watchdog;
        this.rank = mpi.ask(MpiFunction.COMM_RANK, mpi.abi().world());
        this.size = mpi.ask(MpiFunction.COMM_SIZE, mpi.abi().world());
        this.localSize = mpi.localSize();
        this.bucketBytes = options.bucketBytes(localSize == size);
        this.sum = new OrderedSum(mpi, rank, size, bucketBytes, arena);
    }

    /// Joins the job that the launcher started, or nothing where it started one process without a launcher.
    ///
    /// @param report prints why the process ends when a call takes too long
    /// @throws UserException when options, launcher and library do not fit together, or no library is found
    static Optional<MpiCollective> open(MpiOptions options, Launcher launcher, Consumer<Throwable> report) {
        if (!launcher.wantsMpi(options.choice(), options.ranks())) {
            return Optional.empty();
        }
        MpiLibrary library = MpiLibrary.load(MpiLibraries.candidates(options.choice(), launcher.kind()));
        Watchdog watchdog = new Watchdog(options.timeout(), report);
        watchdog.time("the start", library::init); // waits for all
        launcher.requireSize(library.ask(MpiFunction.COMM_SIZE, library.abi().world()), options.ranks(),
                library.name());
        return Optional.of(new MpiCollective(library, options, watchdog));
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
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

    @Override
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

    @Override
    public double sum(double... mine) {
        long[] all = gather(Arrays.stream(mine).mapToLong(Double::doubleToRawLongBits).toArray());
        return BalancedTree.sum(Arrays.stream(all).mapToDouble(Double::longBitsToDouble).toArray());
    }

    @Override
    public boolean any(boolean mine) {
        return Arrays.stream(gather(mine ? 1 : 0)).anyMatch(x -> x != 0);
    }

    @Override
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
            mpi.call(MpiFunction.ALLGATHERV, call.allocateFrom(ValueLayout.JAVA_LONG, mine), mine.length * Long.BYTES,
                    byteType, places, bytes, starts, byteType, mpi.abi().world());
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

    @Override
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
            MpiRun.pause(5000); // should the library hang, the launcher ends the others when this process ends
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
