package org.tornadomae.kernels;

import org.tornadomae.kernels.loop.LoopExecutor;

class LoopOpsTest extends OpsContract {
    private static final Backend BACKEND = LoopExecutor.open();

    @Override
    public Backend backend() {
        return BACKEND;
    }
}
