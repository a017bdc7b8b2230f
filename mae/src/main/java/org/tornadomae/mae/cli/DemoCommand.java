package org.tornadomae.mae.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `mae demo`
@Command(name = "demo", description = "Train a small model for about two minutes on clips that it makes itself, and show what it reconstructs.",
        footer = {"", "Example:", "  mae demo"})
final class DemoCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
