package org.tornadomae.video.gzip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;

/// Every block of a stream is a place to start at, whichever bit it begins at.
class RestartTest {

    /// Where a block begins.
    private record Point(long bit, byte[] window) {
    }

    private static byte[] data() {
        byte[] data = new byte[6_000_000];
        new SplittableRandom(3).nextBytes(data);
        for (int i = 0; i < data.length; i++) { // pictures are noise, heads and text are not
            data[i] = (byte) (i / 100_000 % 3 == 0 ? data[i] : data[i] & 7);
        }
        return data;
    }

    @Test
    void fromEveryBlockOn() throws Exception {
        byte[] data = data();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(data);
        }
        byte[] bytes = packed.toByteArray();
        Map<Long, Point> points = new HashMap<>();
        GzipInput whole = new GzipInput(new SeekableInMemoryByteChannel(bytes), 1,
                (position, bit, window) -> points.put(position, new Point(bit, window)));
        assertArrayEquals(data, whole.readAllBytes());
        assertTrue(whole.intact());
        Set<Long> bits = new HashSet<>();
        for (Map.Entry<Long, Point> entry : points.entrySet()) {
            int position = Math.toIntExact(entry.getKey());
            Point point = entry.getValue();
            bits.add(point.bit() & 7);
            int skip = Math.min(1234, data.length - position);
            byte[] expected = Arrays.copyOfRange(data, position + skip, Math.min(data.length, position + 50_000));
            byte[] fast = new byte[expected.length];
            assertTrue(Restart.read(new SeekableInMemoryByteChannel(bytes), point.bit(), point.window(), skip, fast,
                    fast.length));
            assertArrayEquals(expected, fast, "zlib from " + position);
            byte[] slow = new byte[expected.length];
            GzipInput in = new GzipInput(new SeekableInMemoryByteChannel(bytes), position, point.bit(), point.window());
            in.skipTo(position + skip);
            in.readFully(slow, slow.length);
            assertArrayEquals(expected, slow, "from " + position);
        }
        assertEquals(8, bits.size(), "blocks begin at all bits of a byte: " + bits);
    }
}
