package org.tornadomae.mae.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.tornadomae.nn.UserException;

/// `metrics.jsonl`: one JSON object per optimizer step.
public final class MetricsLog implements RunListener {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    public MetricsLog(Path file) {
        this.file = file;
    }

    /// Drops the lines of steps that this run will do again.
    @Override
    public void start(Start run) {
        if (!Files.exists(file)) {
            return;
        }
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (Stream<String> lines = Files.lines(file)) {
            List<String> kept = lines.filter(line -> stepOf(line) <= run.stepsDone()).toList();
            Files.write(temporary, kept);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | UncheckedIOException e) {
            throw new UserException(file + ": cannot be rewritten (" + e.getMessage() + ")", e);
        }
    }

    /// A line that a killed run left unfinished counts as not written.
    private static long stepOf(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            return node.path("step").asLong(Long.MAX_VALUE);
        } catch (JsonProcessingException e) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public void step(Metrics metrics) {
        try {
            byte[] line = (JSON.writeValueAsString(metrics) + "\n").getBytes(StandardCharsets.UTF_8);
            Files.write(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UserException(file + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
