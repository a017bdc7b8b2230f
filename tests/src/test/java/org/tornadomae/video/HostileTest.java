package org.tornadomae.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.ProcessDecoder;
import org.tornadomae.video.manifest.Doctor;
import org.tornadomae.video.manifest.Entry;
import org.tornadomae.video.manifest.Manifest;

/** A thousand inputs that nobody would call videos, and some that nearly are. */
class HostileTest {

    private static final int INPUTS = 1000;

    @TempDir
    private static Path folder;

    /** A copy with damage of the kind that number {@code i} stands for. */
    private static byte[] damaged(byte[] video, int i, SplittableRandom random) {
        byte[] bytes = video.clone();
        switch (i % 6) {
            case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length)); // 0 bytes, too
            case 2 -> { // many flips
                for (int k = 0; k < 60; k++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
            }
            case 3 -> { // an absurd number in the index or the head
                boolean atEnd = random.nextBoolean();
                int where = atEnd ? bytes.length - 4 - random.nextInt(1000) : random.nextInt(200);
                Arrays.fill(bytes, where, where + 4, (byte) (random.nextBoolean() ? 0x7f : 0xff));
            }
            case 4 -> { // a hole
                int from = random.nextInt(bytes.length);
                Arrays.fill(bytes, from, Math.min(bytes.length, from + 1 + random.nextInt(2000)), (byte) 0);
            }
            default -> { // a piece twice
                int from = random.nextInt(bytes.length / 2);
                System.arraycopy(bytes, from, bytes, random.nextInt(bytes.length / 2), bytes.length / 2 - 1);
            }
        }
        return bytes;
    }

    @Test
    void aThousandHostileInputsAreCountedAndNoneHangs() throws Exception {
        List<Path> originals = new SyntheticClips(64, 48, 12, 5).write(folder.resolve("good"), 3);
        Path hostile = Files.createDirectories(folder.resolve("hostile"));
        SplittableRandom random = new SplittableRandom(17);
        for (int i = 0; i < INPUTS; i++) {
            byte[] video = Files.readAllBytes(originals.get(i % originals.size()));
            Files.write(hostile.resolve(String.format("%04d.mp4", i)), damaged(video, i, random));
        }
        Videos.text(hostile.resolve("text.mp4"));
        Videos.sound(hostile.resolve("sound.mp4"));
        Videos.noise(hostile.resolve("noise.avi"));
        Videos.zeros(hostile.resolve("zeros.webm"));
        long before = files();
        List<String> reasons = Stream.of(DamageReason.values()).map(DamageReason::toString).toList();
        assertTimeoutPreemptively(Duration.ofMinutes(4), () -> {
            try (ProcessDecoder decoder = new ProcessDecoder()) {
                Manifest manifest = Doctor.examine(VideoList.of(hostile).decodedBy(decoder), 2, () -> { });
                assertEquals(INPUTS + 4, manifest.entries().size());
                for (Entry entry : manifest.entries()) {
                    assertTrue(entry.usable() ? entry.frames() > 0 : reasons.contains(entry.reason()), entry::toString);
                }
                List<Entry> bad = manifest.entries().stream().filter(entry -> !entry.usable()).toList();
                assertTrue(bad.size() > 100 && bad.size() < INPUTS, bad.size() + " damaged");
            }
        });
        assertEquals(before, files(), "nothing is written");
    }

    private static long files() throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.count();
        }
    }
}
