package org.tornadomae.mae.cli;

import java.util.concurrent.Callable;
import org.tornadomae.kernels.open.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `mae devices`
@Command(name = "devices",
        description = "List what --device can be on this machine.", footer = {"", "Example:", "  mae devices"})
final class DevicesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Backends.available().forEach(spec.commandLine().getOut()::println);
        return 0;
    }
}
