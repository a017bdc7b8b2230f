package org.tornadomae.nn.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.golden.GoldenTable;
import org.tornadomae.nn.DType;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.SafeTensors;

class TorchFileTest {
    @TempDir
    Path folder;

    private static JsonNode values(String key) throws IOException {
        return GoldenTable.of("weights/values").get(key);
    }

    @Test
    void viewsAreGathered() throws IOException {
        JsonNode values = values("views.pth");
        try (TensorFile file = TensorFiles.open(Golden.path("weights/views.pth"))) {
            assertInstanceOf(TorchFile.class, file);
            for (String name : List.of("whole", "transposed", "slice", "row", "expanded", "scalar")) {
                assertArrayEquals(GoldenTable.floats(values.get(name)), file.floats(name), name);
            }
            assertArrayEquals(new int[] {6, 4}, file.entry("transposed").shape());
            assertArrayEquals(new int[0], file.entry("scalar").shape());
            assertEquals(0, file.floats("empty").length);
            float[] into = new float[8];
            file.readInto("slice", into, 3);
            assertArrayEquals(new float[] {0, 0, 0, 5, 8, 11, 14, 0}, into);
        }
    }

    @Test
    void everyElementTypeIsConverted() throws IOException {
        JsonNode values = values("dtypes.pth");
        float[] plain = GoldenTable.floats(values("bare-state-dict.pth, legacy.pth").get("a.weight"));
        try (TensorFile file = TensorFiles.open(Golden.path("weights/dtypes.pth"))) {
            assertArrayEquals(GoldenTable.floats(values.get("half")), file.floats("half"));
            assertArrayEquals(GoldenTable.floats(values.get("bfloat16")), file.floats("bfloat16"));
            assertArrayEquals(plain, file.floats("double"), 1e-7f);
            assertEquals(DType.F64, file.entry("double").dtype());
            for (String name : List.of("int64", "int32", "uint8", "bool")) {
                long[] whole = file.longs(name);
                float[] floats = file.floats(name);
                for (int i = 0; i < whole.length; i++) {
                    assertEquals(whole[i], floats[i], name);
                }
            }
            assertThrows(UserException.class, () -> file.longs("half"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bare-state-dict.pth", "legacy.pth", "hostile-extra.pth"})
    void sameTensorsInEveryWrapping(String name) throws IOException {
        JsonNode values = values("bare-state-dict.pth, legacy.pth");
        try (TensorFile file = TensorFiles.open(Golden.path("weights/" + name))) {
            assertEquals(List.of("a.weight", "b.bias"), file.names());
            assertArrayEquals(GoldenTable.floats(values.get("a.weight")), file.floats("a.weight"));
            assertArrayEquals(GoldenTable.floats(values.get("b.bias")), file.floats("b.bias"));
            assertArrayEquals(new int[] {3, 4}, file.entry("a.weight").shape());
        }
    }

    @Test
    void prefixOfDistributedTrainingIsStripped() throws IOException {
        try (TensorFile file = TensorFiles.open(Golden.path("weights/ddp-prefix.pth"))) {
            assertEquals(List.of("a.weight"), file.names());
            assertArrayEquals(GoldenTable.floats(values("bare-state-dict.pth, legacy.pth").get("a.weight")),
                    file.floats("a.weight"));
            assertEquals("1", file.metadata().get("epoch"));
        }
    }

    /// A real checkpoint beside the same weights as safetensors, written by another program.
    @Test
    void wholeCheckpointEqualsItsSafetensors() {
        try (TensorFile torch = TensorFiles.open(Golden.path("weights/videomae-classifier.pth"));
                SafeTensors safe = SafeTensors.open(Golden.path("weights/videomae-classifier.safetensors"))) {
            assertEquals(32, torch.names().size());
            for (String name : torch.names()) {
                assertArrayEquals(safe.floats("param." + name), torch.floats(name), name);
                assertArrayEquals(safe.entry("param." + name).shape(), torch.entry(name).shape(), name);
            }
        }
    }

    /// Arguments, optimizer and configuration beside the weights are passed over.
    @ParameterizedTest
    @CsvSource({"mae_st-finetuned.pth,58", "pyslowfast-finetuned.pyth,46", "videomae-pretrain.pth,49"})
    void checkpointsOfTrainingRuns(String name, int tensors) {
        try (TensorFile file = TensorFiles.open(Golden.path("weights/" + name))) {
            assertEquals(tensors, file.names().size());
            for (String tensor : file.names()) {
                for (float value : file.floats(tensor)) {
                    assertTrue(Math.abs(value) < 100, tensor);
                }
            }
        }
    }

    @Test
    void weightMadeByAFunctionIsRefused() {
        UserException e =
                assertThrows(UserException.class, () -> TensorFiles.open(Golden.path("weights/hostile-weight.pth")));
        assertTrue(e.getMessage().contains("os.getenv") && e.getMessage().contains("a.weight"), e.getMessage());
    }

    @Test
    void unknownTensor() {
        try (TensorFile file = TensorFiles.open(Golden.path("weights/legacy.pth"))) {
            assertThrows(UserException.class, () -> file.floats("c"));
        }
    }

    private Path zip(int method, String... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < entries.length; i += 2) {
                byte[] content = entries[i + 1].getBytes(StandardCharsets.ISO_8859_1);
                ZipEntry entry = new ZipEntry(entries[i]);
                CRC32 crc = new CRC32();
                crc.update(content);
                entry.setMethod(method);
                entry.setSize(content.length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(content);
            }
        }
        return Files.write(folder.resolve("made.pth"), bytes.toByteArray());
    }

    private void refused(String hint, Path file) {
        UserException e = assertThrows(UserException.class, () -> TensorFiles.open(file).close());
        assertTrue(e.getMessage().startsWith(file.toString()) && e.getMessage().contains(hint), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    private static String text(String s) {
        return "X" + (char) s.length() + "\0\0\0" + s;
    }

    /// A pickle of {"a": tensor} over storage 0 of `numel` float32.
    private static String pickle(String numel, String offset, String sizes, String strides) {
        return "\u0080\u0002}" + text("a") + "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage")
                + "ctorch\nFloatStorage\n" + text("0") + text("cpu")
                + numel + "tQ" + offset + sizes + strides + "\u0089}tRs.";
    }

    private static Stream<Arguments> geometries() {
        return Stream.of( // the first one is good, as the control
                arguments("K\4", "K\0", "(K\4t", "(K\1t", ""),
                arguments("K\5", "K\0", "(K\4t", "(K\1t", "has 16 bytes"),
                arguments("K\4", "K\1", "(K\4t", "(K\1t", "reaches past"),
                arguments("K\4", "K\0", "(K\4t", "(K\2t", "reaches past"),
                arguments("K\4", "K\0", "(K\5t", "(K\1t", "reaches past"),
                arguments("K\4", "K\0", "(K\4t", "(t", "no usable"),
                arguments("K\4", "J\u00ff\u00ff\u00ff\u00ff", "(K\4t", "(K\1t", "no usable"),
                arguments("K\4", "K\0", "(J\u00ff\u00ff\u00ff\u00fft", "(K\1t", "impossible"),
                arguments("K\4", "K\0", "(K\4t", "(J\u00ff\u00ff\u00ff\u00fft", "impossible"),
                arguments("K\4", "K\0", "(J\u00ff\u00ff\u00ff\u007ft", "(K\0t", "impossible"),
                arguments("K\4", "K\0", "(J\0\0\0\u0010t", "(K\0t", "repeats"),
                arguments("K\4", "K\0", "(J\0\0\0\u0010J\0\0\0\u0010J\0\0\0\u0010t", "(K\0K\0K\0t", "reaches past"),
                arguments("\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "K\0", "(K\4t", "(K\1t",
                        "promised"),
                arguments("K\4", "N", "(K\4t", "(K\1t", "no usable"),
                arguments("N", "K\0", "(K\4t", "(K\1t", "outside"));
    }

    @ParameterizedTest
    @MethodSource("geometries")
    void geometryThatLies(String numel, String offset, String sizes, String strides, String hint) throws IOException {
        Path file = zip(ZipEntry.STORED, "x/data.pkl", pickle(numel, offset, sizes, strides), "x/data/0",
                "0123456789abcdef");
        if (hint.isEmpty()) {
            try (TensorFile good = TensorFiles.open(file)) {
                assertEquals(4, good.floats("a").length);
            }
        } else {
            refused(hint, file);
        }
    }

    @Test
    void archivesThatAreNone() throws IOException {
        String good = pickle("K\4", "K\0", "(K\4t", "(K\1t");
        String data = "0123456789abcdef";
        refused("compressed", zip(ZipEntry.DEFLATED, "x/data.pkl", good, "x/data/0", data));
        refused("0 entries", zip(ZipEntry.STORED, "x/code.py", good, "x/data/0", data));
        refused("2 entries", zip(ZipEntry.STORED, "x/data.pkl", good, "y/data.pkl", good, "x/data/0", data));
        refused("lacks the storage 0", zip(ZipEntry.STORED, "x/data.pkl", good));
        refused("little-endian", zip(ZipEntry.STORED, "x/data.pkl", good, "x/data/0", data, "x/byteorder", "big"));
        refused("cut off", zip(ZipEntry.STORED, "x/data.pkl", good.substring(0, good.length() - 1), "x/data/0", data));
    }

    private static Stream<Arguments> programs() {
        return Stream.of(
                arguments("(lp0\n.", "opcode"),
                arguments("}K\1s.", "takes more"),
                arguments("(t", "cut off"),
                arguments("t.", "lacks a mark"),
                arguments("(}t(e.", "no list"),
                arguments("h\5.", "has not kept"),
                arguments("N.", "0 tensors"),
                arguments("K\1K\2R.", "no function"),
                arguments("]K\1K\2s.", "no dictionary"),
                arguments("}K\1a.", "no list"),
                arguments("}}K\1s.", "collection"),
                arguments("}(K\1u.", "without a value"),
                arguments("X\u00ff\u00ff\u00ff\u007fab.", "string of"),
                arguments("NQ.", "outside"));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void picklesThatAreNone(String program, String hint) throws IOException {
        refused(hint, zip(ZipEntry.STORED, "x/data.pkl", "\u0080\u0002" + program));
    }

    /// Dictionaries that contain themselves or each other end the search all the same.
    @Test
    void cyclesEnd() throws IOException {
        refused("0 tensors", zip(ZipEntry.STORED, "x/data.pkl", "\u0080\u0002}q\0" + text("model") + "h\0s."));
        refused("0 tensors", zip(ZipEntry.STORED, "x/data.pkl", "\u0080\u0002}q\0" + text("model") + "}" + text("model")
                + "h\0ss."));
    }

    @Test
    void messagesStayOneLine() throws IOException {
        refused("????", zip(ZipEntry.STORED, "x/data.pkl", "\u0080\u0002}" + text("model") + "}" + text("\n\r\0\n")
                + "cos\nsystem\n)Rss."));
    }

    /// The pickle may make only so many values, whatever its length.
    @Test
    void floodOfValues() throws IOException {
        byte[] flood = new byte[6 << 20];
        Arrays.fill(flood, (byte) '}');
        refused("more than", zip(ZipEntry.STORED, "x/data.pkl", "\u0080\u0002"
                + new String(flood, StandardCharsets.ISO_8859_1) + "."));
    }

    @Test
    void otherFormatsGetAHint() throws IOException {
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        refused("tar", Files.write(folder.resolve("old.pth"), tar));
        refused("not one of PyTorch", Files.write(folder.resolve("any.pkl"),
                new byte[] {(byte) 0x80, 2, 'K', 1, '.', 'K', 1, '.'}));
        refused("no such file", folder.resolve("absent.pth"));
    }
}
