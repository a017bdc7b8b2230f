package org.tornadomae.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tornadomae.kernels.Tensor;

class ParamLayoutTest {
    private final List<Param> declared = new ArrayList<>();

    private ParamLayout layout() {
        ParamLayout layout = new ParamLayout();
        declared.add(layout.declare("embed.weight", Init.ZEROS, 5, 6));
        declared.add(layout.declare("embed.bias", Init.ZEROS, 5));
        for (String stack : new String[] {"blocks", "decoder_blocks"}) {
            layout.stack(stack, 3, () -> {
                declared.add(layout.declare("norm.weight", Init.ZEROS, 4));
                declared.add(layout.declare("fc.weight", Init.ZEROS, 4, 2));
                declared.add(layout.declare("fc.bias", Init.ZEROS, 4));
            });
        }
        declared.add(layout.declare("head.weight", Init.ZEROS, 1, 7));
        return layout;
    }

    @Test
    void namesAreInOrderOfDeclarationLayerByLayer() {
        List<String> names = layout().entries().stream().map(ParamLayout.Entry::name).toList();
        assertEquals(
                List.of("embed.weight", "embed.bias", "blocks.0.norm.weight", "blocks.0.fc.weight", "blocks.0.fc.bias",
                        "blocks.1.norm.weight", "blocks.1.fc.weight", "blocks.1.fc.bias", "blocks.2.norm.weight",
                        "blocks.2.fc.weight", "blocks.2.fc.bias"),
                names.subList(0, 11));
        assertEquals("decoder_blocks.2.fc.bias", names.get(19));
        assertEquals("head.weight", names.get(20));
        assertEquals(21, names.size());
    }

    /// Every element belongs to one tensor; what is decayed comes first.
    @Test
    void tensorsCoverTheArrayOnce() {
        ParamLayout layout = layout();
        Params params = Params.forTraining(layout);
        assertEquals(30 + 5 + 2 * 3 * 16 + 7, layout.size());
        assertEquals(30 + 2 * 3 * 8 + 7, layout.decayed());
        boolean[] taken = new boolean[layout.size()];
        for (ParamLayout.Entry entry : layout.entries()) {
            for (int i = 0; i < entry.param().size(); i++) {
                int at = params.start(entry) + i;
                assertTrue(!taken[at], entry.name() + " overlaps another tensor at " + at);
                taken[at] = true;
                assertEquals(entry.param().shape().length > 1, at < layout.decayed(), entry.name());
            }
        }
        assertEquals(layout.size(), params.grads().length);
    }

    /// What kernels see (start and step of a tensor) is what checkpoints see (start of each entry).
    @Test
    void stacksRepeatWithAFixedStep() {
        ParamLayout layout = layout();
        Params params = Params.forTraining(layout);
        for (ParamLayout.Entry entry : layout.entries()) {
            Tensor tensor = params.value(entry.param());
            assertEquals(params.start(entry), tensor.at() + entry.layer() * tensor.step(), entry.name());
            assertEquals(tensor.at(), params.grad(entry.param()).at());
        }
    }

    @Test
    void tooLargeIsSaidSo() {
        ParamLayout layout = new ParamLayout();
        UserException e = assertThrows(UserException.class, () -> layout.declare("w", Init.ZEROS, 60_000, 60_000));
        assertTrue(e.getMessage().contains("2^31"), e.getMessage());
        layout.declare("a", Init.ZEROS, 40_000, 40_000);
        e = assertThrows(UserException.class, () -> layout.declare("b", Init.ZEROS, 40_000, 40_000));
        assertTrue(e.getMessage().contains("2^31"), e.getMessage());
        e = assertThrows(UserException.class,
                () -> layout.stack("blocks", 100_000, () -> layout.declare("w", Init.ZEROS, 300, 300)));
        assertTrue(e.getMessage().contains("2^31"), e.getMessage());
    }

    /// In front of the first block 0, block i at i + 1, behind the last one more; a second stack counts on.
    @Test
    void levelsGrowFromTheInput() {
        Map<String, Integer> levels = new HashMap<>();
        ParamLayout layout = layout();
        layout.entries().forEach(e -> levels.put(e.name(), e.param().level(e.layer())));
        assertEquals(0, levels.get("embed.weight"));
        assertEquals(1, levels.get("blocks.0.fc.bias"));
        assertEquals(3, levels.get("blocks.2.norm.weight"));
        assertEquals(5, levels.get("decoder_blocks.0.fc.weight"));
        assertEquals(8, levels.get("head.weight"));
        assertEquals(8, layout.topLevel());
    }

    /// Runs cover the array in order, and every tensor lies in a run of its level and decay.
    @Test
    void runsCoverTheArrayInOrder() {
        ParamLayout layout = layout();
        int end = 0;
        for (ParamLayout.Run run : layout.runs(WeightDecayRule.PYSLOWFAST)) {
            assertEquals(end, run.start());
            end += run.length();
        }
        assertEquals(layout.size(), end);
        assertEquals(8 + 7, layout.runs(WeightDecayRule.PYSLOWFAST).size(),
                "decayed levels 0, 1, 2, 3, 5, 6, 7, 8, plain ones without the head");
        for (ParamLayout.Entry entry : layout.entries()) {
            int start = layout.start(entry);
            ParamLayout.Run run = layout.runs(WeightDecayRule.PYSLOWFAST).stream()
                    .filter(r -> r.start() <= start && start < r.start() + r.length()).findFirst().orElseThrow();
            assertEquals(entry.param().level(entry.layer()), run.level(), entry.name());
            assertEquals(entry.param().decayed(), run.decayed(), entry.name());
        }
    }
}
