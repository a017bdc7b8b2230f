package org.tornadomae.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CosineScheduleTest {
    /// Linear over 5 epochs, then half a cosine to epoch 105: its quarter, middle and three quarters from the table of
    /// cosines (√½). The tolerance is double's rounding.
    @ParameterizedTest
    @CsvSource({"0,0", "1,0.2", "2.5,0.5", "5,1", "30,0.8535533905932737", "55,0.5", "80,0.14644660940672627", "105,0",
            "500,0"})
    void valuesWithoutMinimum(double epoch, double share) {
        assertEquals(share * 1.6e-3, new CosineSchedule(1.6e-3, 0, 5, 105).lr(epoch), 1e-18);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "5,1e-3", "55,0.55e-3", "105,1e-4", "1000,1e-4"})
    void valuesWithMinimum(double epoch, double lr) {
        assertEquals(lr, new CosineSchedule(1e-3, 1e-4, 5, 105).lr(epoch), 1e-18);
    }

    @Test
    void withoutWarmUp() {
        assertEquals(1e-3, new CosineSchedule(1e-3, 0, 0, 10).lr(0));
    }

    /// A run that is no longer than its warm-up, or shorter: the warm-up's values, and no division by zero after it.
    @Test
    void runEndsWithItsWarmUp() {
        for (double epochs : new double[] {5, 3}) {
            CosineSchedule schedule = new CosineSchedule(1, 0, 5, epochs);
            assertEquals(0.5, schedule.lr(2.5), 1e-15);
            for (double epoch = 5; epoch < 7; epoch += 0.1) {
                assertTrue(schedule.lr(epoch) >= 0 && schedule.lr(epoch) <= 1, "lr " + schedule.lr(epoch));
            }
        }
    }

    @Test
    void risesThenFalls() {
        CosineSchedule schedule = new CosineSchedule(1, 0.01, 5, 50);
        for (double epoch = 0; epoch < 60; epoch += 0.01) {
            double change = schedule.lr(epoch + 0.01) - schedule.lr(epoch);
            assertTrue(epoch + 0.01 <= 5 ? change > 0 : epoch < 5 || change <= 0,
                    "change " + change + " at epoch " + epoch);
        }
    }
}
