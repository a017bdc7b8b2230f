package org.tornadomae.mae.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.UserException;

/// Fixed positions, and learned ones that start from a table.
class PositionsTest {
    private static final MaskedAutoencoder.BatchShape SHAPE = new MaskedAutoencoder.BatchShape(2, 4, false, 1);

    /// The formula, term by term, at places where it can be read off.
    @Test
    void theFixedTableIsVideoMaes() {
        float[] table = SinCosTable.of(4, 6);
        assertArrayEquals(new float[] {0, 1, 0, 1, 0, 1}, Arrays.copyOf(table, 6));
        double slow = Math.pow(10_000, -1.0 / 3);
        double[] third = {Math.sin(3), Math.cos(3), Math.sin(3 * slow), Math.cos(3 * slow), Math.sin(3 * slow * slow),
                Math.cos(3 * slow * slow)};
        for (int j = 0; j < 6; j++) {
            assertEquals(third[j], table[3 * 6 + j], 1e-7);
        }
    }

    private static MaskedAutoencoder model(Positions positions, boolean cls) {
        TestConfig c = new TestConfig();
        c.positions = c.decoderPositions = positions;
        c.clsEmbed = cls;
        return TestConfig.model(c.build(), SHAPE);
    }

    private static Map<String, ParamLayout.Entry> entries(MaskedAutoencoder model) {
        Map<String, ParamLayout.Entry> entries = new HashMap<>();
        model.params().layout().entries().forEach(entry -> entries.put(entry.name(), entry));
        return entries;
    }

    /// A fixed table is joint positions that hold it, the class token at zero, and do not learn.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fixedPositionsAreJointOnesThatDoNotLearn(boolean cls) {
        MaskedAutoencoder joint = model(Positions.JOINT, cls);
        MaskedAutoencoder fixed = model(Positions.SINCOS, cls);
        Map<String, ParamLayout.Entry> learned = entries(joint);
        Map<String, ParamLayout.Entry> left = entries(fixed);
        for (String name : new String[] {"pos_embed", "decoder_pos_embed"}) {
            assertFalse(left.containsKey(name), "a constant is no parameter");
            int[] shape = learned.get(name).param().shape();
            float[] table = SinCosTable.of(18, shape[2]);
            int start = joint.params().start(learned.get(name));
            int clsValues = cls ? shape[2] : 0;
            Arrays.fill(joint.params().values(), start, start + clsValues, 0f);
            System.arraycopy(table, 0, joint.params().values(), start + clsValues, table.length);
        }
        assertEquals(learned.size() - 2, left.size());
        left.forEach((name, entry) -> System.arraycopy(joint.params().values(), joint.params().start(learned.get(name)),
                fixed.params().values(), fixed.params().start(entry), entry.param().size()));
        for (MaskedAutoencoder model : new MaskedAutoencoder[] {joint, fixed}) {
            TestConfig.fill(model, 0, 2);
            TestConfig.run(model, model.step());
        }
        assertEquals(joint.loss(), fixed.loss());
        left.forEach((name, entry) -> {
            int size = entry.param().size();
            int a = joint.params().start(learned.get(name));
            int b = fixed.params().start(entry);
            assertArrayEquals(Arrays.copyOfRange(joint.params().grads(), a, a + size),
                    Arrays.copyOfRange(fixed.params().grads(), b, b + size), name);
        });
    }

    private static float[] start(Positions positions, String name, long seed) {
        TestConfig c = new TestConfig();
        c.positions = positions;
        MaskedAutoencoder model = MaskedAutoencoder.forTraining(c.build(), SHAPE);
        model.params().initialise(seed);
        ParamLayout.Entry entry = entries(model).get(name);
        int at = model.params().start(entry);
        return Arrays.copyOfRange(model.params().values(), at, at + entry.param().size());
    }

    /// The joint table is the sum of the separable ones, rows of a class token are zero, and the seed does not matter.
    @Test
    void bothKindsStartFromTheSameTable() {
        Positions separable = new Positions(Positions.Kind.SEPARABLE, Positions.Start.SINCOS);
        float[] spatial = start(separable, "pos_embed_spatial", 1);
        float[] temporal = start(separable, "pos_embed_temporal", 1);
        float[] joint = start(new Positions(Positions.Kind.JOINT, Positions.Start.SINCOS), "pos_embed", 1);
        assertArrayEquals(new float[12], start(separable, "pos_embed_class", 1));
        assertArrayEquals(new float[12], Arrays.copyOf(joint, 12));
        for (int token = 0; token < 18; token++) {
            for (int c = 0; c < 12; c++) {
                assertEquals(spatial[token % 9 * 12 + c] + temporal[token / 9 * 12 + c], joint[(1 + token) * 12 + c]);
            }
        }
        assertArrayEquals(spatial, start(separable, "pos_embed_spatial", 2));
    }

    /// What the start is for: of two tokens, the nearer one looks more alike, along each axis.
    @Test
    void nearTokensStartMoreAlikeThanFarOnes() {
        PatchGrid grid = new PatchGrid(8, 64, 64, 2, 8);
        int width = 96;
        float[] table = SinCosTable.joint(grid, width, 0);
        for (int step : new int[] {1, grid.columns(), grid.places()}) {
            assertTrue(dot(table, width, 0, step) > dot(table, width, 0, 2 * step), "step " + step);
            assertTrue(dot(table, width, 0, 0) > dot(table, width, 0, step), "step " + step);
        }
    }

    private static double dot(float[] table, int width, int a, int b) {
        double sum = 0;
        for (int c = 0; c < width; c++) {
            sum += table[a * width + c] * table[b * width + c];
        }
        return sum;
    }

    /// The paper's start: normal, std 0.02. Of 108 numbers the deviation is known to about 7 %.
    @ParameterizedTest
    @EnumSource(names = {"SEPARABLE", "JOINT"})
    void thePapersStartIsStillTheDefault(Positions.Kind kind) {
        Positions positions = kind == Positions.Kind.JOINT ? Positions.JOINT : Positions.SEPARABLE;
        float[] start = start(positions, kind == Positions.Kind.JOINT ? "pos_embed" : "pos_embed_spatial", 1);
        double squares = 0;
        for (float x : start) {
            squares += (double) x * x;
        }
        assertEquals(0.02, Math.sqrt(squares / start.length), 0.02 * 0.35);
    }

    @Test
    void aFixedTableHasNoOtherStart() {
        UserException e = assertThrows(UserException.class,
                () -> new Positions(Positions.Kind.SINCOS, Positions.Start.NORMAL));
        assertTrue(e.getMessage().contains("fixed table"), e.getMessage());
    }
}
