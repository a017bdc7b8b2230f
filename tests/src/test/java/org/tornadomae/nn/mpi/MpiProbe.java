package org.tornadomae.nn.mpi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.tornadomae.nn.BalancedTree;
import org.tornadomae.nn.GroupSum;
import org.tornadomae.nn.Groups;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.UserException;

/// One rank of a job that the tests start with an `mpirun`: `MpiProbe MODE FOLDER [--mpi X] [--ranks N]`. What it finds
/// goes to `FOLDER/rank-N.txt`, because the lines of several ranks mix on a console.
final class MpiProbe {
    private static final int GROUPS = 4;

    private final Path folder;
    private final int rank;
    private final int size;
    private final Optional<MpiCollective> job;

    private MpiProbe(Path folder, Optional<MpiCollective> job) {
        this.folder = folder;
        this.job = job;
        this.rank = job.map(MpiCollective::rank).orElse(0);
        this.size = job.map(MpiCollective::size).orElse(1);
    }

    public static void main(String[] args) {
        MpiChoice choice = MpiChoice.AUTO;
        OptionalInt ranks = OptionalInt.empty();
        for (int i = 2; i < args.length; i += 2) {
            switch (args[i]) {
                case "--mpi" -> choice = MpiChoice.of(args[i + 1]);
                case "--ranks" -> ranks = OptionalInt.of(Integer.parseInt(args[i + 1]));
                default -> throw new IllegalArgumentException(args[i]);
            }
        }
        Duration timeout = args[0].equals("hang") ? Duration.ofSeconds(2) : Duration.ofMinutes(2);
        // small buckets: the arrays below take many, and the last is not full
        MpiOptions options = new MpiOptions(choice, ranks, timeout, 1 << 16);
        int exitCode = 1;
        try {
            exitCode = MpiRun.run(options, Launcher.of(System.getenv()),
                    job -> new MpiProbe(Path.of(args[1]), job).run(args[0]),
                    e -> System.err.println("probe: " + e.getMessage()));
        } catch (UserException e) {
            System.err.println("probe: " + e.getMessage());
        }
        System.exit(exitCode);
    }

    private int run(String mode) {
        note("rank-" + rank + ".pid", Long.toString(ProcessHandle.current().pid()));
        switch (mode) {
            case "sums" -> sums();
            case "loop" -> loop(Long.MAX_VALUE);
            case "throw" -> {
                loop(rank == 1 ? 20 : Long.MAX_VALUE);
                throw new IllegalStateException("rank 1 fails");
            }
            case "leave" -> {
                loop(rank == 1 ? 20 : Long.MAX_VALUE);
                return 7;
            }
            case "thread" -> {
                loop(20);
                if (rank == 1) {
                    Thread.ofPlatform().start(() -> {
                        throw new IllegalStateException("a thread of rank 1 fails");
                    });
                }
                loop(Long.MAX_VALUE);
            }
            case "hang" -> {
                loop(20);
                if (rank == 1) {
                    await();
                }
                loop(Long.MAX_VALUE);
            }
            case "differ" -> job.orElseThrow().requireSame("data set", rank / 2);
            default -> throw new IllegalArgumentException(mode);
        }
        return 0;
    }

    /// Everything whose bits must not depend on the number of ranks, a line each.
    private void sums() {
        List<String> lines = new ArrayList<>();
        Groups groups = new Groups(GROUPS, rank, size);
        for (int length : new int[] {1, 3, 4, 4099, 300_001}) {
            float[] whole = ownGroups(groups, length);
            float[] shared = whole.clone();
            job.ifPresent(j -> {
                j.sum(whole);
                j.sumToShares(shared, groups);
                j.gatherShares(shared, groups);
            });
            lines.add(length + " " + digest(whole) + " " + digest(shared));
        }
        double[] losses = new double[groups.perRank()];
        for (int g = 0; g < losses.length; g++) {
            losses[g] = Rng.of(5, groups.first() + g).nextGaussian();
        }
        double loss = job.map(j -> j.sum(losses)).orElseGet(() -> BalancedTree.sum(losses));
        lines.add("loss " + Double.toHexString(loss));
        float[] weights = {rank == 0 ? 1.5f : 0f, rank == 0 ? -0f : 7f};
        job.ifPresent(j -> j.broadcast(weights));
        lines.add("broadcast " + digest(weights));
        lines.add("any " + job.map(j -> j.any(rank == size - 1)).orElse(true) + " "
                + job.map(j -> j.any(false)).orElse(false));
        job.ifPresent(j -> j.requireSame("data set", 42));
        note("rank-" + rank + ".txt", String.join("\n", lines));
        note("rank-" + rank + ".size", size + " " + job.map(MpiCollective::localSize).orElse(1));
    }

    /// The tree's sum of this rank's groups, of magnitudes that make every other order give other bits.
    private static float[] ownGroups(Groups groups, int length) {
        GroupSum sum = new GroupSum(groups.perRank(), length);
        float[] grads = new float[length];
        for (int g = groups.first(); g < groups.first() + groups.perRank(); g++) {
            Rng random = Rng.of(3, g, length);
            for (int i = 0; i < length; i++) {
                grads[i] += (float) (random.nextGaussian() * StrictMath.pow(10, i % 7 - 3));
            }
            sum.next(grads);
        }
        return grads;
    }

    private void loop(long times) {
        float[] data = new float[1 << 18];
        for (long i = 0; i < times; i++) {
            job.orElseThrow().sum(data);
            if (i == 10) {
                note("rank-" + rank + ".txt", "in the loop");
            }
        }
    }

    private static void await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String digest(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void note(String name, String text) {
        try {
            Path temporary = Files.writeString(folder.resolve(name + ".tmp"), text);
            Files.move(temporary, folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
