package org.tornadomae.nn.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.nn.UserException;

/// Bytes of good checkpoints changed at random: what opens is read to the end, all else is refused in one line.
class TorchDamageTest {
    private static final int ROUNDS = 600;
    /// Parsers' buffers; the files have at most 120 KB, their contents come on top.
    private static final long MODEST = 4 << 20;
    private static final List<String> FILES = List.of("views.pth", "legacy.pth", "dtypes.pth", "hostile-extra.pth",
            "bare-state-dict.pth", "ddp-prefix.pth",
            "pyslowfast-finetuned.pyth", "mae_st-finetuned.pth");

    @TempDir
    Path folder;

    private static byte[] damage(byte[] whole, Random random) {
        byte[] damaged = random.nextInt(10) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        // The program at the front and the directory at the end are where damage matters.
        int reach = Math.min(damaged.length, 1 + random.nextInt(6000));
        for (int changes = 1 + random.nextInt(6); changes > 0 && reach > 0; changes--) {
            int at = random.nextInt(reach);
            damaged[random.nextInt(3) == 0 ? damaged.length - 1 - at : at] = (byte) (random.nextBoolean()
                    ? random.nextInt(256)
                    : "\0\1\u007f\u00ff(tRQ}ubsqh.XKMJ".charAt(random.nextInt(19)));
        }
        return damaged;
    }

    @Test
    void randomDamage() throws IOException {
        // what classes allocate when they are first used is not the files' doing
        Path path = folder.resolve("damaged.pth");
        Random others = new Random(4);
        for (String name : FILES) {
            readAll(Golden.path("weights/" + name));
            for (int i = 0; i < 5; i++) {
                Files.write(path, damage(Files.readAllBytes(Golden.path("weights/" + name)), others));
                readAll(path);
            }
        }
        Random random = new Random(3);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int opened = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] whole = Files.readAllBytes(Golden.path("weights/" + FILES.get(round % FILES.size())));
            Files.write(path, damage(whole, random));
            String where = "round " + round;
            Object[] outcome = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
                long before = threads.getCurrentThreadAllocatedBytes();
                String message = readAll(path);
                return new Object[] {message, threads.getCurrentThreadAllocatedBytes() - before};
            }, where);
            String message = (String) outcome[0];
            assertTrue((long) outcome[1] < MODEST + 8L * whole.length, where + " allocated " + outcome[1]);
            if (message == null) {
                opened++;
            } else {
                refused++;
                assertTrue(message.startsWith(path.toString()) && message.length() < 700, where + ": " + message);
                assertEquals(1, message.lines().count(), where + ": " + message);
            }
        }
        assertTrue(opened > ROUNDS / 20 && refused > ROUNDS / 4, opened + " opened, " + refused
                + " refused: the damage does not reach both outcomes");
    }

    /// The message of the refusal, or null for a file that could be read.
    private static String readAll(Path path) {
        try (TensorFile file = TorchFile.open(path)) {
            for (String name : file.names()) {
                assertEquals(file.entry(name).size(), file.floats(name).length);
            }
            return null;
        } catch (UserException e) {
            return e.getMessage();
        }
    }
}
