package org.tornadomae.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Options of `mae bench step` by their long names, for running it in a process of its own.
record StepArguments(Map<String, String> options) {

    /// Those options of a command line that `step` has too.
    static StepArguments of(CommandSpec spec) {
        CommandSpec step = new CommandLine(new StepCommand()).getCommandSpec();
        Map<String, String> options = new LinkedHashMap<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (step.findOption(option.longestName()) != null && !option.longestName().equals("--json")) {
                options.put(option.longestName(), String.valueOf(option.<Object>getValue()));
            }
        }
        return new StepArguments(options);
    }

    /// The same with one option changed.
    StepArguments with(String option, Object value) {
        Map<String, String> changed = new LinkedHashMap<>(options);
        changed.put(option, value.toString());
        return new StepArguments(changed);
    }

    /// Measures the step in a process of its own.
    StepResult run() {
        List<String> args = new ArrayList<>(List.of("bench", "step", "--json"));
        options.forEach((option, value) -> args.add(option + "=" + value));
        return Child.mae(args, StepResult.class);
    }
}
