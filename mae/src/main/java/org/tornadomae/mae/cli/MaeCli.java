package org.tornadomae.mae.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.tornadomae.kernels.BackendException;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.clip.BatchSizeException;
import org.tornadomae.video.codec.DecoderStartException;
import org.tornadomae.video.source.IndexFolderException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/// Entry point of `bin/mae`.
///
/// Exit codes: 0 done, 1 the command failed or a check did not pass, 2 wrong usage, 130 or 143 stopped by Ctrl-C or
/// SIGTERM.
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
    private CommandSpec spec;

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
            err.println("mae: " + firstLine(e) + meant(e) + " (try: "
                    + "" + e.getCommandLine().getCommandSpec().qualifiedName()
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

    /// What a mistyped word may have been.
    private static String meant(ParameterException e) {
        List<String> similar =
                e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return similar.isEmpty()
                ? ""
                : "; did you mean " + String.join(" or ", similar.subList(0, Math.min(2, similar.size()))) + "?";
    }

    /// Turns options into what they describe: a wrong value is wrong usage.
    static <T> T values(CommandSpec spec, Supplier<T> options) {
        try {
            return options.get();
        } catch (UserException | VideoException e) {
            throw new ParameterException(spec.commandLine(), firstLine(e) + flag(e), e);
        }
    }

    /// Refuses an empty name, which would be the working folder.
    static void requireName(CommandSpec spec, String option, String value) {
        if (value.isBlank()) {
            throw new ParameterException(spec.commandLine(), option + " must not be empty");
        }
    }

    /// Whether an option is on the command line, or in the file of --config.
    public static boolean given(CommandLine command, OptionSpec option) {
        try {
            return command.getParseResult().hasMatchedOption(option) || command.getDefaultValueProvider() != null
                    && command.getDefaultValueProvider().defaultValue(option) != null;
        } catch (Exception e) { // as the interface declares; ours throws none
            throw new IllegalStateException(e);
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
