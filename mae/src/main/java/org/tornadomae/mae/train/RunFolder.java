package org.tornadomae.mae.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.Checkpoints;

/// The folder of a run: `checkpoint-STEP.safetensors`, the last few, and `metrics.jsonl`, one object per step.
public final class RunFolder {
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d+)\\.safetensors");
    private static final String METRICS = "metrics.jsonl";
    private static final ObjectMapper JSON = new ObjectMapper();

    /// One line of `metrics.jsonl`; `data_wait` is the share of the step's time spent waiting for clips.
    public record Metrics(long step, double epoch, double loss, double lr, @JsonProperty("grad_norm") double gradNorm,
            @JsonProperty("clips_per_second") double clipsPerSecond, @JsonProperty("data_wait") double dataWait, String device) {
    }

    private final Path folder;

    private RunFolder(Path folder) {
        this.folder = folder;
    }

    /// Opens or creates the folder and makes sure that it can be written.
    public static RunFolder open(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".writable", null));
        } catch (FileAlreadyExistsException e) {
            throw new UserException(folder + ": is a file, a run needs a folder", e);
        } catch (IOException e) {
            throw new UserException(folder + ": cannot be written (" + e.getClass().getSimpleName() + "): choose another folder", e);
        }
        return new RunFolder(folder);
    }

    public Path path() {
        return folder;
    }

    public Path metricsFile() {
        return folder.resolve(METRICS);
    }

    /// The checkpoint of the latest step, if there is one.
    public Optional<Path> latest() {
        List<Path> all = checkpoints();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    private List<Path> checkpoints() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> NAME.matcher(f.getFileName().toString()).matches())
                    .sorted((a, b) -> Long.compare(step(a), step(b))).toList();
        } catch (IOException e) {
            throw new UserException(folder + ": cannot be listed (" + e.getMessage() + ")", e);
        }
    }

    private static long step(Path checkpoint) {
        Matcher matcher = NAME.matcher(checkpoint.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /// Saves a checkpoint, then deletes the oldest ones past `keepLast`.
    public Path save(Params params, SavedRun run, int keepLast) {
        Path file = folder.resolve(String.format(Locale.ROOT, "checkpoint-%08d.safetensors", run.at().step()));
        Checkpoints.save(file, params, run.toMetadata());
        List<Path> all = checkpoints();
        for (Path old : all.subList(0, Math.max(0, all.size() - keepLast))) {
            try {
                Files.deleteIfExists(old);
            } catch (IOException e) {
                throw new UserException(old + ": this old checkpoint cannot be deleted (" + e.getMessage() + ")", e);
            }
        }
        return file;
    }

    /// Drops the lines of steps after `step`, which a resumed run will do again.
    void rewindMetrics(long step) {
        Path file = metricsFile();
        if (!Files.exists(file)) {
            return;
        }
        Path temporary = folder.resolve(METRICS + ".tmp");
        try (Stream<String> lines = Files.lines(file)) {
            List<String> kept = new ArrayList<>();
            lines.filter(line -> stepOf(line) <= step).forEach(kept::add);
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

    void append(Metrics metrics) {
        try {
            byte[] line = (JSON.writeValueAsString(metrics) + "\n").getBytes(StandardCharsets.UTF_8);
            Files.write(metricsFile(), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UserException(metricsFile() + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
