package org.tornadomae.nn.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.nn.Init;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.UserException;

class CheckpointsTest {
    @TempDir
    Path folder;

    private static Params params(int width, long seed) {
        ParamLayout layout = new ParamLayout();
        layout.declare("first.bias", Init.NORMAL, width);
        layout.declare("first.weight", Init.NORMAL, width, 6);
        layout.stack("blocks", 3, () -> {
            layout.declare("norm.weight", Init.NORMAL, 13);
            layout.declare("fc.weight", Init.NORMAL, 13, 7);
        });
        Params params = Params.forTraining(layout).initialise(seed);
        Rng rng = Rng.of(seed, 1);
        for (float[] array : new float[][] {params.m(), params.v()}) {
            for (int i = 0; i < array.length; i++) {
                array[i] = Float.intBitsToFloat((int) rng.nextLong()); // any bits, also subnormal, infinite, NaN
            }
        }
        return params;
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @Test
    void comesBackBitForBit() throws IOException {
        Params saved = params(5, 1);
        Path file = folder.resolve("new/deep/a.safetensors"); // folders are made
        Checkpoints.save(file, saved, Map.of("step", "12"));
        Params loaded = params(5, 2);
        try (SafeTensors open = SafeTensors.open(file)) {
            assertEquals("12", open.metadata().get("step"));
            assertEquals(3 * saved.layout().entries().size(), open.names().size());
            Checkpoints.loadWeights(open, loaded);
            Checkpoints.loadMoments(open, loaded);
            assertArrayEquals(new int[] {13, 7}, open.entry("blocks.2.fc.weight").shape());
        }
        assertArrayEquals(bits(saved.values()), bits(loaded.values()));
        assertArrayEquals(bits(saved.m()), bits(loaded.m()));
        assertArrayEquals(bits(saved.v()), bits(loaded.v()));
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertEquals(1, files.count(), "nothing temporary is left");
        }
    }

    @Test
    void anotherShapeOrNoMoments() {
        Path file = folder.resolve("a.safetensors");
        Checkpoints.save(file, params(5, 1), Map.of());
        try (SafeTensors open = SafeTensors.open(file)) {
            UserException e = assertThrows(UserException.class, () -> Checkpoints.loadWeights(open, params(4, 1)));
            assertTrue(e.getMessage().contains("first.bias") && e.getMessage().contains("[5]")
                    && e.getMessage().contains("[4]"), e.getMessage());
            ParamLayout larger = new ParamLayout();
            larger.declare("first.bias", Init.ZEROS, 5);
            larger.declare("other", Init.ZEROS, 1);
            e = assertThrows(UserException.class, () -> Checkpoints.loadWeights(open, Params.forTraining(larger)));
            assertTrue(e.getMessage().contains("other"), e.getMessage());
        }
    }

    /// Weights alone, as an official checkpoint converted: weights load, moments are missed by name.
    @Test
    void weightsWithoutMoments() throws IOException {
        Path file = folder.resolve("a.safetensors");
        ParamLayout layout = new ParamLayout();
        layout.declare("w", Init.NORMAL, 2, 3);
        Params params = Params.forTraining(layout).initialise(1);
        SafeTensors.write(file, Map.of(),
                java.util.List.of(new SafeTensors.Source("w", new int[] {2, 3}, params.values(), 0)));
        try (SafeTensors open = SafeTensors.open(file)) {
            Params loaded = Params.forTraining(layout);
            Checkpoints.loadWeights(open, loaded);
            assertArrayEquals(params.values(), loaded.values());
            UserException e = assertThrows(UserException.class, () -> Checkpoints.loadMoments(open, loaded));
            assertTrue(e.getMessage().contains("optimizer.m.w"), e.getMessage());
        }
    }

    private void failsAndKeeps(Path file) throws IOException {
        boolean earlier = Files.isRegularFile(file);
        byte[] before = earlier ? Files.readAllBytes(file) : null;
        UserException e = assertThrows(UserException.class, () -> Checkpoints.save(file, params(5, 3), Map.of()));
        assertTrue(e.getMessage().startsWith(file.toString()) && e.getMessage().lines().count() == 1, e.getMessage());
        if (earlier) {
            assertArrayEquals(before, Files.readAllBytes(file), "the earlier checkpoint");
        }
    }

    /// Tests may run as root, who may write to any folder: a file in the place of the folder stops root too.
    @Test
    void folderCannotBeMade() throws IOException {
        Path notAFolder = Files.writeString(folder.resolve("file"), "text");
        failsAndKeeps(notAFolder.resolve("a.safetensors"));
        failsAndKeeps(notAFolder.resolve("deeper/a.safetensors"));
        assertEquals("text", Files.readString(notAFolder));
    }

    @Test
    void earlierCheckpointSurvivesAFailedWrite() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Checkpoints.save(file, params(5, 1), Map.of());
        Files.createDirectories(folder.resolve("a.safetensors.tmp/in the way"));
        failsAndKeeps(file);
    }

    @Test
    void earlierCheckpointSurvivesAFullDisk() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "needs Linux's /dev/full");
        Path file = folder.resolve("a.safetensors");
        Checkpoints.save(file, params(5, 1), Map.of());
        Files.createSymbolicLink(folder.resolve("a.safetensors.tmp"), full);
        failsAndKeeps(file);
        Checkpoints.save(file, params(5, 4), Map.of()); // and nothing stands in the way of the next
        Params loaded = params(5, 5);
        try (SafeTensors open = SafeTensors.open(file)) {
            Checkpoints.loadWeights(open, loaded);
        }
        assertArrayEquals(params(5, 4).values(), loaded.values());
    }
}
