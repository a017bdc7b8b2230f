package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.ServiceLoader;
import org.tornadomae.kernels.BackendException;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.clip.BatchSizeException;
import org.tornadomae.video.codec.DecoderStartException;
import org.tornadomae.video.source.IndexFolderException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/// Entry point of `bin/mae`.
///
/// Exit codes: 0 done, 1 the command failed or a check did not pass, 2 wrong usage.
@Command(name = "mae", mixinStandardHelpOptions = true, version = "tornado-mae 0.1.0", scope = ScopeType.INHERIT,
        description = "Masked autoencoders for video in pure Java: pre-train, look at reconstructions, check the "
                + "numbers.",
        subcommands = {DemoCommand.class, PretrainCommand.class, ReconstructCommand.class, VerifyCommand.class,
                InfoCommand.class,
                ImportCommand.class, ExportCommand.class, DevicesCommand.class, DoctorCommand.class,
                SynthesizeCommand.class},
        synopsisSubcommandLabel = "COMMAND", usageHelpAutoWidth = true)
public final class MaeCli implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? demo is a good start");
    }

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /// Runs a command line and returns its exit code.
    public static int execute(String... args) {
        CommandLine cli = new CommandLine(new MaeCli());
        ServiceLoader.load(MaeCommand.class).forEach(cli::addSubcommand);
        cli.setCaseInsensitiveEnumValuesAllowed(true);
        cli.setParameterExceptionHandler((e, _) -> {
            PrintWriter err = e.getCommandLine().getErr();
            err.println("mae: " + firstLine(e) + " (try: " + e.getCommandLine().getCommandSpec().qualifiedName()
                    + " --help)");
            return CommandLine.ExitCode.USAGE;
        });
        cli.setExecutionExceptionHandler((e, commandLine, _) -> {
            switch (e) {
                case UserException _,VideoException _,BackendException _ ->
                    commandLine.getErr().println("mae: " + firstLine(e) + flag(e));
                default -> throw e;
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        try {
            ConfigFile.applyTo(cli, List.of(args));
            return cli.execute(args);
        } catch (UserException e) {
            cli.getErr().println("mae: " + firstLine(e));
            return CommandLine.ExitCode.USAGE;
        } catch (OutOfMemoryError e) {
            cli.getErr().println("mae: out of memory (" + firstLine(e)
                    + "): lower --batch-size or --input-size, or give Java more with MAE_JAVA_OPTS=-Xmx16g");
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /// The flag that a message of the video module, which knows of none, is about.
    private static String flag(Throwable e) {
        return switch (e) {
            case BatchSizeException _ -> " (--batch-size)";
            case IndexFolderException _ -> " (--index-dir)";
            case DecoderStartException _ -> " (--workers, --decoder thread)";
            default -> "";
        };
    }

    private static String firstLine(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage().lines().findFirst().orElse(e.toString());
    }
}
