package org.tornadomae.mae.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.kernels.Ops;

/// The official classifiers' sizes: parameters in millions and multiply-adds of a view in billions, as PySlowFast's
/// table has them (87 / 304 / 632 and 180 / 598 / 1193), for K400's 400 classes and patches of 16 for all three.
class ClassifierSizeTest {
    private static ClassifierConfig config(String preset) {
        return new ClassifierConfig(new ClipGeometry(16, 224, 2, 16), MaeConfig.preset(preset).encoder(), true, 400,
                ClassifierConfig.Drop.NONE, false);
    }

    /// B's positions, norms and 400 classes: 86.7; L 304.5; H 632.4.
    @ParameterizedTest
    @CsvSource({"base, 86.7, 180.5", "large, 304.5, 597.3", "huge, 632.4, 1191.9"})
    void sizesAreTheOfficialOnes(String preset, double millions, double billions) {
        ClassifierConfig config = config(preset);
        assertEquals(1568, config.grid().tokens());
        assertEquals(millions, Classifier.declare(config).params().layout().size() / 1e6, 0.05);
        assertEquals(billions, multiplyAdds(config) / 1e9, 0.05);
    }

    /// Counted from the operations that a forward pass emits: products of matrices, and attention's two.
    private static long multiplyAdds(ClassifierConfig config) {
        AtomicLong sum = new AtomicLong();
        Ops counting = (Ops) Proxy.newProxyInstance(Ops.class.getClassLoader(), new Class<?>[] {Ops.class},
                (_, method, args) -> {
                    switch (method.getName()) {
                        case "matmul" -> sum.addAndGet((long) (int) args[4] * (int) args[5] * (int) args[6]);
                        case "attention" -> sum.addAndGet(attention((AttentionShape) args[3]));
                        case "forEachLayer" -> {
                            for (int layer = 0; layer < (int) args[0]; layer++) {
                                ((Runnable) args[2]).run();
                            }
                        }
                        default -> {} // no products
                    }
                    return null;
                });
        Classifier.declare(config).forward().body().accept(counting);
        return sum.get();
    }

    private static long attention(AttentionShape shape) {
        return 2L * shape.batch() * shape.tokens() * shape.tokens() * shape.heads() * shape.headSize();
    }
}
