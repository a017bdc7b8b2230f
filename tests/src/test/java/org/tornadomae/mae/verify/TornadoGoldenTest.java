package org.tornadomae.mae.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.kernels.DeviceOptions;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.TornadoJvm;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.mae.model.TestConfig;
import org.tornadomae.nn.file.SafeTensors;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Whole models on TornadoVM's first device: the official numbers, and that depth costs no compilation.
@EnabledIf(value = "org.tornadomae.kernels.TornadoJvm#started", disabledReason = TornadoJvm.REASON)
class TornadoGoldenTest {
    /// The project's promise (docs/spec.md, Reference numbers).
    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @ValueSource(strings = {"mae-joint-nocls-pixels", "mae-sep-cls-normpix", "finetune/ft-sep-cls-hard",
            "finetune/ft-sep-cls-droppath", "finetune/ft-joint-nocls-soft", "finetune/psf-sep-cls-fused",
            "finetune/psf-joint-nocls", "finetune/psf-mae"})
    void matchesTheOfficialCode(String name) {
        List<String> log = new ArrayList<>();
        try (SafeTensors dump = SafeTensors.open(Path.of("src/test/resources/golden", name + ".safetensors"))) {
            List<ReferenceCheck.Line> lines =
                    ReferenceCheck.run(dump, Backends.open("tornado", new DeviceOptions(0, true, false, log::add)));
            lines.forEach(line -> assertTrue(line.ok(TOLERANCE), line.toString()));
        }
        assertTrue(log.stream().anyMatch(line -> line.startsWith("self-check")), log.toString());
    }

    private static int compiled(int depth) {
        TestConfig c = new TestConfig();
        c.depth = depth;
        MaskedAutoencoder model =
                MaskedAutoencoder.forTraining(c.build(), new MaskedAutoencoder.BatchShape(1, 2, false, 1));
        try (Plan plan = Backends.open("tornado", TornadoJvm.UNCHECKED).compile(List.of(model.step()))) {
            return plan.compiledKernels();
        }
    }

    @Test
    void depthCostsNoCompilation() {
        assertEquals(compiled(2), compiled(24));
    }
}
