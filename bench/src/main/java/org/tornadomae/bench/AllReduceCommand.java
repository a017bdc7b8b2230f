package org.tornadomae.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.tornadomae.bench.report.Json;
import org.tornadomae.mae.cli.MpiOption;
import org.tornadomae.nn.Groups;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.mpi.MpiCollective;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mae bench allreduce`, under an mpirun.
@Command(name = "allreduce", description = {
        "Time the sum of gradients over all ranks; checked before it is timed. Start it with mpirun or srun."},
        sortOptions = false, footer = {"", "Example:", "  mpirun -n 4 bin/mae bench allreduce --megabytes 444"})
final class AllReduceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--megabytes", defaultValue = "100", paramLabel = "MB",
            description = "size of the gradients in 10⁶ bytes; ViT-B has 444 (default: ${DEFAULT-VALUE})")
    private double megabytes;

    @Option(names = "--rounds", defaultValue = "11", paramLabel = "N",
            description = "rounds; the medians count (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--json", description = "print one JSON object")
    private boolean json;

    @Mixin
    private MpiOption mpi;

    /// Medians over the rounds of the slowest rank's time.
    ///
    /// @param sum       milliseconds for the sum over all ranks
    /// @param toShares  for its first half, after which each rank has the sum of its share
    /// @param gather    for its second half
    /// @param agreement for one small value of each rank to all
    record Result(@JsonProperty("ranks") int ranks, @JsonProperty("megabytes") double megabytes,
            @JsonProperty("sum_ms") double sum,
            @JsonProperty("to_shares_ms") double toShares, @JsonProperty("gather_ms") double gather,
            @JsonProperty("agreement_ms") double agreement) {
    }

    @Override
    public Integer call() {
        if (rounds < 1 || megabytes <= 0 || megabytes > 8000) {
            throw new UserException("--rounds must be at least 1, --megabytes above 0 and at most 8000");
        }
        return mpi.run(job -> measure(job.orElseThrow(
                () -> new UserException("started alone: start with mpirun -n 2 bin/mae bench allreduce"))));
    }

    private int measure(MpiCollective job) {
        float[] data = new float[(int) (megabytes * 1e6 / Float.BYTES)];
        check(job, data);
        Arrays.fill(data, 0f); // sums of sums would overflow
        Groups shares = job.groups(job.size());
        Result result = new Result(job.size(), megabytes, time(job, () -> job.sum(data)),
                time(job, () -> job.sumToShares(data, shares)), time(job, () -> job.gatherShares(data, shares)),
                time(job, () -> job.any(false)));
        if (job.rank() == 0) {
            print(result, job);
        }
        return 0;
    }

    private static void check(MpiCollective job, float[] data) {
        for (int i = 0; i < data.length; i++) {
            data[i] = i % 17 * (job.rank() + 1);
        }
        job.sum(data);
        for (int i = 0; i < data.length; i++) {
            if (data[i] != i % 17 * (job.size() * (job.size() + 1) / 2)) {
                throw new IllegalStateException("element " + i + " of the sum is " + data[i]);
            }
        }
    }

    private double time(MpiCollective job, Runnable work) {
        double[] millis = new double[rounds];
        for (int i = -3; i < rounds; i++) {
            job.barrier();
            long start = System.nanoTime();
            work.run();
            long slowest = Arrays.stream(job.gather(System.nanoTime() - start)).max().orElseThrow();
            if (i >= 0) {
                millis[i] = slowest / 1e6;
            }
        }
        return Stopwatch.median(millis);
    }

    private void print(Result result, MpiCollective job) {
        if (json) {
            spec.commandLine().getOut().println(Json.line(result));
            return;
        }
        double bytes = 2.0 * (result.ranks() - 1) / result.ranks() * megabytes; // sent by each rank, 10⁶
        spec.commandLine().getOut().printf(Locale.ROOT, "%s%n%.0f MB: sum %.2f ms (%.2f GB/s sent by each rank);"
                + " halves %.2f and %.2f ms; an agreement %.3f ms (medians of %d)%n", job.describe(), megabytes,
                result.sum(), bytes / result.sum(), result.toShares(), result.gather(), result.agreement(), rounds);
    }
}
