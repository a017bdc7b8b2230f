package org.tornadomae.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StopwatchTest {
    @Test
    void median() {
        assertEquals(2, Stopwatch.median(3, 1, 2));
        assertEquals(2.5, Stopwatch.median(4, 1, 2, 3));
    }

    @Test
    void stopwatchLeavesTheWarmUpOutAndKeepsToItsBudget() {
        int[] calls = {0};
        Stopwatch watch = Stopwatch.time(2, 0, 3, 60, () -> ++calls[0]);
        assertEquals(5, calls[0]);
        assertEquals(3, watch.rounds());
        assertEquals(5, watch.last());
        assertEquals(1, Stopwatch.time(10, 5, 10, 0, () -> 0).rounds(), "one round is timed whatever the budget");
    }
}
