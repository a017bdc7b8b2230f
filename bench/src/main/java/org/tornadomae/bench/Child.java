package org.tornadomae.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tornadomae.bench.report.Json;
import org.tornadomae.mae.cli.MaeCli;
import org.tornadomae.nn.UserException;

/// A process that measures: what is compared must not share a heap, a compiler or a peak of memory.
final class Child {
    private Child() {}

    /// Runs `bin/mae` once more, as this process was started.
    ///
    /// @param args of the command line, `bench` included
    /// @param type of the JSON that it prints in its last line
    static <T> T mae(List<String> args, Class<T> type) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command()
                .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MaeCli.class.getName()));
        command.addAll(args);
        return run(command, Map.of(), "", type);
    }

    /// Runs a command and reads the last line of its output as JSON.
    static <T> T run(List<String> command, Map<String, String> environment, String input, Class<T> type) {
        String line = run(command, environment, input);
        try {
            return Json.read(line, type);
        } catch (JsonProcessingException e) {
            throw new UserException(
                    Path.of(command.getFirst()).getFileName() + " should print JSON and printed: " + line, e);
        }
    }

    /// Runs a command and returns the last line of its output.
    ///
    /// @param environment variables to add
    /// @param input       what it reads
    /// @throws UserException when it fails, with the last line of its complaints
    static String run(List<String> command, Map<String, String> environment, String input) {
        try {
            Path errors = Files.createTempFile("mae-bench", ".err");
            try {
                return run(command, environment, input, errors.toFile());
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UserException(command.getFirst() + ": cannot be run (" + e.getMessage() + ")", e);
        }
    }

    private static String run(List<String> command, Map<String, String> environment, String input, File errors)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors);
        builder.environment().putAll(environment);
        Process process = builder.start();
        Thread stop = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(stop);
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            hand(process, input);
            String last = out.lines().reduce("", (_, line) -> line);
            int code = process.waitFor();
            if (code != 0) {
                throw new UserException(Path.of(command.getFirst()).getFileName() + " failed with exit code " + code
                        + ": " + lastLine(errors));
            }
            return last;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("interrupted", e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            process.destroy();
            Runtime.getRuntime().removeShutdownHook(stop);
        }
    }

    private static void hand(Process process, String input) {
        try (Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write(input);
        } catch (IOException _) {
            // it ended without reading: its exit code and last words say why
        }
    }

    private static String lastLine(File errors) throws IOException {
        return Files.readString(errors.toPath()).strip().lines().reduce("it said nothing", (_, line) -> line);
    }
}
