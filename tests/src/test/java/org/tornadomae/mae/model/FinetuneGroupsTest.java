package org.tornadomae.mae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tornadomae.golden.GoldenTable;
import org.tornadomae.nn.optim.CosineSchedule;
import org.tornadomae.nn.optim.FinetuneSchedule;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.WeightDecayRule;

/// Optimizer groups of the fine-tuning recipe, against the official code.
class FinetuneGroupsTest {
    private static Stream<JsonNode> models() {
        return GoldenTable.stream(GoldenTable.of("layer-decay").get("models"));
    }

    private static ParamLayout layout(int depth) {
        ClassifierConfig config =
                new ClassifierConfig(new ClipGeometry(2, 2, 1, 1), new Stack(2, depth, 1, 4, Positions.SEPARABLE, true),
                        true, 3, ClassifierConfig.Drop.NONE, false);
        return Classifier.declare(config).params().layout();
    }

    @ParameterizedTest
    @MethodSource("models")
    void scalesAreTheTables(JsonNode model) {
        int depth = model.get("depth").intValue();
        double decay = model.get("layer_decay").doubleValue();
        JsonNode table = model.get("lr_scale_and_weight_decay");
        Set<List<Object>> groups = new HashSet<>();
        int found = 0;
        ParamLayout layout = layout(depth);
        for (ParamLayout.Entry tensor : layout.entries()) {
            boolean decayed = WeightDecayRule.MAE_ST.decays(tensor.name(), tensor.param().shape().length);
            int above = layout.topLevel() - tensor.param().level(tensor.layer());
            groups.add(List.of(above, decayed));
            JsonNode row = table.get(tensor.name());
            if (row != null) {
                found++;
                double scale = row.get(0).doubleValue();
                assertEquals(scale, Math.pow(decay, above), 1e-11 * scale, tensor.name());
                assertEquals(row.get(1).doubleValue() > 0, decayed, tensor.name());
            }
        }
        assertEquals(table.size(), found);
        assertEquals(model.get("groups").intValue(), groups.size());
        assertEquals(2 * (depth + 2), groups.size());
    }

    /// What the optimizer is told of neighbouring tensors covers the whole array once, in either dialect.
    @ParameterizedTest
    @EnumSource
    void runsCoverEveryElementOnce(WeightDecayRule rule) {
        ParamLayout layout = layout(3);
        int end = 0;
        for (ParamLayout.Run run : layout.runs(rule)) {
            assertEquals(end, run.start());
            end += run.length();
        }
        assertEquals(layout.size(), end);
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
