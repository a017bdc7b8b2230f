package org.tornadomae.kernels;

import org.junit.jupiter.api.condition.EnabledIf;
import org.tornadomae.kernels.tornado.TiledDevice;

/// The matrix products and the attention for GPUs, on whatever device there is.
@EnabledIf(value = "org.tornadomae.kernels.TornadoJvm#started", disabledReason = TornadoJvm.REASON)
class TornadoTiledTest implements MatmulContract, AttentionContract {
    private static final Backend BACKEND = TornadoJvm.started() ? TiledDevice.open() : null;

    @Override
    public Backend backend() {
        return BACKEND;
    }
}
