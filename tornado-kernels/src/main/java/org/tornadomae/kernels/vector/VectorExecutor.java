package org.tornadomae.kernels.vector;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.BackendException;
import org.tornadomae.kernels.HostBackend;

/// The door to the fast CPU executor: the Vector API on several threads.
///
/// Everything computed is the same, to the bit, for any number of threads. It depends on [#bits] where a sum runs over
/// the lanes of a vector.
public final class VectorExecutor {
    private static final String MODULE = "jdk.incubator.vector";

    private VectorExecutor() {}

    /// What keeps this executor from running in this JVM and what to do about it, in one line; empty when nothing does.
    public static Optional<String> obstacle() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return Optional.of("it needs the Vector API: start java with --add-modules=" + MODULE);
        }
        if (!multipliesAndAdds()) {
            return Optional.of("it needs fused multiply-add, which this processor lacks or this JVM was told "
                    + "not to use (-XX:-UseFMA): a step would take minutes; use another device");
        }
        return Optional.empty();
    }

    /// Whether multiply-add is one instruction. Where it is not, Java computes each one with `BigDecimal`, to the same
    /// bits and some thousand times slower.
    private static boolean multipliesAndAdds() {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return machine == null || Boolean.parseBoolean(machine.getVMOption("UseFMA").getValue());
    }

    /// Bits of a vector on this machine. Only where there is no [#obstacle].
    public static int bits() {
        return VectorTile.LANES * Float.SIZE;
    }

    /// Starts the executor; [Backend#close] ends its threads.
    ///
    /// @param threads that compute, the caller's among them; at least 1
    /// @throws BackendException when there is an [#obstacle]
    public static Backend open(int threads) {
        obstacle().ifPresent(reason -> {
            throw new BackendException("device cpu cannot run here: " + reason);
        });
        VectorWorkers workers = new VectorWorkers(threads);
        String device = "cpu (Vector API, " + bits() + " bits, " + threads + (threads == 1 ? " thread)" : " threads)");
        return new HostBackend(device, threads, new VectorOps(workers), workers::close);
    }
}
