package org.tornadomae.mae.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.golden.GoldenTable;
import org.tornadomae.nn.file.SafeTensors;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.Golden;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;
import org.tornadomae.video.clip.Normalisation;

class WeightImportTest {
    /// For a model with `heads` heads, clips of 4 frames of `size` pixels.
    static Facts facts(int heads, int size) {
        return new Facts(Optional.of(heads), Optional.of(1), Optional.of(1e-6), Optional.empty(),
                Optional.of(Normalisation.parse("0.45/0.225")), Optional.of(4),
                Optional.of(size), Optional.of(2));
    }

    private static TensorFile open(String name) {
        return TensorFiles.open(Golden.path("weights/" + name));
    }

    private static JsonNode architecture(WeightPlan plan) throws IOException {
        return new ObjectMapper().readTree(plan.metadata().get("architecture"));
    }

    private static long count(WeightPlan plan, Row.Status status) {
        return plan.rows().stream().filter(row -> row.status() == status).count();
    }

    @ParameterizedTest
    @CsvSource({"mae_st-finetuned.pth, ours, 3, 12, 58, 0", "pyslowfast-finetuned.pyth, slowfast, 3, 12, 40, 18",
            "videomae-classifier.pth, videomae, 3, 16, 30, 9",
            "hf-videomae-classifier.safetensors, hf, 3, 16, 36, 3", "videomae-pretrain.pth, videomae, 3, 16, 46, 15"})
    void everyGoldenFileIsRecognised(String name, String dialect, int heads, int size, int loaded, int transformed) {
        try (TensorFile file = open(name)) {
            WeightPlan plan = WeightImport.plan(file, facts(heads, size), Facts.none(), false);
            assertEquals(dialect, plan.from().toString());
            plan.requireComplete(List.of());
            assertEquals(loaded, count(plan, Row.Status.LOADED), String.join("\n", plan.table()));
            assertEquals(transformed, count(plan, Row.Status.TRANSFORMED), String.join("\n", plan.table()));
            for (String tensor : plan.names()) {
                assertEquals(Arrays.stream(plan.entry(tensor).shape()).reduce(1, (a, b) -> a * b),
                        plan.floats(tensor).length);
            }
        }
    }

    /// The same weights under two programs' names become the same tensors, and those of the official dump.
    @Test
    void videoMaeInTwoDialects() {
        try (TensorFile videoMae = open("videomae-classifier.pth");
                TensorFile hf = open("hf-videomae-classifier.safetensors");
                SafeTensors dump = SafeTensors.open(Golden.path("weights/videomae-classifier.safetensors"))) {
            WeightPlan a = WeightImport.plan(videoMae, facts(3, 16), Facts.none(), false);
            WeightPlan b = WeightImport.plan(hf, facts(3, 16), Facts.none(), false);
            assertEquals(a.names(), b.names());
            for (String name : a.names()) {
                assertArrayEquals(a.floats(name), b.floats(name), name);
            }
            float[] qkv = dump.floats("param.blocks.1.attn.qkv.weight");
            assertArrayEquals(Arrays.copyOfRange(qkv, 24 * 24, 2 * 24 * 24), a.floats("blocks.1.attn.k.weight"));
            assertArrayEquals(dump.floats("param.blocks.1.attn.v_bias"), a.floats("blocks.1.attn.v.bias"));
            assertArrayEquals(new float[24], a.floats("blocks.1.attn.k.bias"));
            assertArrayEquals(dump.floats("param.fc_norm.weight"), a.floats("norm.weight"));
            assertArrayEquals(dump.floats("const.pos_embed"), a.floats("pos_embed"), 1e-7f);
        }
    }

    @Test
    void fusedRowsOfPySlowFast() {
        try (TensorFile file = open("pyslowfast-finetuned.pyth")) {
            WeightPlan plan = WeightImport.plan(file, facts(2, 12), Facts.none(), false);
            float[] fused = file.floats("blocks.2.attn.qkv.bias");
            assertArrayEquals(Arrays.copyOfRange(fused, 48, 72), plan.floats("blocks.2.attn.v.bias"));
            assertArrayEquals(file.floats("head.projection.weight"), plan.floats("head.weight"));
            assertArrayEquals(file.floats("pos_embed_spatial"), plan.floats("pos_embed_spatial"));
        }
    }

    @Test
    void metadataTellsWhatTheTensorsDoNot() throws IOException {
        try (TensorFile file = open("hf-videomae-classifier.safetensors")) {
            Facts asked = new Facts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                    Optional.of(Normalisation.parse("imagenet")),
                    Optional.of(4), Optional.of(16), Optional.empty());
            JsonNode node = architecture(WeightImport.plan(file, asked, Facts.none(), false));
            assertEquals(3, node.get("num_heads").asInt());
            assertEquals(1e-6, node.get("norm_eps").asDouble());
            assertEquals(1e-5, node.get("head_norm_eps").asDouble());
            assertEquals(2, node.get("t_patch_size").asInt());
            assertEquals("sincos", node.get("positions").asText());
            assertEquals(5, node.get("num_classes").asInt());
            assertEquals(0.456, node.get("pixel_mean").get(1).asDouble(), 1e-6);
        }
    }

    @Test
    void whatIsNotToldIsAskedFor() {
        try (TensorFile file = open("videomae-pretrain.pth")) {
            String message =
                    assertThrows(UserException.class, () -> WeightImport.plan(file, Facts.none(), Facts.none(), false))
                            .getMessage();
            for (String word : List.of("heads of the encoder", "heads of the decoder", "eps", "pixel",
                    "frames of a clip", "side of a frame")) {
                assertTrue(message.contains(word), message);
            }
            assertFalse(message.contains("frames of a patch"), message);
            assertThrows(UserException.class, () -> WeightImport.plan(file, facts(5, 16), Facts.none(), false),
                    "5 heads in a width of 24");
        }
        try (TensorFile file = open("mae_st-finetuned.pth")) {
            String message =
                    assertThrows(UserException.class, () -> WeightImport.plan(file, Facts.none(), Facts.none(), false))
                            .getMessage();
            assertFalse(message.contains("frames of a clip") || message.contains("side of a frame"), message);
        }
    }

    @Test
    void missingAndLeftOverAreErrorsUnlessNamed() {
        try (TensorFile file = open("mae_st-finetuned.pth")) {
            MadeFile made = MadeFile.of(WeightImport.plan(file, facts(3, 12), Facts.none(), false));
            made.put("extra.weight", new int[] {1}, new float[1]);
            made.remove("blocks.1.norm2.bias");
            WeightPlan plan = WeightImport.plan(made, Facts.none(), Facts.none(), false);
            assertTrue(assertThrows(UserException.class, () -> plan.requireComplete(List.of())).getMessage()
                    .contains("missing: blocks.1.norm2.bias"));
            assertTrue(assertThrows(UserException.class, () -> plan.requireComplete(List.of("blocks.1.*"))).getMessage()
                    .contains("left over: extra.weight"));
            plan.requireComplete(List.of("blocks.1.norm2.bias", "extra.*"));
            assertTrue(plan.table().getLast().endsWith("57 loaded, 0 transformed, 0 ignored, 1 missing, 1 left over"),
                    plan.table().getLast());
        }
    }

    @Test
    void wrongShapeIsNamed() {
        try (TensorFile file = open("mae_st-finetuned.pth")) {
            MadeFile made = MadeFile.of(WeightImport.plan(file, facts(3, 12), Facts.none(), false));
            made.put("blocks.0.mlp.fc2.bias", new int[] {23}, new float[23]);
            String message =
                    assertThrows(UserException.class, () -> WeightImport.plan(made, Facts.none(), Facts.none(), false))
                            .getMessage();
            assertTrue(message.contains("blocks.0.mlp.fc2.bias has shape [23]") && message.contains("[24]"), message);
        }
    }

    @Test
    void decoderIsIgnoredOnRequest() {
        try (TensorFile file = open("videomae-pretrain.pth")) {
            WeightPlan plan = WeightImport.plan(file, facts(3, 16), Facts.none(), true);
            plan.requireComplete(List.of());
            assertTrue(plan.names().stream().noneMatch(name -> name.contains("decoder") || name.equals("mask_token")));
            assertEquals(19, count(plan, Row.Status.IGNORED));
        }
    }

    @Test
    void positionsAreResizedToOtherClips() {
        try (TensorFile file = open("mae_st-finetuned.pth")) {
            Facts larger = new Facts(Optional.of(3), Optional.empty(), Optional.of(1e-6), Optional.empty(),
                    Optional.of(Normalisation.parse("0.45/0.225")),
                    Optional.of(8), Optional.of(20), Optional.empty());
            WeightPlan plan = WeightImport.plan(file, larger, Facts.none(), false);
            plan.requireComplete(List.of());
            assertArrayEquals(PositionResize.spatial(file.floats("pos_embed_spatial"), 3, 3, 5, 5, 24),
                    plan.floats("pos_embed_spatial"));
            assertArrayEquals(PositionResize.temporal(file.floats("pos_embed_temporal"), 2, 4, 24),
                    plan.floats("pos_embed_temporal"));
            assertArrayEquals(new int[] {1, 25, 24}, plan.entry("pos_embed_spatial").shape());
        }
    }

    /// facebookresearch/mae: a kernel without time, fused qkv, one table of positions.
    @Test
    void picturesAreInflated() throws IOException {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put("cls_token", new int[] {1, 1, 4});
        shapes.put("pos_embed", new int[] {1, 10, 4});
        shapes.put("patch_embed.proj.weight", new int[] {4, 3, 2, 2});
        shapes.put("patch_embed.proj.bias", new int[] {4});
        for (String name : List.of("norm1", "norm2")) {
            shapes.put("blocks.0." + name + ".weight", new int[] {4});
            shapes.put("blocks.0." + name + ".bias", new int[] {4});
        }
        shapes.put("blocks.0.attn.qkv.weight", new int[] {12, 4});
        shapes.put("blocks.0.attn.qkv.bias", new int[] {12});
        shapes.put("blocks.0.attn.proj.weight", new int[] {4, 4});
        shapes.put("blocks.0.attn.proj.bias", new int[] {4});
        shapes.put("blocks.0.mlp.fc1.weight", new int[] {16, 4});
        shapes.put("blocks.0.mlp.fc1.bias", new int[] {16});
        shapes.put("blocks.0.mlp.fc2.weight", new int[] {4, 16});
        shapes.put("blocks.0.mlp.fc2.bias", new int[] {4});
        shapes.put("norm.weight", new int[] {4});
        shapes.put("norm.bias", new int[] {4});
        shapes.put("decoder_pred.bias", new int[] {12});
        MadeFile image = MadeFile.random(shapes, 5);
        WeightPlan plan = WeightImport.plan(image, facts(2, 6), Facts.none(), false);
        plan.requireComplete(List.of());
        assertEquals("image", plan.from().toString());
        assertArrayEquals(new int[] {4, 3, 2, 2, 2}, plan.entry("patch_embed.proj.weight").shape());
        assertArrayEquals(Inflation.inflate(image.floats("patch_embed.proj.weight"), 12, 2, 4),
                plan.floats("patch_embed.proj.weight"));
        float[] positions = image.floats("pos_embed");
        assertArrayEquals(Arrays.copyOfRange(positions, 0, 4), plan.floats("pos_embed_class"));
        assertArrayEquals(Arrays.copyOfRange(positions, 4, 40), plan.floats("pos_embed_spatial"));
        assertArrayEquals(new float[8], plan.floats("pos_embed_temporal"));
        assertEquals(2, architecture(plan).get("t_patch_size").asInt());
        assertEquals(1, count(plan, Row.Status.IGNORED));
        assertArrayEquals(Inflation.inflate(GoldenTable.floats(GoldenTable.of("inflate").get("kernel2d")), 6, 2, 4),
                GoldenTable.floats(GoldenTable.of("inflate").get("mae_st_inflated")));
    }

    /// Tensors renamed, removed or of any other shape: a plan that can be read to the end, or one line.
    @ParameterizedTest
    @ValueSource(strings = {"mae_st-finetuned.pth", "pyslowfast-finetuned.pyth", "videomae-pretrain.pth",
            "hf-videomae-classifier.safetensors"})
    void damagedFiles(String name) {
        Random random = new Random(name.hashCode());
        int refused = 0;
        int planned = 0;
        for (int round = 0; round < 150; round++) {
            MadeFile damaged;
            try (TensorFile file = open(name)) {
                damaged = damage(MadeFile.of(file), random);
            }
            try {
                WeightPlan plan = WeightImport.plan(damaged, facts(1 + random.nextInt(3), 4 * (1 + random.nextInt(4))),
                        Facts.none(), random.nextBoolean());
                plan.names().forEach(tensor -> assertEquals(plan.entry(tensor).size(), plan.floats(tensor).length));
                WeightPlan export = WeightExport.plan(damaged, facts(1, 16), Dialect.SLOWFAST);
                export.names().forEach(export::floats);
                planned++;
            } catch (UserException e) {
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 10 && planned > 10, refused + " refused, " + planned + " planned");
    }

    private static MadeFile damage(MadeFile file, Random random) {
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            String victim = file.names().get(random.nextInt(file.names().size()));
            int kind = random.nextInt(3);
            if (kind == 0) {
                int[] shape = random.ints(random.nextInt(5), 0, 5).toArray();
                file.put(victim, shape, new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)]);
            } else {
                int[] shape = file.entry(victim).shape();
                float[] values = file.floats(victim);
                file.remove(victim);
                if (kind == 1) {
                    file.put(victim.replaceFirst("\\d", "7"), shape, values);
                }
            }
        }
        return file;
    }

    @Test
    void otherModelsAreRefused() {
        UserException e = assertThrows(UserException.class,
                () -> WeightImport.plan(MadeFile.random(Map.of("conv1.weight", new int[] {3}), 1), facts(1, 4),
                        Facts.none(), false));
        assertTrue(e.getMessage().contains("conv1.weight"), e.getMessage());
    }
}
