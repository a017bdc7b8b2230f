package org.tornadomae.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.tornadomae.mae.model.MaeConfig;

class StepWorkTest {
    @Test
    void stepCountsAsTheLiteratureCounts() {
        assertEquals(267e9, StepWork.flops(MaeConfig.preset("base"), 1, 0.9), 1e9);
        assertEquals(2 * StepWork.flops(MaeConfig.preset("base"), 1, 0.9),
                StepWork.flops(MaeConfig.preset("base"), 2, 0.9), 1);
    }
}
