package org.tornadomae.kernels;

import org.junit.jupiter.api.AfterAll;
import org.tornadomae.kernels.vector.VectorExecutor;

class VectorOpsTest extends OpsContract {
    private static final Backend BACKEND = VectorExecutor.open(Runtime.getRuntime().availableProcessors());

    @Override
    public Backend backend() {
        return BACKEND;
    }

    @AfterAll
    static void close() {
        BACKEND.close();
    }
}
