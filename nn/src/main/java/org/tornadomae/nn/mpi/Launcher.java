package org.tornadomae.nn.mpi;

import java.util.Map;
import java.util.OptionalInt;
import org.tornadomae.nn.UserException;

/// What started this process, as its environment says: known before any MPI library is loaded, and what the library
/// must agree with. A library under a foreign launcher does not fail: it says "rank 0 of 1", n times.
///
/// @param kind      the family of launchers
/// @param size      how many processes it started, 0 where it does not say
/// @param rank      number of this one, from 0
/// @param localRank number of this one on its machine, from 0
public record Launcher(Kind kind, int size, int rank, int localRank) {
    /// The families; each brings its own process management interface, which only some libraries understand.
    public enum Kind {
        /// Started by hand.
        NONE("no launcher"),
        /// Open MPI's mpirun, mpiexec or prterun.
        OPEN_MPI("Open MPI's mpirun"),
        /// PMI 1 or 2: the mpirun of MPICH, Intel MPI and MVAPICH, or `srun --mpi=pmi2`.
        PMI("an mpirun or srun that speaks PMI"),
        /// PMIx without Open MPI's own names: `srun --mpi=pmix`, `prun`.
        PMIX("a launcher that speaks PMIx"),
        /// SLURM's srun without any of them.
        SLURM("srun without PMI");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    /// Reads the environment of this process. Open MPI comes first: inside SLURM its helpers are started by srun and
    /// leave srun's variables to the ranks.
    public static Launcher of(Map<String, String> env) {
        int local = first(env, "OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "MV2_COMM_WORLD_LOCAL_RANK",
                "SLURM_LOCALID").orElse(0);
        if (env.containsKey("OMPI_COMM_WORLD_SIZE")) {
            return new Launcher(Kind.OPEN_MPI, first(env, "OMPI_COMM_WORLD_SIZE").orElse(0),
                    first(env, "OMPI_COMM_WORLD_RANK").orElse(0), local);
        }
        int rank = first(env, "PMI_RANK", "PMIX_RANK", "SLURM_PROCID").orElse(0);
        int tasks = first(env, "PMI_SIZE", "SLURM_STEP_NUM_TASKS").orElse(0);
        if (env.containsKey("PMI_RANK")) {
            return new Launcher(Kind.PMI, tasks, rank, local);
        }
        if (env.containsKey("PMIX_RANK")) {
            return new Launcher(Kind.PMIX, tasks, rank, local);
        }
        return tasks > 1 ? new Launcher(Kind.SLURM, tasks, rank, local) : new Launcher(Kind.NONE, 1, 0, 0);
    }

    private static OptionalInt first(Map<String, String> env, String... names) {
        for (String name : names) {
            String value = env.get(name);
            if (value != null && value.matches("\\d{1,9}")) {
                return OptionalInt.of(Integer.parseInt(value));
            }
        }
        return OptionalInt.empty();
    }

    /// Whether this process is the one of its machine that prints why the job cannot be joined: the reason is the same
    /// for all.
    public boolean speaks() {
        return localRank == 0;
    }

    /// Whether to load a library at all.
    ///
    /// @param ranks what `--ranks` says
    /// @throws UserException when choice, launcher and `ranks` contradict each other
    boolean wantsMpi(MpiChoice choice, OptionalInt ranks) {
        if (kind == Kind.SLURM) {
            throw new UserException("srun started " + size + " tasks without PMI, so they cannot find each other:"
                    + " start with srun --mpi=pmix (Open MPI) or --mpi=pmi2 (MPICH); srun --mpi=list shows what there "
                    + "is");
        }
        if (choice.kind() == MpiChoice.Kind.OFF && size > 1) {
            throw new UserException("--mpi off, but " + kind.words + " started " + size
                    + " processes, which would all do the same: leave out one of the two");
        }
        boolean wanted = choice.kind() != MpiChoice.Kind.OFF
                && (kind != Kind.NONE || choice.kind() == MpiChoice.Kind.LIBRARY);
        int expected = ranks.orElse(size);
        if (!wanted && expected != 1) {
            throw new UserException("--ranks " + expected + ", but this process was started alone: start with"
                    + " mpirun -n " + expected + " bin/mae ..., or leave out --ranks");
        }
        if (size > 0 && expected != size) {
            throw new UserException("--ranks " + expected + ", but " + kind.words + " started " + size
                    + ": make the two agree");
        }
        return wanted;
    }

    /// Compares what the library says with what was started.
    ///
    /// @param found   the library's number of ranks
    /// @param library its name and version
    /// @throws UserException when they differ: the library belongs to another launcher
    void requireSize(int found, OptionalInt ranks, String library) {
        int expected = size > 0 ? size : ranks.orElse(found);
        if (found != expected) {
            throw new UserException(kind.words + " started " + expected + " processes, but " + library + " sees "
                    + found + ": it belongs to another launcher; use its own mpirun, or name this one's library with"
                    + " --mpi LIBRARY");
        }
    }
}
