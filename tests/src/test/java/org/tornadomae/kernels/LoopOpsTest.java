package org.tornadomae.kernels;

class LoopOpsTest extends OpsContract {
    @Override
    public Backend backend() {
        return Backends.open("loop");
    }
}
