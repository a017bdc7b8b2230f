package org.tornadomae.kernels.tornado;

import java.util.List;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.DeviceOptions;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import uk.ac.manchester.tornado.api.common.TornadoDevice;

/// Runs programs on a device through TornadoVM.
///
/// @param nativeOutput watches what native code prints
/// @param tiled        use the kernels for GPUs
record TornadoBackend(TornadoDevice tornadoDevice, String device, DeviceOptions options, NativeOutput nativeOutput,
        boolean tiled)
        implements Backend {

    /// The same with the kernels for GPUs or without them.
    TornadoBackend withTiled(boolean wanted) {
        return new TornadoBackend(tornadoDevice, device, options, nativeOutput, wanted);
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public Plan compile(List<Program> programs) {
        Recorded recorded = Recorded.of(programs, tiled, Placement.IN_PLACE);
        MemoryPlan memory = recorded.memory();
        options.log().accept(memory.toString());
        memory.check(tornadoDevice.getMaxGlobalMemory(), tornadoDevice.getMaxAllocMemory());
        if (options.selfCheck()) {
            SelfCheck.run(this, Recorded.of(programs, tiled, new CompactPlacement()).launches());
        }
        return new TornadoPlan(this, recorded);
    }

    @Override
    public void close() {
        // the device is TornadoVM's, and plans release what they hold of it
    }
}
