package org.tornadomae.kernels;

/// Whether this JVM can run tests on TornadoVM.
public final class TornadoJvm {
    /// Why tests are skipped when it cannot.
    public static final String REASON =
            "this JVM was not started with TornadoVM; set TORNADOVM_HOME (setup-tornado.sh says to what) and run the "
                    + "tests again";
    /// Without the self-check: what it compares is what the tests compare.
    public static final DeviceOptions UNCHECKED = new DeviceOptions(0, false, false, line -> {});

    private TornadoJvm() {}

    public static boolean started() {
        return ModuleLayer.boot().findModule("tornado.runtime").isPresent();
    }
}
