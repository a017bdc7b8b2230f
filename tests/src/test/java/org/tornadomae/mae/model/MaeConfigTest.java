package org.tornadomae.mae.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tornadomae.mae.mask.MaskKind;
import org.tornadomae.mae.mask.Masking;
import org.tornadomae.nn.UserException;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MaeConfigTest {
    /// Weights and biases of a linear layer, of a block, and of everything around the blocks, from the description in
    /// docs/spec.md.
    private static long linear(long in, long out) {
        return in * out + out;
    }

    private static long block(long width) {
        long norms = 2 * 2 * width;
        return norms + 4 * linear(width, width) + linear(width, 4 * width) + linear(4 * width, width);
    }

    /// preset, D, depth, heads, E, decoder heads, p, values per token
    @ParameterizedTest
    @CsvSource({"tiny,192,12,3,192,3,16,768", "small,384,12,6,256,8,16,768", "base,768,12,12,512,16,16,768",
            "large,1024,24,16,512,16,16,768", "huge,1280,32,16,512,16,14,588"})
    void presets(String name, int width, int depth, int heads, int decoderWidth, int decoderHeads, int p, int values) {
        MaeConfig c = MaeConfig.preset(name);
        int side = 224 / p;
        assertEquals(8 * side * side, c.grid().tokens());
        assertEquals(values, c.predValues());
        assertEquals(heads, c.encoder().numHeads());
        assertEquals(decoderHeads, c.decoder().numHeads());
        assertEquals(16, c.clip().numFrames());
        assertEquals(1, c.predFramesPerPatch());
        long places = side * side + 8 + 1; // space, time, class
        long encoder = linear(3L * 2 * p * p, width) + width + places * width + depth * block(width) + 2 * width;
        long decoder = linear(width, decoderWidth) + 2 * decoderWidth + places * decoderWidth + 4 * block(decoderWidth)
                + 2 * decoderWidth + linear(decoderWidth, values);
        assertEquals(encoder + decoder, MaskedAutoencoder.layout(c).size());
    }

    @Test
    void presetsOfThePaper() {
        assertEquals(1568, MaeConfig.preset("large").grid().tokens());
        assertEquals(2048, MaeConfig.preset("huge").grid().tokens());
        assertEquals(156, new Masking(MaskKind.RANDOM, 0.9, MaeConfig.preset("large").grid()).keep());
        UserException e = assertThrows(UserException.class, () -> MaeConfig.preset("giant"));
        assertTrue(e.getMessage().contains("'giant'") && e.getMessage().contains("huge"), e.getMessage());
    }

    /// What each dialect declares of positions and class tokens.
    @Test
    void dialectsDeclareTheirTensors() {
        Map<String, int[]> maeSt = names(new TestConfig().build());
        assertArrayEquals(new int[] {1, 9, 8}, maeSt.get("decoder_pos_embed_spatial"));
        assertArrayEquals(new int[] {1, 2, 8}, maeSt.get("decoder_pos_embed_temporal"));
        assertArrayEquals(new int[] {1, 1, 8}, maeSt.get("decoder_pos_embed_class"));
        assertArrayEquals(new int[] {1, 1, 8}, maeSt.get("decoder_cls_token"));
        assertArrayEquals(new int[] {12, 3, 2, 4, 4}, maeSt.get("patch_embed.proj.weight"));
        Map<String, int[]> slowFast = names(TestConfig.slowFast().build());
        assertArrayEquals(new int[] {1, 19, 8}, slowFast.get("decoder_pos_embed"));
        assertArrayEquals(new int[] {1, 1, 12}, slowFast.get("cls_token"));
        assertArrayEquals(new int[] {1, 9, 12}, slowFast.get("pos_embed_spatial"));
        assertEquals(null, slowFast.get("decoder_cls_token"));
        assertEquals(null, slowFast.get("decoder_pos_embed_class"));
    }

    private static Map<String, int[]> names(MaeConfig config) {
        Map<String, int[]> names = new LinkedHashMap<>();
        MaskedAutoencoder.layout(config).entries().forEach(e -> names.put(e.name(), e.param().shape()));
        return names;
    }

    private static int[] targetFrames(int frames, int tPatch, int predicted, boolean linspace) {
        TestConfig c = new TestConfig();
        c.numFrames = frames;
        c.tPatchSize = tPatch;
        c.predTDim = predicted;
        c.linspaceTargets = linspace;
        return c.build().targetFrames();
    }

    @Test
    void targetFrames() {
        assertArrayEquals(new int[] {0, 2, 4, 6, 8, 10, 12, 15}, targetFrames(16, 2, 8, true));
        assertArrayEquals(new int[] {0, 2, 4, 6, 8, 10, 12, 14}, targetFrames(16, 2, 8, false));
        assertArrayEquals(new int[] {0, 1, 2, 3}, targetFrames(4, 2, 4, true));
        assertArrayEquals(new int[] {0, 1, 2, 3}, targetFrames(4, 2, 4, false));
        assertArrayEquals(new int[] {0, 2, 4, 7}, targetFrames(8, 2, 4, true));
        assertArrayEquals(new int[] {0, 3}, targetFrames(4, 2, 2, true));
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                targetFrames(16, 4, 16, true));
        assertArrayEquals(new int[] {0}, targetFrames(1, 1, 1, true));
        assertArrayEquals(new int[] {0}, targetFrames(16, 16, 1, true));
    }

    private static void refused(Consumer<TestConfig> change, String... words) {
        TestConfig c = new TestConfig();
        change.accept(c);
        UserException e = assertThrows(UserException.class, c::build);
        for (String word : words) {
            assertTrue(e.getMessage().contains(word), e.getMessage());
        }
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void whatDoesNotDivide() {
        refused(c -> c.patchSize = 5, "image size 12", "patch size 5");
        refused(c -> c.tPatchSize = 3, "frames 4", "3");
        refused(c -> c.numHeads = 5, "heads 5", "width 12");
        refused(c -> c.decoderNumHeads = 3, "decoder heads 3", "decoder width 8");
        refused(c -> c.predTDim = 3, "predicted frames 3", "2 time steps");
        refused(c -> c.predTDim = 8, "predicted frames 8", "at most 4");
        refused(c -> {
            c.linspaceTargets = false;
            c.numFrames = 12;
            c.tPatchSize = 3;
            c.predTDim = 8;
        }, "predicted frames 8", "12 frames", "slowfast");
    }

    @Test
    void whatIsTooSmallOrTooLarge() {
        refused(c -> c.imgSize = 0, "image size 0");
        refused(c -> c.patchSize = -4, "patch size -4");
        refused(c -> c.patchSize = 24, "image size 12", "24");
        refused(c -> c.numFrames = 0, "frames 0");
        refused(c -> c.tPatchSize = 0, "frames per patch 0");
        refused(c -> c.depth = 0, "depth 0");
        refused(c -> c.decoderDepth = -1, "decoder depth -1");
        refused(c -> c.numHeads = 0, "heads 0");
        refused(c -> c.embedDim = 0, "embedding width 0");
        refused(c -> c.decoderEmbedDim = -8, "decoder width -8");
        refused(c -> c.predTDim = 0, "predicted frames 0");
        refused(c -> c.mlpRatio = 0, "mlp ratio");
        refused(c -> c.mlpRatio = Double.NaN, "mlp ratio");
        refused(c -> c.mlpRatio = 1e9, "mlp ratio");
        refused(c -> c.mlpRatio = 0.1, "mlp ratio"); // would leave the decoder's MLP without a neuron
    }

    @Test
    void whatContradictsItself() {
        refused(c -> {
            c.clsEmbed = false;
            c.carryClassToken = true;
        }, "class token");
    }

    /// One frame is image MAE: it runs, forwards and backwards, and every parameter but the key biases gets a gradient.
    @Test
    void oneFrameIsImageMae() {
        TestConfig c = new TestConfig();
        c.numFrames = 1;
        c.tPatchSize = 1;
        c.predTDim = 1;
        c.normPixLoss = true;
        MaskedAutoencoder model = TestConfig.model(c.build(), new MaskedAutoencoder.BatchShape(2, 2, false, 1));
        TestConfig.fill(model, 0, 2);
        TestConfig.run(model, model.step());
        assertTrue(Float.isFinite(model.loss()) && model.loss() > 0.1, "loss " + model.loss());
        model.params().layout().entries().forEach(e -> {
            int start = model.params().start(e);
            double sum = 0;
            for (int i = start; i < start + e.param().size(); i++) {
                assertTrue(Float.isFinite(model.params().grads()[i]), e.name());
                sum += Math.abs(model.params().grads()[i]);
            }
            assertEquals(!e.name().endsWith("attn.k.bias"), sum > 0, e.name());
        });
    }
}
