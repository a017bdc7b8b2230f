package org.tornadomae.nn.mpi;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.tornadomae.nn.UserException;

/// A program among others of its kind: joins them, runs, and leaves either with all of them or ends all of them. No
/// rank ever learns from MPI that another has failed, so the one that fails must say so.
public final class MpiRun {
    /// Where all ranks fail alike, the first one's line comes first and ends the others before they print theirs.
    private static final int FOR_THE_FIRST_MS = 2000;
    /// A launcher that ends a job may throw away what its ranks printed last.
    private static final int FOR_THE_LAUNCHER_MS = 300;

    private MpiRun() {}

    /// Runs `body` as one rank of a job, or alone.
    ///
    /// Alone, exceptions of the body pass through. In a job, a body that throws or returns another code than 0, and an
    /// uncaught exception of any other thread, end all ranks within seconds with that code or 1.
    ///
    /// @param body   what to run; it gets the job, or nothing when it is alone
    /// @param report prints why this rank failed, user mistakes in one line
    /// @return the body's exit code; 1 when the job cannot be joined and another process of this machine says why
    /// @throws UserException when options, launcher and library do not fit together, or no library is found
    public static int run(MpiOptions options, Launcher launcher, ToIntFunction<Optional<MpiCollective>> body,
            Consumer<Throwable> report) {
        Optional<MpiCollective> job;
        try {
            job = MpiCollective.open(options, launcher, report);
        } catch (UserException e) {
            if (launcher.speaks()) {
                throw e;
            }
            pause(FOR_THE_FIRST_MS); // some launchers end all at the first exit
            return 1;
        }
        return job.isPresent() ? run(job.get(), body, report) : body.applyAsInt(job);
    }

    private static int run(MpiCollective job, ToIntFunction<Optional<MpiCollective>> body, Consumer<Throwable> report) {
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> {
            report.accept(e);
            Runtime.getRuntime().halt(1); // another thread may be inside MPI, so not through it
        });
        int exitCode = 1;
        try {
            exitCode = body.applyAsInt(Optional.of(job));
            if (exitCode == 0) {
                job.close();
            }
        } catch (Throwable e) { // errors too: without an end here the other ranks would wait for ever
            exitCode = 1;
            if (e instanceof UserException && job.rank() != 0) {
                pause(FOR_THE_FIRST_MS);
            }
            report.accept(e);
        }
        if (exitCode != 0) {
            System.out.flush();
            System.err.flush();
            pause(FOR_THE_LAUNCHER_MS);
            job.abort(exitCode);
        }
        return exitCode;
    }

    static void pause(int milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
