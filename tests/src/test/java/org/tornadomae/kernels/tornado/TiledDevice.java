package org.tornadomae.kernels.tornado;

import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.TornadoJvm;

/// The kernels for GPUs on whatever device there is.
public final class TiledDevice {
    private TiledDevice() {}

    public static Backend open() {
        return ((TornadoBackend) TornadoExecutor.open("tornado", TornadoJvm.UNCHECKED)).withTiled(true);
    }
}
