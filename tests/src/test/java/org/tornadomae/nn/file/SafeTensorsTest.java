package org.tornadomae.nn.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.nn.DType;
import org.tornadomae.nn.UserException;

class SafeTensorsTest {
    /// What opening a bad file of a few hundred bytes may allocate: a header parser's buffers, not what the file
    /// claims.
    private static final long MODEST = 8 << 20;

    @TempDir
    Path folder;

    private Path file(long length, byte[] header, int data) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + data).order(ByteOrder.LITTLE_ENDIAN).putLong(length)
                .put(header);
        return Files.write(folder.resolve("file.safetensors"), bytes.array());
    }

    private Path file(String header, int data) throws IOException {
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        return file(bytes.length, bytes, data);
    }

    /// Opens a file that must be refused in one line and at little cost.
    private static void refused(Path file) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        UserException e = assertThrows(UserException.class, () -> SafeTensors.open(file).close());
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        oneLine(e, file);
        assertTrue(allocated < MODEST, "allocated " + allocated + " bytes to say: " + e.getMessage());
    }

    private static void oneLine(UserException e, Path file) {
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
        assertTrue(e.getMessage().length() < 600, e.getMessage());
    }

    @Test
    void roundTripIsExact() throws IOException {
        float[] data = new float[1_300_000]; // more than one chunk of a million
        Random random = new Random(1);
        for (int i = 0; i < data.length; i++) {
            data[i] = Float.intBitsToFloat(random.nextInt()); // NaNs and infinities too
        }
        Path file = folder.resolve("a.safetensors");
        Map<String, String> metadata = Map.of("plain", "value", "odd \"key\"\n", "ünï\\code\t{}", "empty", "");
        SafeTensors.write(file, metadata, List.of(
                new SafeTensors.Source("big", new int[] {13, 1, 100_000}, data, 0),
                new SafeTensors.Source("part.of.it", new int[] {207}, data, 6),
                new SafeTensors.Source("scalar", new int[] {}, data, 77),
                new SafeTensors.Source("none", new int[] {6, 0}, data, 3)));
        try (SafeTensors read = SafeTensors.open(file)) {
            assertEquals(metadata, read.metadata());
            assertEquals(List.of("big", "part.of.it", "scalar", "none"), read.names());
            assertArrayEquals(new int[] {13, 1, 100_000}, read.entry("big").shape());
            assertArrayEquals(new int[] {}, read.entry("scalar").shape());
            assertEquals(0, read.floats("none").length);
            same(data, 0, read.floats("big"));
            same(data, 6, read.floats("part.of.it"));
            same(data, 77, read.floats("scalar"));
            float[] into = new float[1 + 207 + 1];
            read.readInto("part.of.it", into, 1);
            same(data, 6, java.util.Arrays.copyOfRange(into, 1, 208));
            assertEquals(0, into[0]);
            assertEquals(0, into[208]);
        }
        byte[] head = new byte[8];
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "r")) {
            raw.readFully(head);
        }
        assertEquals(0, head[0] % 8, "the format wants tensors to start at a multiple of 8");
    }

    private static void same(float[] expected, int at, float[] actual) {
        for (int i = 0; i < actual.length; i++) {
            assertEquals(Float.floatToRawIntBits(expected[at + i]), Float.floatToRawIntBits(actual[i]), "element " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 31, (1L << 32) + 2, 3 + 2})
    void headerLengthLies(long length) throws IOException {
        refused(file(length, "{} ".getBytes(StandardCharsets.UTF_8), 1));
    }

    /// A file that is really as long as its header claims (sparse, so that the test costs nothing).
    @Test
    void headerIsEnormous() throws IOException {
        Path file = file(2_000_000_000L, "{}".getBytes(StandardCharsets.UTF_8), 0);
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(3_000_000_000L);
        }
        refused(file);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void fileIsTooShortForALength(int bytes) throws IOException {
        refused(Files.write(folder.resolve("short"), new byte[bytes]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello world", "[1,2]", "{ ", "\"a\"", "null", "      ", "{} {\"a\":1}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]",
            "{\"__metadata__\":{\"a\":\"b\"},\"__metadata__\":{}}", "{\"__metadata__\":5}"})
    void headerIsNotAnObject(String header) throws IOException {
        refused(file(header, 16));
    }

    @Test
    void headerIsNestedDeeply() throws IOException {
        refused(file("{\"a\":" + "[".repeat(200_000), 0));
    }

    /// The body of a tensor "a" in a file with 16 bytes of data.
    @ParameterizedTest
    @ValueSource(strings = {"3", "null", "[]", "{}", "'F32'",
            "{'dtype':'F32','shape':[4]}",
            "{'dtype':'F32','data_offsets':[0,16]}",
            "{'shape':[4],'data_offsets':[0,16]}",
            "{'dtype':'F31','shape':[4],'data_offsets':[0,16]}",
            "{'dtype':4,'shape':[4],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':4,'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':['x'],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':['4'],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[4.5],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[[4]],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[-4],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[-2,-2],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[5],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[3],'data_offsets':[0,16]}",
            "{'dtype':'F64','shape':[4],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[2147483647,2147483647],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[4294967300],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[18446744073709551620],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[65536,65536,65536,65536,4],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[4],'data_offsets':[0]}",
            "{'dtype':'F32','shape':[4],'data_offsets':[0,16,16]}",
            "{'dtype':'F32','shape':[4],'data_offsets':['0','16']}",
            "{'dtype':'F32','shape':[4],'data_offsets':[0.0,16.0]}",
            "{'dtype':'F32','shape':[4],'data_offsets':[16,0]}",
            "{'dtype':'F32','shape':[4],'data_offsets':[-16,0]}",
            "{'dtype':'F32','shape':[4],'data_offsets':[4,20]}",
            "{'dtype':'F32','shape':[500000000],'data_offsets':[0,2000000000]}",
            "{'dtype':'F32','shape':[4],'data_offsets':[9223372036854775800,9223372036854775807]}",
            "{'dtype':'F32','shape':[4],'data_offsets':[18446744073709551616,18446744073709551632]}",
            "{'dtype':'F32','shape':[4],'shape':[4],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[4],'data_offsets':[0,16]},'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}",
            "{'dtype':'F32','shape':[4],'data_offsets':[0,16]},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}"})
    void tensorIsNotWhatItSays(String tensor) throws IOException {
        refused(file("{'a':".replace('\'', '"') + tensor.replace('\'', '"') + "}", 16));
    }

    /// A name of a tensor is the file's, the message is ours: it stays one line, and short.
    @Test
    void messagesStayOneLine() throws IOException {
        refused(file("{\"a\\nb\\r\\u2028c\":3}", 0));
        refused(file("{\"" + "long".repeat(10_000) + "\":3}", 0));
        refused(file("{\"a\":{\"dtype\":\"x\\ny\",\"shape\":[4],\"data_offsets\":[0,16]}}", 16));
        refused(file("{\"a\":{\"dtype\":\"F32\",\"shape\":[4" + ",1".repeat(5000) + ",2],\"data_offsets\":[0,16]}}",
                16));
    }

    @Test
    void dataIsCutOff() throws IOException {
        Path file = folder.resolve("a.safetensors");
        SafeTensors.write(file, Map.of(), List.of(new SafeTensors.Source("x", new int[] {6, 13}, new float[78], 0)));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 7) {
            refused(Files.write(file, java.util.Arrays.copyOf(whole, length)));
        }
        refused(Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1)));
    }

    @Test
    void fileShrinksWhileOpen() throws IOException {
        Path file = file(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},\"b\":{\"dtype\":\"I64\","
                        + "\"shape\":[2],\"data_offsets\":[16,32]}}",
                32);
        try (SafeTensors open = SafeTensors.open(file)) {
            try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                raw.setLength(raw.length() - 20);
            }
            oneLine(assertThrows(UserException.class, () -> open.floats("a")), file);
            oneLine(assertThrows(UserException.class, () -> open.longs("b")), file);
        }
    }

    @Test
    void wrongTypeOrName() throws IOException {
        Path file = file(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},\"b\":{\"dtype\":\"I64\","
                        + "\"shape\":[2],\"data_offsets\":[16,32]}}",
                32);
        try (SafeTensors open = SafeTensors.open(file)) {
            oneLine(assertThrows(UserException.class, () -> open.longs("a")), file);
            oneLine(assertThrows(UserException.class, () -> open.floats("c")), file);
            assertArrayEquals(new float[2], open.floats("b"));
            assertArrayEquals(new long[2], open.longs("b"));
        }
    }

    /// One file with the same three numbers in every element type.
    @ParameterizedTest
    @EnumSource
    void everyElementTypeBecomesFloat(DType type) throws IOException {
        byte[] header =
                ("{\"a\":{\"dtype\":\"" + type + "\",\"shape\":[3],\"data_offsets\":[0," + 3 * type.width() + "]}}")
                        .getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + 3 * type.width()).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length).put(header);
        float[] values = type.integral()
                ? new float[] {0, 1, type.width() == 1 ? 100 : 30_000}
                : new float[] {0.5f, -1.25f, 0x1p-14f};
        for (float value : values) {
            switch (type) {
                case F64 -> bytes.putDouble(value);
                case F32 -> bytes.putFloat(value);
                case F16 -> bytes.putShort(Float.floatToFloat16(value));
                case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(value) >> 16));
                case I64, U64 -> bytes.putLong((long) value);
                case I32, U32 -> bytes.putInt((int) value);
                case I16, U16 -> bytes.putShort((short) value);
                case I8, U8, BOOL -> bytes.put((byte) value);
            }
        }
        try (SafeTensors open = SafeTensors.open(Files.write(folder.resolve("typed"), bytes.array()))) {
            assertArrayEquals(values, open.floats("a"));
            if (type.integral()) {
                assertArrayEquals(new long[] {0, 1, (long) values[2]}, open.longs("a"));
            } else {
                assertThrows(UserException.class, () -> open.longs("a"));
            }
        }
    }

    @Test
    void noFileOrNoPlainFile() {
        refused(folder.resolve("absent.safetensors"));
        refused(folder);
    }

    /// Bytes of a good file changed at random: it opens or it is refused, and nothing else.
    @Test
    void randomDamage() throws IOException {
        Path good = folder.resolve("good.safetensors");
        SafeTensors.write(good, Map.of("step", "3"), List.of(
                new SafeTensors.Source("x", new int[] {2, 3}, new float[6], 0),
                new SafeTensors.Source("y", new int[] {5}, new float[5], 0)));
        byte[] whole = Files.readAllBytes(good);
        Random random = new Random(2);
        Path file = folder.resolve("damaged.safetensors");
        int opened = 0;
        int rounds = 700;
        for (int i = 0; i < rounds; i++) {
            byte[] damaged = whole.clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                damaged[random.nextInt(damaged.length - 44)] = (byte) (random.nextBoolean()
                        ? random.nextInt(256)
                        : "0123456789[]{},:\"-".charAt(random.nextInt(18)));
            }
            Files.write(file, damaged);
            try (SafeTensors open = SafeTensors.open(file)) {
                open.names().forEach(name -> assertTrue(open.entry(name).size() <= 44, name));
                opened++;
            } catch (UserException e) {
                oneLine(e, file);
            }
        }
        assertFalse(opened == 0 || opened == rounds,
                opened + " of " + rounds + " opened: the damage does not reach both outcomes");
    }
}
