package org.tornadomae.nn.mpi;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// An `mpirun` of this machine.
///
/// @param family whose it is
/// @param path   the executable
record Mpirun(Family family, Path path) {

    enum Family {
        OPEN_MPI("openmpi", "Open MPI", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none",
                "--mca", "mpi_yield_when_idle", "1"),
        MPICH("mpich", "HYDRA");

        private final String suffix;
        private final String version;
        private final List<String> options;

        Family(String suffix, String version, String... options) {
            this.suffix = suffix;
            this.version = version;
            this.options = List.of(options);
        }
    }

    /// Looks on the PATH and where Debian, Fedora and Homebrew put it.
    static Optional<Mpirun> find(Family family) {
        Stream<String> path = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
        Stream<String> usual = Stream.of("/usr/bin", "/usr/lib64/" + family.suffix + "/bin",
                "/opt/homebrew/bin", "/usr/local/bin");
        return Stream.concat(path, usual)
                .flatMap(folder -> Stream.of("mpirun." + family.suffix, "mpirun").map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable).filter(file -> isOf(family, file)).findFirst()
                .map(file -> new Mpirun(family, file));
    }

    private static boolean isOf(Family family, Path file) {
        try {
            Process process = new ProcessBuilder(file.toString(), "--version").redirectErrorStream(true).start();
            try (var lines = process.inputReader()) {
                return lines.lines().anyMatch(line -> line.contains(family.version));
            }
        } catch (IOException e) {
            return false;
        }
    }

    /// Starts ranks of [MpiProbe]; their console goes to `FOLDER/console.txt`.
    Process start(int ranks, Path folder, String mode, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(family.options);
        command.addAll(List.of("-n", Integer.toString(ranks)));
        command.addAll(probe(folder, mode, options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("console.txt").toFile());
        // where a distribution keeps its library beside its mpirun
        Path lib = path.resolveSibling("../lib").normalize();
        builder.environment().merge("LD_LIBRARY_PATH", lib.toString(), (old, more) -> old + File.pathSeparator + more);
        return builder.start();
    }

    /// The command of one rank.
    static List<String> probe(Path folder, String mode, String... options) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString(),
                "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), MpiProbe.class.getName(), mode, folder.toString()));
        command.addAll(List.of(options));
        return command;
    }

    /// Waits for the end.
    ///
    /// @return the exit code
    static int end(Process process, int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroy();
            throw new AssertionError("still running after " + seconds + " s");
        }
        return process.exitValue();
    }
}
