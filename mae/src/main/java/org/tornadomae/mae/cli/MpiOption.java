package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import org.tornadomae.kernels.BackendException;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.mpi.Launcher;
import org.tornadomae.nn.mpi.MpiChoice;
import org.tornadomae.nn.mpi.MpiCollective;
import org.tornadomae.nn.mpi.MpiOptions;
import org.tornadomae.nn.mpi.MpiRun;
import org.tornadomae.video.VideoException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How a command works together with the other processes that mpirun or srun started.
public final class MpiOption {
    @Option(names = "--mpi", defaultValue = "auto", paramLabel = "auto|off|LIBRARY",
            description = "MPI library: that of the mpirun or srun that started this, none, or one by name or path"
                    + " (default: ${DEFAULT-VALUE})")
    private String mpi;

    @Option(names = "--ranks", paramLabel = "N",
            description = "refuse to start when mpirun or srun started another number of processes")
    private Integer ranks;

    @Option(names = "--collective-timeout", defaultValue = "1800", paramLabel = "SECONDS",
            description = "end all processes when one has waited so long for the others (default: ${DEFAULT-VALUE})")
    private int timeout;

    @Option(names = "--bucket-mib", defaultValue = "0", paramLabel = "MIB",
            description = "gradients travel in pieces of this size (default: 16 over a network, 4 within one machine)")
    private int bucket;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /// Runs `body` as one of the processes, or alone; see [MpiRun#run].
    public int run(ToIntFunction<Optional<MpiCollective>> body) {
        if (ranks != null && ranks < 1) {
            throw new UserException("--ranks " + ranks + " must be at least 1");
        }
        if (timeout < 1) {
            throw new UserException("--collective-timeout " + timeout + " must be at least 1");
        }
        if (bucket < 0 || bucket > 1024) {
            throw new UserException("--bucket-mib " + bucket + " must be from 1 to 1024, or 0 for the default");
        }
        Launcher launcher = Launcher.of(System.getenv());
        OptionalInt expected = ranks == null ? OptionalInt.empty() : OptionalInt.of(ranks);
        MpiOptions options = new MpiOptions(MpiChoice.of(mpi), expected, Duration.ofSeconds(timeout), bucket << 20);
        return MpiRun.run(options, launcher, body, e -> report(e, launcher));
    }

    private void report(Throwable e, Launcher launcher) {
        PrintWriter err = spec.commandLine().getErr();
        if (e instanceof UserException || e instanceof VideoException || e instanceof BackendException
                || e instanceof OutOfMemoryError) {
            err.println("mae: rank " + launcher.rank() + ": " + e.getMessage());
        } else {
            err.print("mae: rank " + launcher.rank() + ": ");
            e.printStackTrace(err);
        }
        err.flush();
    }
}
