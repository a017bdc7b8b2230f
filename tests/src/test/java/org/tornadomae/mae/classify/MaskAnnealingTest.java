package org.tornadomae.mae.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tornadomae.nn.UserException;

class MaskAnnealingTest {
    @Test
    void fromHalfToAllInFiveSteps() {
        MaskAnnealing masking = new MaskAnnealing(0.5, 0);
        assertEquals(784, masking.keep(1568, 0));
        assertEquals(1568 * 6 / 8, masking.keep(1568, 0.5));
        assertEquals(1568, masking.keep(1568, 1));
        int[] kept = IntStream.rangeClosed(0, 1000).map(i -> masking.keep(1568, i / 1000.0)).toArray();
        assertEquals(5, IntStream.of(kept).distinct().count());
        for (int i = 1; i < kept.length; i++) {
            assertTrue(kept[i] >= kept[i - 1], "fewer and fewer are removed");
        }
    }

    @Test
    void beginsAndEndsWithWhatWasAskedFor() {
        assertEquals(70, new MaskAnnealing(0.3, 0.3).keep(100, 0.5));
        assertEquals(100, MaskAnnealing.NONE.keep(100, 0));
        assertEquals(1, new MaskAnnealing(0.99, 0).keep(4, 0));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "-0.1, 0", "0.3, 0.5", "0.3, -0.1", "NaN, 0", "0.5, NaN"})
    void otherRatiosAreRefused(double start, double end) {
        assertThrows(UserException.class, () -> new MaskAnnealing(start, end));
    }
}
