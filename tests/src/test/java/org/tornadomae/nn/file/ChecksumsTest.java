package org.tornadomae.nn.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.nn.UserException;

/// A bit that flips in a tensor after it was written is noticed by whoever reads it.
class ChecksumsTest {
    private static final float[] DATA = {1, -2, 3.5f, 0, Float.NaN, 6};

    @TempDir
    private Path folder;

    private Path written() throws IOException {
        Path file = folder.resolve("a.safetensors");
        SafeTensors.write(file, Map.of("step", "1"), List.of(new SafeTensors.Source("first", new int[] {2}, DATA, 0),
                new SafeTensors.Source("second", new int[] {2, 2}, DATA, 2)));
        return file;
    }

    /// RFC 3720 gives 8A9136AA for 32 bytes of zeros.
    @Test
    void isTheStandardsCrc() {
        Checksums sums = Checksums.of(List.of(new SafeTensors.Source("zeros", new int[] {8}, new float[8], 0)));
        assertEquals(Map.of("zeros", 0x8A9136AAL), sums.byName());
        assertEquals(sums, Checksums.parse(sums.toJson()).orElseThrow());
    }

    @Test
    void wholeFilesPass() throws IOException {
        try (SafeTensors file = SafeTensors.open(written())) {
            assertTrue(file.checksummed());
            file.verify();
            assertEquals(3.5f, file.floats("second")[0]);
            assertEquals(Map.of("step", "1"), file.metadata(), "checksums are the file's own business");
        }
    }

    @Test
    void everyFlippedBitIsNoticed() throws IOException {
        Path file = written();
        byte[] whole = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * Float.BYTES * DATA.length; bit++) {
            byte[] bytes = whole.clone();
            int at = whole.length - Float.BYTES * DATA.length + bit / 8;
            bytes[at] ^= (byte) (1 << bit % 8);
            Files.write(file, bytes);
            String hit = bit < 8 * Float.BYTES * 2 ? "first" : "second";
            String other = hit.equals("first") ? "second" : "first";
            try (SafeTensors open = SafeTensors.open(file)) {
                open.floats(other);
                UserException e = assertThrows(UserException.class, () -> open.floats(hit));
                assertTrue(e.getMessage().contains("tensor " + hit + " does not match its checksum"), e.getMessage());
                assertThrows(UserException.class, open::verify);
            }
        }
    }

    private static void replaceHeader(Path file, String from, String to) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(whole, 8, length, StandardCharsets.UTF_8).strip().replaceFirst(from, to);
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer changed = ByteBuffer.allocate(8 + text.length + whole.length - 8 - length)
                .order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
        Files.write(file, changed.put(whole, 8 + length, whole.length - 8 - length).array());
    }

    @Test
    void filesFromElsewhereHaveNone() throws IOException {
        Path file = written();
        replaceHeader(file, ",\"crc32c\":\"(?:[^\"\\\\]|\\\\.)*\"", "");
        try (SafeTensors open = SafeTensors.open(file)) {
            assertFalse(open.checksummed());
            open.verify();
            assertEquals(1, open.floats("first")[0]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "7", "{", "{\\\"first\\\":\\\"x\\\"}"})
    void nonsenseIsRefused(String checksums) throws IOException {
        Path file = written();
        replaceHeader(file, "\"crc32c\":\"(?:[^\"\\\\]|\\\\.)*\"",
                "\"crc32c\":\"" + checksums.replace("\\", "\\\\") + "\"");
        UserException e = assertThrows(UserException.class, () -> SafeTensors.open(file).close());
        assertTrue(e.getMessage().contains("checksums"), e.getMessage());
    }
}
