package org.tornadomae.bench;

import org.tornadomae.mae.cli.MaeCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// `mae bench`
@Command(name = "bench",
        description = "Measure: every operation, the whole step, its scaling, PyTorch beside it, and the loading of "
                + "clips.",
        subcommands = {OpsCommand.class, StepCommand.class, ScalingCommand.class, PeersCommand.class,
                SgemmCommand.class,
                LoaderCommand.class, AllReduceCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example:", "  mae bench step --preset base --batch-size 2 --device cpu"})
public final class BenchCommand implements MaeCommand {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "which benchmark? step is a good start");
    }
}
