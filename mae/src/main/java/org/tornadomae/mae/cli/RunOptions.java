package org.tornadomae.mae.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tornadomae.mae.train.RunListener;
import org.tornadomae.nn.UserException;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// `options.yaml` in a run's folder: what the run was started with, in the form of a [ConfigFile]. A resumed run takes
/// from it what it is not told, so that `--resume FOLDER` is enough.
final class RunOptions implements RunListener {
    private static final String FILE = "options.yaml";
    /// Where and how a start runs, not what.
    private static final Set<String> OF_ONE_START = Set.of("--out", "--resume", "--config", "--device", "--threads",
            "--vector-bits", "--self-check", "--profile", "--workers", "--prefetch", "--decoder");
    private static final Set<String> PATHS = Set.of("--manifest", "--index-dir");
    private static final String DATA = "--data";

    private final Path folder;
    private final Map<String, String> options = new TreeMap<>();

    /// @param command parsed, its values set
    RunOptions(Path folder, CommandLine command) {
        this.folder = folder;
        for (OptionSpec option : command.getCommandSpec().options()) {
            String name = option.longestName();
            if (!OF_ONE_START.contains(name) && MaeCli.given(command, option)) {
                options.put(name.substring(2), text(name, option.getValue().toString()));
            }
        }
    }

    /// Paths hold wherever the run is resumed from.
    private static String text(String name, String value) {
        if (PATHS.contains(name)) {
            return absolute(value);
        }
        return name.equals(DATA)
                ? Arrays.stream(value.split(",")).map(RunOptions::absolute).collect(Collectors.joining(","))
                : value;
    }

    private static String absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize().toString();
    }

    /// Beside the first checkpoint, so that a start that failed leaves nothing.
    @Override
    public void checkpoint(long step, Path file) {
        DumperOptions block = new DumperOptions();
        block.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        Path temporary = folder.resolve(FILE + ".tmp");
        try {
            Files.writeString(temporary, new Yaml(block).dump(options));
            Files.move(temporary, folder.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UserException(folder.resolve(FILE) + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /// What the run to be resumed was started with. `--resume FOLDER` also stands for `--out FOLDER`.
    ///
    /// @param config options from a file
    static Map<OptionSpec, String> earlier(CommandLine command, List<String> args, Map<OptionSpec, String> config) {
        Map<OptionSpec, String> options = new HashMap<>();
        OptionSpec out = command.getCommandSpec().findOption("--out");
        OptionSpec resume = command.getCommandSpec().findOption("--resume");
        if (out == null || resume == null) {
            return options;
        }
        try {
            String folder = ConfigFile.value(args, "--out").orElse(config.get(out));
            String from = ConfigFile.value(args, "--resume").orElse(config.getOrDefault(resume, "auto"));
            boolean named = !from.equals("auto") && !from.equals("never");
            Path start = named ? Path.of(from) : folder == null ? null : Path.of(folder);
            if (start == null || from.equals("never")) {
                return options;
            }
            Path run = Files.isDirectory(start) ? start : start.toAbsolutePath().getParent();
            if (Files.isDirectory(start) && Files.isRegularFile(start.resolve(FILE))
                    || named && Files.isRegularFile(run.resolve(FILE))) {
                options.putAll(ConfigFile.read(run.resolve(FILE), command));
            }
            if (named && folder == null && Files.isDirectory(start)) {
                options.put(out, from);
            }
        } catch (InvalidPathException e) {
            throw new UserException("'" + e.getInput() + "' is no path (" + e.getReason() + ")", e);
        }
        return options;
    }
}
