package org.tornadomae.kernels;

import org.junit.jupiter.api.condition.EnabledIf;
import org.tornadomae.kernels.tornado.TornadoExecutor;

/// The contract on TornadoVM's first device; each case compiles its own kernels, so this takes minutes.
@EnabledIf(value = "org.tornadomae.kernels.TornadoJvm#started", disabledReason = TornadoJvm.REASON)
class TornadoOpsTest extends OpsContract {
    private static final Backend BACKEND =
            TornadoJvm.started() ? TornadoExecutor.open("tornado", TornadoJvm.UNCHECKED) : null;

    @Override
    public Backend backend() {
        return BACKEND;
    }
}
