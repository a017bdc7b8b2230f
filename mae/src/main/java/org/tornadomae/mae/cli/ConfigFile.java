package org.tornadomae.mae.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tornadomae.nn.UserException;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// Options from a YAML file: `batch-size: 8` stands for `--batch-size 8`. What is given on the command line wins.
final class ConfigFile {
    private static final String OPTION = "--config";

    private ConfigFile() {}

    /// Looks for `--config FILE` among the arguments and makes the file's values the defaults of the command.
    static void applyTo(CommandLine cli, List<String> args) {
        String file = null;
        for (int i = 0; i < args.size(); i++) {
            if (args.get(i).equals(OPTION) && i + 1 < args.size()) {
                file = args.get(i + 1);
            } else if (args.get(i).startsWith(OPTION + "=")) {
                file = args.get(i).substring(OPTION.length() + 1);
            }
        }
        if (file == null || args.isEmpty() || !cli.getSubcommands().containsKey(args.getFirst())) {
            return;
        }
        CommandLine command = cli.getSubcommands().get(args.getFirst());
        Map<OptionSpec, String> defaults = read(Path.of(file), command);
        command.setDefaultValueProvider(arg -> arg instanceof OptionSpec option ? defaults.get(option) : null);
    }

    private static Map<OptionSpec, String> read(Path file, CommandLine command) {
        JsonNode yaml;
        try {
            yaml = new YAMLMapper().readTree(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new UserException(file + ": no such file", e);
        } catch (JsonProcessingException e) {
            throw new UserException(
                    file + ":" + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()) + ": not YAML: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        } catch (IOException e) {
            throw new UserException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        Map<OptionSpec, String> defaults = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : yaml.properties()) {
            OptionSpec option = command.getCommandSpec().findOption("--" + entry.getKey());
            if (option == null || !entry.getValue().isValueNode()) {
                throw new UserException(file + ": '" + entry.getKey() + "' is no option of " + command.getCommandName()
                        + " (keys are long option names without dashes, e.g. batch-size: 8)");
            }
            defaults.put(option, entry.getValue().asText());
        }
        return defaults;
    }
}
