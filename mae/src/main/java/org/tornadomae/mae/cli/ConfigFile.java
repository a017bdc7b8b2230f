package org.tornadomae.mae.cli;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tornadomae.nn.UserException;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// Options from a YAML file: `batch-size: 8` stands for `--batch-size 8`, `no-cls-token: true` for `--no-cls-token`.
/// What is given on the command line wins. Values are taken as they are written, so that a number means what it means
/// on the command line.
final class ConfigFile {
    private static final long MAX_BYTES = 1 << 20;
    private static final String NEGATION = "no-";

    private ConfigFile() {}

    /// Makes the values of `--config FILE`, and those that a run to be resumed was started with ([RunOptions]), the
    /// defaults of the command.
    static void applyTo(CommandLine cli, List<String> args) {
        if (args.isEmpty() || !cli.getSubcommands().containsKey(args.getFirst())) {
            return;
        }
        CommandLine command = cli.getSubcommands().get(args.getFirst());
        Map<OptionSpec, String> config = new HashMap<>();
        if (command.getCommandSpec().findOption("--config") != null) {
            value(args, "--config").ifPresent(file -> config.putAll(read(Path.of(file), command)));
        }
        Map<OptionSpec, String> defaults = RunOptions.earlier(command, args, config);
        defaults.putAll(config);
        command.setDefaultValueProvider(arg -> arg instanceof OptionSpec option ? defaults.get(option) : null);
    }

    /// The last value given to an option.
    static Optional<String> value(List<String> args, String option) {
        String value = null;
        for (int i = 0; i < args.size(); i++) {
            if (args.get(i).equals(option) && i + 1 < args.size()) {
                value = args.get(i + 1);
            } else if (args.get(i).startsWith(option + "=")) {
                value = args.get(i).substring(option.length() + 1);
            }
        }
        return Optional.ofNullable(value);
    }

    /// Reads a file of options of this command.
    ///
    /// @throws UserException with the line of what is wrong
    static Map<OptionSpec, String> read(Path file, CommandLine command) {
        Map<OptionSpec, String> options = new HashMap<>();
        Node root = parse(file);
        if (root == null) {
            return options;
        }
        if (!(root instanceof MappingNode mapping)) {
            throw wrong(file, root, "must be lines like 'batch-size: 8'");
        }
        for (NodeTuple entry : mapping.getValue()) {
            String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            OptionSpec option = command.getCommandSpec().findOption("--" + key);
            boolean negated = option == null && key.startsWith(NEGATION);
            if (negated) {
                option = command.getCommandSpec().findOption("--" + key.substring(NEGATION.length()));
                negated = option != null && option.negatable();
            }
            if (option == null || option.usageHelp() || option.versionHelp() || key.startsWith(NEGATION) && !negated) {
                throw wrong(file, entry.getKeyNode(), "'" + shorten(key) + "' is no option of "
                        + command.getCommandName()
                        + " (keys are long option names without dashes, e.g. batch-size: 8)");
            }
            if (options.put(option, value(file, key, entry.getValueNode(), negated)) != null) {
                throw wrong(file, entry.getKeyNode(), "'" + key + "' is given twice");
            }
        }
        return options;
    }

    private static String value(Path file, String key, Node node, boolean negated) {
        if (!(node instanceof ScalarNode scalar)) {
            throw wrong(file, node, "'" + key + "' takes one value");
        }
        String value = scalar.getValue();
        boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
        if (plain && scalar.getTag().equals(Tag.NULL) || value.isBlank()) {
            throw wrong(file, node, "'" + key + "' has no value: give one or leave the line out");
        }
        if (!negated) {
            return value;
        }
        return switch (value) {
            case "true" -> "false";
            case "false" -> "true";
            default -> throw wrong(file, node, "'" + key + "' is true or false, not '" + shorten(value) + "'");
        };
    }

    /// @return null for a file without any content
    private static Node parse(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new UserException(file + ": is larger than 1 MiB, so it is no file of options");
            }
            return new Yaml(new LoaderOptions()).compose(new StringReader(Files.readString(file)));
        } catch (NoSuchFileException e) {
            throw new UserException(file + ": no such file", e);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new UserException(file + ":" + line + ": not one YAML document: " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new UserException(file + ": not YAML: " + String.valueOf(e.getMessage()).lines().findFirst()
                    .orElse(""), e);
        } catch (IOException e) {
            throw new UserException(file + ": cannot be read as UTF-8 text (" + e.getMessage() + ")", e);
        }
    }

    private static UserException wrong(Path file, Node node, String what) {
        return new UserException(file + ":" + (node.getStartMark().getLine() + 1) + ": " + what);
    }

    private static String shorten(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\u2028\u2029]", "?");
        return line.length() > 60 ? line.substring(0, 60) + "..." : line;
    }
}
