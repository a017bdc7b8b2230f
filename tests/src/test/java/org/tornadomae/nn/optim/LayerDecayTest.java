package org.tornadomae.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tornadomae.golden.GoldenTable;

/// Optimizer groups of the fine-tuning recipe, against the official code.
class LayerDecayTest {
    private static Stream<JsonNode> models() {
        return GoldenTable.stream(GoldenTable.of("layer-decay").get("models"));
    }

    /// Official shapes: biases and norms have one dimension, everything else more.
    private static int dimensions(String name) {
        return name.endsWith(".bias") || name.contains("norm") ? 1 : 2;
    }

    @ParameterizedTest
    @MethodSource("models")
    void scalesAreTheTables(JsonNode model) {
        LayerDecay decay = new LayerDecay(model.get("layer_decay").doubleValue(), model.get("depth").intValue());
        Set<List<Object>> groups = new HashSet<>();
        JsonNode tensors = model.get("lr_scale_and_weight_decay");
        tensors.properties().forEach(tensor -> {
            String name = tensor.getKey();
            double scale = tensor.getValue().get(0).doubleValue();
            assertEquals(scale, decay.scale(name), 1e-11 * scale, name);
            boolean decayed = WeightDecayRule.MAE_ST.decays(name, dimensions(name));
            assertEquals(tensor.getValue().get(1).doubleValue() > 0, decayed, name);
            groups.add(List.of(decay.layer(name), decayed));
        });
        assertEquals(model.get("groups").intValue(), groups.size());
        assertEquals(2 * (decay.depth() + 2), groups.size());
    }

    @Test
    void theDialectsDifferInTokensAndPositions() {
        for (String name : List.of("cls_token", "pos_embed", "pos_embed_spatial", "pos_embed_class")) {
            assertFalse(WeightDecayRule.MAE_ST.decays(name, 3));
            assertTrue(WeightDecayRule.PYSLOWFAST.decays(name, 3));
        }
        for (WeightDecayRule rule : WeightDecayRule.values()) {
            assertTrue(rule.decays("head.weight", 2));
            assertFalse(rule.decays("head.bias", 1));
            assertFalse(rule.decays("blocks.0.norm1.weight", 1));
        }
    }

    @Test
    void headAndNormGetAllOfTheRate() {
        LayerDecay decay = new LayerDecay(0.5, 2);
        assertEquals(1, decay.scale("head.weight"));
        assertEquals(1, decay.scale("norm.bias"));
        assertEquals(0.5, decay.scale("blocks.1.mlp.fc1.weight"));
        assertEquals(0.125, decay.scale("mask_token"));
        assertEquals(1, new LayerDecay(1, 12).scale("cls_token"));
        assertThrows(IllegalArgumentException.class, () -> new LayerDecay(0, 2));
        assertThrows(IllegalArgumentException.class, () -> new LayerDecay(0.5, -1));
    }

    private static Stream<JsonNode> schedules() {
        return GoldenTable.stream(GoldenTable.of("lr-schedule").get("schedules"));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void schedulesAreTheTables(JsonNode row) {
        CosineSchedule cosine = new CosineSchedule(row.get("lr").doubleValue(), row.get("min_lr").doubleValue(),
                row.get("warmup_epochs").doubleValue(), row.get("epochs").doubleValue());
        check(row, "mae_st", new FinetuneSchedule(cosine, 0));
        check(row, "pyslowfast", new FinetuneSchedule(cosine, row.get("warmup_start_lr").doubleValue()));
    }

    private static void check(JsonNode row, String dialect, FinetuneSchedule schedule) {
        double[] epochs = GoldenTable.doubles(row.get("at_epoch"));
        double[] expected = GoldenTable.doubles(row.get(dialect));
        for (int i = 0; i < epochs.length; i++) {
            assertEquals(expected[i], schedule.lr(epochs[i]), 1e-11 * expected[i], dialect + " at " + epochs[i]);
        }
    }
}
