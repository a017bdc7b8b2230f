package org.tornadomae.mae.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.mae.mask.Masking;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.mae.model.Positions;
import org.tornadomae.mae.model.TestConfig;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.SafeTensors;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Forward, backward and optimizer against the official code's own numbers (computed there in double, stored as data).
class GoldenTest {
    private static final Path JOINT = Path.of("src/test/resources/golden/mae-joint-nocls-pixels.safetensors");
    private static final Path SEPARABLE = Path.of("src/test/resources/golden/mae-sep-cls-normpix.safetensors");
    /// The project's promise (docs/spec.md, Reference numbers): float32 through every layer costs about 1e-6 to 1e-5.
    private static final double TOLERANCE = 1e-4;

    @TempDir
    Path folder;

    private static List<ReferenceCheck.Line> check(Path file) {
        try (SafeTensors dump = SafeTensors.open(file)) {
            return ReferenceCheck.run(dump, Backends.open("loop"));
        }
    }

    private static List<String> wrong(Path file) {
        return check(file).stream().filter(line -> !line.ok(TOLERANCE)).map(ReferenceCheck.Line::name).toList();
    }

    /// Every result in the dump is compared, and under the tolerance; masks exactly.
    private static void passes(Path file, int atLeast) {
        List<ReferenceCheck.Line> lines = check(file);
        lines.forEach(line -> assertTrue(line.ok(TOLERANCE), line.toString()));
        Map<String, ReferenceCheck.Line> byName = new TreeMap<>();
        lines.forEach(line -> byName.put(line.name(), line));
        try (SafeTensors dump = SafeTensors.open(file)) {
            for (String name : dump.names()) {
                assertEquals(!name.startsWith("param.") && !name.startsWith("in."), byName.containsKey(name), name);
            }
        }
        assertEquals(0, byName.get("out.ids_restore").error());
        assertEquals(0, byName.get("out.mask").limit());
        assertTrue(lines.size() >= atLeast && lines.size() == byName.size(), lines.size() + " lines");
    }

    /// Two mask lines, five of out.*, the losses of the steps, and two per parameter.
    @Test
    void matchesTheOfficialCode() {
        passes(JOINT, 2 + 4 + 1 + 2 * 52);
    }

    @Test
    void matchesTheOfficialCodeWithClassTokenAndNormalisedPatches() {
        passes(SEPARABLE, 2 + 4 + 1 + 2 * 99);
    }

    /// A copy of the dump with one number of one tensor changed.
    private Path changed(String tensor, int element, float by) throws IOException {
        byte[] bytes = Files.readAllBytes(JOINT);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try (SafeTensors dump = SafeTensors.open(JOINT)) {
            int at = (int) dump.start(tensor) + 4 * element;
            buffer.putFloat(at, buffer.getFloat(at) + by);
        }
        return Files.write(folder.resolve("changed.safetensors"), bytes);
    }

    /// One weight of 90·30 off by a tenth is found in what follows from it and in what it becomes.
    @Test
    void oneWrongWeightIsFound() throws IOException {
        List<String> wrong = wrong(changed("param.blocks.1.mlp.fc1.weight", 7, 0.1f));
        assertTrue(wrong.containsAll(
                List.of("out.latent", "out.pred", "grad.blocks.1.mlp.fc1.weight", "step3.blocks.1.mlp.fc1.weight")),
                wrong.toString());
        assertFalse(wrong.contains("out.mask"), wrong.toString());
    }

    /// One wrong reference number of each kind fails its own line and no other.
    @ParameterizedTest
    @ValueSource(strings = {"out.latent", "out.pred", "out.loss", "out.grad_norm", "out.step_losses",
            "grad.decoder_pos_embed", "grad.norm.bias", "step3.mask_token", "out.mask"})
    void oneWrongResultIsFound(String tensor) throws IOException {
        assertEquals(List.of(tensor), wrong(changed(tensor, 0, 1f)));
    }

    @Test
    void wrongNoiseAndNotANumberAreFound() throws IOException {
        int first; // the token with the smallest noise, seen first
        try (SafeTensors dump = SafeTensors.open(JOINT)) {
            first = Masking.argsort(dump.floats("in.noise"), 0, 32)[0];
        }
        assertTrue(wrong(changed("in.noise", first, 1f))
                .containsAll(List.of("out.ids_restore", "out.mask", "out.latent")));
        assertTrue(wrong(changed("param.blocks.0.norm1.weight", 3, Float.NaN)).contains("out.loss"),
                "NaN is never under a tolerance");
    }

    @Test
    void otherFilesAreNotDumps() throws IOException {
        byte[] header = "{}      ".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        Path file = Files.write(folder.resolve("x"),
                ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(8).put(header).array());
        UserException e = assertThrows(UserException.class, () -> check(file));
        assertTrue(e.getMessage().contains("not a reference dump"), e.getMessage());
    }

    /// The names and shapes of our parameters are the official ones, no more and no fewer.
    @Test
    void parametersHaveTheOfficialNames() {
        TestConfig c = new TestConfig();
        c.imgSize = 24;
        c.patchSize = 6;
        c.embedDim = 30;
        c.numHeads = 3;
        c.decoderEmbedDim = 20;
        c.mlpRatio = 3;
        c.predTDim = 4;
        c.positions = c.decoderPositions = Positions.JOINT;
        c.clsEmbed = c.qkvBias = false;
        sameNames(c.build(), JOINT);
    }

    @Test
    void parametersHaveTheOfficialNamesWithClassTokenToo() {
        TestConfig c = new TestConfig();
        c.imgSize = 32;
        c.patchSize = 8;
        c.numFrames = 8;
        c.embedDim = 48;
        c.depth = 3;
        c.numHeads = 4;
        c.decoderEmbedDim = 32;
        c.decoderDepth = 2;
        c.mlpRatio = 4;
        c.predTDim = 4;
        sameNames(c.build(), SEPARABLE);
    }

    private static void sameNames(MaeConfig config, Path file) {
        ParamLayout layout = MaskedAutoencoder.layout(config);
        try (SafeTensors dump = SafeTensors.open(file)) {
            List<String> theirs = dump.names().stream().filter(n -> n.startsWith("param.")).map(n -> n.substring(6))
                    .sorted().toList();
            assertEquals(theirs, layout.entries().stream().map(ParamLayout.Entry::name).sorted().toList());
            for (ParamLayout.Entry entry : layout.entries()) {
                assertArrayEquals(dump.entry("param." + entry.name()).shape(), entry.param().shape(), entry.name());
            }
        }
    }
}
