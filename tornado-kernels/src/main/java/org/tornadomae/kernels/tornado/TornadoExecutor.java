package org.tornadomae.kernels.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.BackendException;
import org.tornadomae.kernels.DeviceOptions;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/// The door to TornadoVM. To be called only in a JVM that was started with TornadoVM's modules.
public final class TornadoExecutor {
    private static final NativeOutput NATIVE_OUTPUT = NativeOutput.open();

    private TornadoExecutor() {}

    /// Opens a device.
    ///
    /// @param choice "tornado" for the first device of the first backend, or "tornado:BACKEND:DEVICE" with two indices
    public static Backend open(String choice, DeviceOptions options) {
        int[] index = indices(choice);
        TornadoRuntime runtime = runtime();
        if (index[0] >= runtime.getNumBackends() || index[1] >= runtime.getBackend(index[0]).getNumDevices()) {
            throw new BackendException("no device '" + choice + "': TornadoVM has " + (available().isEmpty()
                    ? "none; is the vendor's OpenCL or CUDA driver installed?"
                    : String.join(", ", available())));
        }
        TornadoDevice device = runtime.getBackend(index[0]).getDevice(index[1]);
        return new TornadoBackend(device, describe(runtime, index[0], index[1]), options, NATIVE_OUTPUT, isGpu(device));
    }

    private static int[] indices(String choice) {
        String[] parts = choice.split(":", -1);
        try {
            if (parts.length == 1) {
                return new int[2];
            }
            if (parts.length == 3) {
                return new int[] {Integer.parseUnsignedInt(parts[1]), Integer.parseUnsignedInt(parts[2])};
            }
        } catch (NumberFormatException e) {
            throw new BackendException("device '" + choice + "': BACKEND and DEVICE are numbers, e.g. tornado:0:0", e);
        }
        throw new BackendException(
                "device '" + choice + "' must be tornado or tornado:BACKEND:DEVICE, e.g. tornado:0:0");
    }

    /// The devices, a line each.
    public static List<String> available() {
        TornadoRuntime runtime = runtime();
        List<String> lines = new ArrayList<>();
        for (int b = 0; b < runtime.getNumBackends(); b++) {
            for (int d = 0; d < runtime.getBackend(b).getNumDevices(); d++) {
                lines.add(describe(runtime, b, d));
            }
        }
        return lines;
    }

    /// The first GPU, as [#open] takes it.
    ///
    /// @throws BackendException when TornadoVM finds no device at all
    public static Optional<String> firstGpu() {
        TornadoRuntime runtime = runtime();
        for (int b = 0; b < runtime.getNumBackends(); b++) {
            for (int d = 0; d < runtime.getBackend(b).getNumDevices(); d++) {
                if (isGpu(runtime.getBackend(b).getDevice(d))) {
                    return Optional.of("tornado:" + b + ":" + d);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isGpu(TornadoDevice device) {
        return device.getDeviceType() == TornadoDeviceType.GPU;
    }

    private static String describe(TornadoRuntime runtime, int b, int d) {
        TornadoDevice device = runtime.getBackend(b).getDevice(d);
        return "tornado:%d:%d (%s, %s, %.1f GB)".formatted(b, d, runtime.getBackendType(b),
                device.getPhysicalDevice().getDeviceName(), device.getMaxGlobalMemory() / 1e9);
    }

    /// TornadoVM with the properties that it reads once, when its classes are loaded.
    private static TornadoRuntime runtime() {
        System.setProperty("tornado.recover.bailout", "False"); // a kernel that cannot be compiled must not run as Java
        System.setProperty("tornado.tvm.maxbytecodesize", "262144"); // per task graph; the default holds about 35 tasks
        System.setProperty("tornado.max.events", "256"); // event lists are cleared at each launch and not used here
        System.setProperty("tornado.device.memory", "1024GB"); // default 4 GB; MemoryPlan knows the device's own limit
        try {
            NATIVE_OUTPUT.watch(TornadoRuntimeProvider::getTornadoRuntime);
            return TornadoRuntimeProvider.getTornadoRuntime();
        } catch (RuntimeException | Error e) {
            throw TornadoFailure.of("finds no device: install the vendor's OpenCL or CUDA driver", e);
        }
    }
}
