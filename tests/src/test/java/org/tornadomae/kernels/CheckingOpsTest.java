package org.tornadomae.kernels;

import org.tornadomae.kernels.loop.LoopExecutor;

/// The checking executor computes what the plain loops do and finds no fault where there is none.
class CheckingOpsTest extends OpsContract {
    private static final Backend BACKEND = LoopExecutor.checking();

    @Override
    public Backend backend() {
        return BACKEND;
    }
}
