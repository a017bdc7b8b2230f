package org.tornadomae.nn.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.nn.mpi.Mpirun.Family;

/// What must hold with every MPI: real processes, started by its own mpirun.
abstract class MpiContract {
    /// Seconds in which a job must be gone after a failure (start of the JVMs on a loaded machine included).
    private static final int SOON = 90;

    private final Family family;
    private final Family other;
    private Mpirun mpirun;

    @TempDir
    private Path folder;

    MpiContract(Family family, Family other) {
        this.family = family;
        this.other = other;
    }

    @BeforeEach
    void find() {
        mpirun = Mpirun.find(family).orElse(null);
        Assumptions.assumeTrue(mpirun != null, "no mpirun of " + family + " on the PATH or in the usual places");
    }

    private Path room(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private String console(Path room) throws IOException {
        return Files.readString(room.resolve("console.txt"));
    }

    @Test
    void anyNumberOfRanksGivesTheBitsOfOneProcess() throws IOException, InterruptedException {
        Path alone = room("alone");
        Process process = new ProcessBuilder(Mpirun.probe(alone, "sums")).redirectErrorStream(true)
                .redirectOutput(alone.resolve("console.txt").toFile()).start();
        assertEquals(0, Mpirun.end(process, SOON), () -> read(alone.resolve("console.txt")));
        String expected = Files.readString(alone.resolve("rank-0.txt"));
        for (int ranks : new int[] {1, 2, 4}) {
            Path room = room("of" + ranks);
            Process job = mpirun.start(ranks, room, "sums", "--ranks", Integer.toString(ranks));
            assertEquals(0, Mpirun.end(job, SOON), () -> read(room.resolve("console.txt")));
            for (int rank = 0; rank < ranks; rank++) {
                String found = Files.readString(room.resolve("rank-" + rank + ".txt"));
                assertEquals(expected, found, "rank " + rank + " of " + ranks);
                assertEquals(ranks + " " + ranks, Files.readString(room.resolve("rank-" + rank + ".size")));
            }
        }
    }

    @Test
    void anotherNumberOfRanksThanAskedForIsRefusedInOneLine() throws IOException, InterruptedException {
        Path room = room("ranks");
        assertEquals(1, Mpirun.end(mpirun.start(2, room, "sums", "--ranks", "4"), SOON));
        assertOneLine(room, "--ranks 4, but ");
    }

    @Test
    void groupsThatRanksCannotShareAreRefusedInOneLine() throws IOException, InterruptedException {
        Path room = room("three");
        assertEquals(1, Mpirun.end(mpirun.start(3, room, "sums"), SOON));
        assertOneLine(room, "--groups 4 cannot be shared by 3 ranks: start 1, 2, 4");
    }

    @Test
    void theOtherLibraryIsRefusedInOneLine() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Mpirun.find(other).isPresent(), "no library of " + other + " to mistake it for");
        Path room = room("foreign");
        String library = other == Family.OPEN_MPI ? "libmpi.so.40" : "libmpich.so.12";
        assertEquals(1, Mpirun.end(mpirun.start(2, room, "sums", "--mpi", library), SOON));
        assertOneLine(room, "started 2 processes, but " + library);
        assertFalse(Files.exists(room.resolve("rank-0.txt")), "nothing ran");
    }

    @Test
    void offUnderALauncherIsRefusedInOneLine() throws IOException, InterruptedException {
        Path room = room("off");
        assertEquals(1, Mpirun.end(mpirun.start(2, room, "sums", "--mpi", "off"), SOON));
        assertOneLine(room, "--mpi off, but ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"throw", "leave", "thread", "hang"})
    void aRankThatFailsEndsAll(String how) throws IOException, InterruptedException {
        Path room = room(how);
        int exitCode = Mpirun.end(mpirun.start(2, room, how), SOON);
        assertNotEquals(0, exitCode);
        String word = switch (how) {
            case "throw" -> "probe: rank 1 fails";
            case "thread" -> "probe: a thread of rank 1 fails";
            case "hang" -> "probe: a sum of 262144 numbers: has waited 2 s for the other ranks";
            default -> "";
        };
        assertTrue(console(room).contains(word), console(room));
        assertAllGone(room);
    }

    @Test
    void killingARankEndsAll() throws IOException, InterruptedException {
        Path room = room("kill");
        Process job = mpirun.start(2, room, "loop");
        while (!Files.exists(room.resolve("rank-1.txt")) && job.isAlive()) {
            job.waitFor(20, TimeUnit.MILLISECONDS);
        }
        assertTrue(job.isAlive(), console(room));
        process(room, 1).orElseThrow().destroyForcibly();
        assertNotEquals(0, Mpirun.end(job, SOON));
        assertAllGone(room);
    }

    @Test
    void ranksThatDifferAreNamed() throws IOException, InterruptedException {
        Path room = room("differ");
        assertNotEquals(0, Mpirun.end(mpirun.start(4, room, "differ"), SOON));
        assertOneLine(room, "rank 2 has another data set than rank 0");
    }

    private void assertOneLine(Path room, String words) throws IOException {
        try (Stream<String> lines = console(room).lines().filter(line -> line.contains("probe: "))) {
            assertEquals(1, lines.filter(line -> line.contains(words)).count(), console(room));
        }
    }

    private void assertAllGone(Path room) throws IOException {
        for (int rank = 0; rank < 2; rank++) {
            process(room, rank).ifPresent(process -> process.onExit().orTimeout(10, TimeUnit.SECONDS).join());
        }
    }

    private static Optional<ProcessHandle> process(Path room, int rank) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(room.resolve("rank-" + rank + ".pid"))));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
