package org.tornadomae.mae.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.nn.Init;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.UserException;

/// What a run's folder keeps, and from whom.
class RunFolderTest {
    @TempDir
    private Path path;
    private RunFolder folder;

    @BeforeEach
    void open() {
        folder = RunFolder.open(path);
    }

    private void save(long step, int keepLast) {
        ParamLayout layout = new ParamLayout();
        layout.declare("w", Init.NORMAL, 40);
        folder.save(Params.forTraining(layout).initialise(step), SavedRunTest.at(step), keepLast);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(f -> f.getFileName().toString()).filter(f -> f.startsWith("checkpoint")).sorted().toList();
        }
    }

    private static String name(int step) {
        return String.format("checkpoint-%08d.safetensors", step);
    }

    private void spoil(int step) throws IOException {
        byte[] bytes = Files.readAllBytes(path.resolve(name(step)));
        bytes[bytes.length - 7] ^= 16;
        Files.write(path.resolve(name(step)), bytes);
    }

    @Test
    void oneRunAtATime() throws IOException {
        try (RunFolder.Lock _ = folder.lock(line -> {})) {
            UserException e = assertThrows(UserException.class, () -> RunFolder.open(path).lock(line -> {}));
            assertTrue(e.getMessage().contains("another run is writing there (process "
                    + ProcessHandle.current().pid()), e.getMessage());
        }
        folder.lock(line -> {}).close();
    }

    @Test
    void whatAKilledRunLeftIsClearedAway() throws IOException {
        Files.writeString(path.resolve(name(3) + ".tmp"), "half");
        Files.writeString(path.resolve("metrics.jsonl.tmp"), "half");
        Files.writeString(path.resolve("notes.tmp"), "the user's");
        folder.lock(line -> {}).close();
        try (Stream<Path> files = Files.list(path)) {
            assertEquals(List.of(".lock", "notes.tmp"), files.map(f -> f.getFileName().toString()).sorted().toList());
        }
    }

    /// With one to keep, the one before stays until the new one has been trained on.
    @Test
    void theLastProvenCheckpointStays() throws IOException {
        save(1, 1);
        save(2, 1);
        assertEquals(List.of(name(1), name(2)), names());
        folder.prune(1);
        assertEquals(List.of(name(2)), names());
        save(3, 3);
        save(4, 3);
        save(5, 3);
        assertEquals(List.of(name(3), name(4), name(5)), names());
    }

    @Test
    void aDamagedLastCheckpointIsPassedOver() throws IOException {
        save(1, 9);
        save(2, 9);
        save(3, 9);
        spoil(3);
        Files.write(path.resolve(name(4)), new byte[100]);
        List<String> said = new ArrayList<>();
        assertEquals(path.resolve(name(2)), folder.latestWhole(said::add).orElseThrow());
        assertEquals(2, said.size());
        assertTrue(said.get(0).contains(name(4)) && said.get(0).contains("not a usable safetensors"), said.get(0));
        assertTrue(said.get(1).contains(name(3)) && said.get(1).contains("checksum"), said.get(1));
        save(3, 2); // written anew; the other damaged one neither counts nor goes
        assertEquals(List.of(name(2), name(3), name(4) + ".damaged"), names());
    }

    @Test
    void onlyDamagedOnesAreNoFreshStart() throws IOException {
        save(1, 9);
        spoil(1);
        UserException e = assertThrows(UserException.class, () -> folder.latestWhole(line -> {}));
        assertTrue(e.getMessage().contains("none of its 1 checkpoints can be used"), e.getMessage());
        assertEquals(List.of(name(1)), names());
    }

    @Test
    void anOlderCheckpointDoesNotOverwriteItsBranch() throws IOException {
        save(2, 9);
        save(4, 9);
        assertEquals(path.resolve(name(4)), folder.from(path.resolve(name(4))));
        UserException e = assertThrows(UserException.class, () -> folder.from(path.resolve(name(2))));
        assertTrue(e.getMessage().contains("later checkpoints (" + name(4) + ") than " + name(2)), e.getMessage());
        Path elsewhere = path.resolve("branch");
        assertEquals(path.resolve(name(2)), RunFolder.open(elsewhere).from(path.resolve(name(2))));
    }
}
