package org.tornadomae.mae.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tornadomae.nn.file.SafeTensors;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.Golden;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;

class WeightExportTest {
    private static final Path PRETRAINED = Path.of("src/test/resources/golden/mae-joint-nocls-pixels.safetensors");

    private static MadeFile imported(String name, int heads, int size) {
        try (TensorFile file = TensorFiles.open(Golden.path("weights/" + name))) {
            return MadeFile.of(WeightImport.plan(file, WeightImportTest.facts(heads, size), Facts.none(), false));
        }
    }

    private static void sameTensors(TensorFile expected, TensorFile actual) {
        assertEquals(new TreeSet<>(expected.names()), new TreeSet<>(actual.names()));
        for (String name : expected.names()) {
            assertArrayEquals(expected.entry(name).shape(), actual.entry(name).shape(), name);
            float[] a = expected.floats(name);
            float[] b = actual.floats(name);
            for (int i = 0; i < a.length; i++) {
                assertEquals(Float.floatToRawIntBits(a[i]), Float.floatToRawIntBits(b[i]), name);
            }
        }
    }

    /// Out and in again: the same bits, and nothing to ask for, since the metadata travels.
    @ParameterizedTest
    @CsvSource({"videomae-classifier.pth, VIDEOMAE, 16", "videomae-classifier.pth, HF, 16",
            "videomae-pretrain.pth, VIDEOMAE, 16", "videomae-pretrain.pth, HF, 16",
            "pyslowfast-finetuned.pyth, SLOWFAST, 12", "mae_st-finetuned.pth, SLOWFAST, 12",
            "mae_st-finetuned.pth, OURS, 12", "videomae-pretrain.pth, OURS, 16"})
    void roundTrip(String name, Dialect to, int size) {
        MadeFile ours = imported(name, 3, size);
        WeightPlan export = WeightExport.plan(ours, Facts.none(), to);
        export.requireComplete(List.of());
        WeightPlan back = WeightImport.plan(MadeFile.of(export), Facts.none(), Facts.none(), false);
        back.requireComplete(List.of());
        assertEquals(to, back.from());
        sameTensors(ours, MadeFile.of(back));
        assertEquals(ours.metadata().get("architecture"), back.metadata().get("architecture"));
    }

    /// What a program wrote comes back as that program wrote it.
    @ParameterizedTest
    @CsvSource({"videomae-classifier.pth, VIDEOMAE, 16", "videomae-pretrain.pth, VIDEOMAE, 16",
            "pyslowfast-finetuned.pyth, SLOWFAST, 12",
            "hf-videomae-classifier.safetensors, HF, 16", "mae_st-finetuned.pth, OURS, 12"})
    void originalNamesComeBack(String name, Dialect to, int size) {
        WeightPlan export = WeightExport.plan(imported(name, 3, size), Facts.none(), to);
        try (TensorFile original = TensorFiles.open(Golden.path("weights/" + name))) {
            sameTensors(original, MadeFile.of(export));
        }
    }

    /// A pre-training model with a decoder, joint positions and no qkv bias through PySlowFast's names.
    @Test
    void pretrainingModelThroughPySlowFast() {
        MadeFile ours = new MadeFile();
        try (SafeTensors dump = SafeTensors.open(PRETRAINED)) {
            dump.names().stream().filter(name -> name.startsWith("param."))
                    .forEach(name -> ours.put(name.substring(6), dump.entry(name).shape(),
                            dump.floats(name)));
            ours.say("model", dump.metadata().get("model")).say("architecture",
                    "{\"norm_eps\":1e-6,\"pixel_mean\":[0.45,0.45,0.45],\"pixel_std\":[0.225,0.225,0.225]}");
        }
        WeightPlan export = WeightExport.plan(ours, Facts.none(), Dialect.SLOWFAST);
        export.requireComplete(List.of());
        assertTrue(export.names().containsAll(List.of("pred_head.transforms.0.0.attn.qkv.weight",
                "pred_head.transforms.0.1.weight", "pred_head.projections.0.bias",
                "decoder_pos_embed", "blocks.1.attn.qkv.weight")));
        sameTensors(ours, MadeFile.of(WeightImport.plan(MadeFile.of(export), Facts.none(), Facts.none(), false)));
    }

    @Test
    void whatTheOtherProgramLacksIsLeftOver() {
        MadeFile ours = imported("mae_st-finetuned.pth", 3, 12);
        WeightPlan export = WeightExport.plan(ours, Facts.none(), Dialect.HF);
        String message = assertThrows(UserException.class, () -> export.requireComplete(List.of())).getMessage();
        for (String word : List.of("cls_token", "pos_embed_spatial", "no place", "transformers")) {
            assertTrue(message.contains(word), message);
        }
        export.requireComplete(List.of("cls_token", "pos_embed_*"));
        assertEquals("pt", export.metadata().get("format"));
        assertTrue(export.metadata().get("config").contains("\"num_attention_heads\":3"),
                export.metadata().get("config"));
    }

    /// Softmax does not see a key bias, so that one may be dropped; the optimizer's moments always are.
    @Test
    void whatIsDroppedWithoutLoss() {
        MadeFile ours = imported("videomae-classifier.pth", 3, 16);
        ours.put("blocks.0.attn.k.bias", new int[] {24}, MadeFile.random(Map.of("x", new int[] {24}), 1).floats("x"));
        ours.put("optimizer.m.norm.bias", new int[] {24}, new float[24]);
        WeightPlan export = WeightExport.plan(ours, Facts.none(), Dialect.HF);
        export.requireComplete(List.of());
        List<String> ignored = export.rows().stream().filter(row -> row.status() == Row.Status.IGNORED).map(Row::name)
                .sorted().toList();
        assertEquals(List.of("blocks.0.attn.k.bias", "blocks.1.attn.k.bias", "optimizer.m.norm.bias", "pos_embed"),
                ignored);
    }

    @ParameterizedTest
    @EnumSource(names = {"HF", "VIDEOMAE"})
    void learnedPositionsAreNoTable(Dialect to) {
        MadeFile ours = imported("videomae-classifier.pth", 3, 16);
        float[] positions = ours.floats("pos_embed");
        positions[7] = Math.nextUp(positions[7]);
        ours.put("pos_embed", ours.entry("pos_embed").shape(), positions);
        assertThrows(UserException.class, () -> WeightExport.plan(ours, Facts.none(), to).requireComplete(List.of()));
    }

    /// From one program to another through our names.
    @Test
    void foreignToForeign() {
        try (TensorFile videoMae = TensorFiles.open(Golden.path("weights/videomae-classifier.pth"));
                TensorFile hf = TensorFiles.open(Golden.path("weights/hf-videomae-classifier.safetensors"))) {
            WeightPlan export = WeightExport.plan(videoMae, WeightImportTest.facts(3, 16), Dialect.HF);
            export.requireComplete(List.of());
            sameTensors(hf, MadeFile.of(export));
        }
    }
}
