package org.tornadomae.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupSumTest {
    private static final int LENGTH = 1000;

    private static float[] group(int g) {
        Rng random = Rng.of(11, g);
        float[] values = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            values[i] = (float) (random.nextGaussian() * StrictMath.pow(10, i % 7 - 3));
        }
        return values;
    }

    /// The definition, by recursion: the left half and the right half.
    private static float tree(int from, int to, int i) {
        int middle = (from + to) / 2;
        return to - from == 1 ? group(from)[i] : tree(from, middle, i) + tree(middle, to, i);
    }

    private static float[] sum(int first, int groups) {
        GroupSum sum = new GroupSum(groups, LENGTH);
        float[] grads = new float[LENGTH];
        for (int g = first; g < first + groups; g++) {
            float[] values = group(g);
            for (int i = 0; i < LENGTH; i++) {
                assertTrue(g == first || grads[i] == 0, "cleared for the next group");
                grads[i] += values[i];
            }
            assertEquals(g == first + groups - 1, sum.next(grads));
        }
        return grads;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void addsAsABalancedTree(int groups) {
        float[] found = sum(0, groups);
        for (int i = 0; i < LENGTH; i += 50) {
            assertEquals(tree(0, groups, i), found[i], 0f);
        }
    }

    @Test
    void ranksContinueTheTree() {
        float[] whole = sum(0, 8);
        for (int ranks = 2; ranks <= 8; ranks *= 2) {
            float[][] rows = new float[ranks][];
            for (int r = 0; r < ranks; r++) {
                Groups mine = new Groups(8, r, ranks);
                rows[r] = sum(mine.first(), mine.perRank());
            }
            BalancedTree.sumRows(rows, LENGTH);
            assertArrayEquals(whole, rows[0], 0f, ranks + " ranks");
        }
    }

    @Test
    void theNextStepBeginsAnew() {
        GroupSum sum = new GroupSum(2, 1);
        float[] grads = new float[1];
        for (int step = 0; step < 3; step++) {
            grads[0] = 1;
            assertFalse(sum.next(grads));
            grads[0] = 2;
            assertTrue(sum.next(grads));
            assertEquals(3f, grads[0]);
        }
    }

    @Test
    void orderMattersForTheseValues() {
        double[] values = {1e16, 1, 1, 1};
        assertNotEquals(((values[0] + values[1]) + values[2]) + values[3], BalancedTree.sum(values));
        assertEquals((values[0] + values[1]) + (values[2] + values[3]), BalancedTree.sum(values));
    }

    @Test
    void sharesCoverEveryElementOnceAndDoNotDependOnTheRanks() {
        for (int length : new int[] {0, 1, 7, 8, 9, 1001}) {
            for (int ranks : new int[] {1, 2, 4, 8}) {
                Groups groups = new Groups(8, 0, ranks);
                assertEquals(0, groups.startOf(0, length));
                assertEquals(length, groups.startOf(ranks, length));
                for (int r = 0; r < ranks; r++) {
                    assertTrue(groups.startOf(r, length) <= groups.startOf(r + 1, length));
                    assertEquals(groups.startOfGroup(r * 8 / ranks, length), groups.startOf(r, length));
                }
            }
        }
    }

    @Test
    void groupsThatCannotBeSharedAreRefused() {
        assertThrows(UserException.class, () -> new Groups(6, 0, 1));
        assertThrows(UserException.class, () -> new Groups(4, 0, 3));
        assertThrows(UserException.class, () -> new Groups(4, 0, 8));
        assertThrows(UserException.class, () -> new Groups(0, 0, 1));
    }
}
