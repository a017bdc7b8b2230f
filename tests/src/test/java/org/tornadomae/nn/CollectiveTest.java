package org.tornadomae.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CollectiveTest {
    private final Collective alone = Collective.alone();

    @Test
    void oneRankHasEverything() {
        assertEquals(0, alone.rank());
        assertEquals(1, alone.size());
        float[] data = {1, Float.NaN, -3};
        alone.sum(data);
        assertArrayEquals(new float[] {1, Float.NaN, -3}, data);
        assertTrue(alone.any(true));
        assertFalse(alone.any(false));
        alone.requireSame("seed", 7);
        alone.barrier();
    }

    /// From left to right these would give 1e16 + 1 + 1 + 1 = 1e16: neighbours first keep a part of it.
    @Test
    void valuesAreAddedAsABalancedTree() {
        assertEquals((1e16 + 1) + (1.0 + 1.0), alone.sum(1e16, 1, 1, 1));
        assertEquals(1e16 + 2, alone.sum(1e16, 1, 1, 1));
        assertEquals(0.1, alone.sum(0.1));
        assertThrows(IllegalArgumentException.class, () -> alone.sum(1, 2, 3));
    }
}
