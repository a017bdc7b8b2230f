package org.tornadomae.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InitTest {
    private static float[] values(Init init, int... shape) {
        ParamLayout layout = new ParamLayout();
        layout.declare("x", init, shape);
        return Params.forTraining(layout).initialise(7).values();
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float x : values) {
            sum += x;
        }
        return sum / values.length;
    }

    private static double std(float[] values) {
        double squares = 0;
        for (float x : values) {
            squares += (double) x * x;
        }
        return Math.sqrt(squares / values.length);
    }

    /// Bound √(6/(fanIn + fanOut)), seen as `[outC, rest]`: `[D, 3·u·p·p]` for the patch embedding. Of n uniform
    /// numbers the largest lies within 20/n of the bound but for e^-20, and their deviation, bound/√3, is known to
    /// about 1/√n.
    @ParameterizedTest
    @ValueSource(strings = {"96,64", "64,3,2,4,4", "13,500"})
    void xavierUniform(String text) {
        int[] shape = Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
        float[] values = values(Init.XAVIER_UNIFORM, shape);
        int n = values.length;
        double bound = Math.sqrt(6.0 / (shape[0] + n / shape[0]));
        double largest = 0;
        for (float x : values) {
            largest = Math.max(largest, Math.abs(x));
        }
        assertTrue(largest <= bound && largest > bound * (1 - 20.0 / n), "largest " + largest + ", bound " + bound);
        assertEquals(0, mean(values), 5 * bound / Math.sqrt(3.0 * n));
        assertEquals(bound / Math.sqrt(3), std(values), 5 * bound / Math.sqrt(n));
    }

    /// Cutting at ±2 is a hundred deviations away: both are normal with std 0.02, known to 1/√(2n).
    @Test
    void normal() {
        for (Init init : new Init[] {Init.NORMAL, Init.TRUNCATED_NORMAL}) {
            float[] values = values(init, 1, 100, 200);
            assertEquals(0, mean(values), 5 * 0.02 / Math.sqrt(20_000));
            assertEquals(0.02, std(values), 5 * 0.02 / Math.sqrt(40_000));
        }
    }

    @Test
    void constants() {
        for (float x : values(Init.ONES, 207)) {
            assertEquals(1f, x);
        }
        for (float x : values(Init.ZEROS, 207)) {
            assertEquals(0f, x);
        }
    }

    /// A tensor's values depend on seed and name, not on what else the model has; layers differ.
    @Test
    void tensorsHaveTheirOwnStreams() {
        ParamLayout layout = new ParamLayout();
        layout.declare("other", Init.NORMAL, 13, 6);
        layout.declare("x", Init.NORMAL, 6, 13);
        layout.stack("blocks", 2, () -> layout.declare("w", Init.NORMAL, 3, 4));
        Params params = Params.forTraining(layout).initialise(7);
        assertArrayEquals(values(Init.NORMAL, 6, 13), Arrays.copyOfRange(params.values(), 78, 156));
        assertFalse(Arrays.equals(Arrays.copyOfRange(params.values(), 156, 168),
                Arrays.copyOfRange(params.values(), 168, 180)));
        assertFalse(Arrays.equals(params.values(), Params.forTraining(layout).initialise(8).values()));
    }
}
