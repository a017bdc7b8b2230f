package org.tornadomae.kernels;

class VectorOpsTest extends OpsContract {
    @Override
    public Backend backend() {
        return Backends.open("cpu");
    }
}
