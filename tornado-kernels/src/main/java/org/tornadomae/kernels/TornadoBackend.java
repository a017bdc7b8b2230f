package org.tornadomae.kernels;

import java.util.List;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/// Runs programs on a device through TornadoVM. Loaded only in a JVM that was started with TornadoVM's modules.
record TornadoBackend(TornadoDevice tornadoDevice, String device) implements Backend {

    /// @param choice "tornado" for TornadoVM's default device, or "tornado:BACKEND:DEVICE" with two indices
    static TornadoBackend open(String choice) {
        setProperties();
        TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
        int backend = 0;
        int number = 0;
        if (!choice.equals("tornado")) {
            String[] parts = choice.split(":");
            backend = Integer.parseInt(parts[1]);
            number = Integer.parseInt(parts[2]);
        }
        var driver = runtime.getBackend(backend);
        TornadoDevice device = driver.getDevice(number);
        return new TornadoBackend(device, "tornado:%d:%d (%s, %s)".formatted(backend, number, driver.getName(),
                device.getPhysicalDevice().getDeviceName()));
    }

    /// TornadoVM reads these once, when its classes are loaded.
    private static void setProperties() {
        System.setProperty("tornado.recover.bailout", "False"); // a kernel that cannot be compiled must not run as Java
        System.setProperty("tornado.tvm.maxbytecodesize", "262144"); // per task graph; the default holds about 35 tasks
        System.setProperty("tornado.max.events", "256"); // event lists are cleared at each launch and are not used here
        System.setProperty("tornado.device.memory", "1024GB"); // the default is 4 GB; the plan compares with the device
    }

    @Override
    public Plan compile(List<Object> state, List<Program> programs) {
        return new TornadoPlan(tornadoDevice, state, programs);
    }
}
