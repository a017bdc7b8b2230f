package org.tornadomae.mae.train;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.Checkpoints;

/// The folder of a run: `checkpoint-STEP.safetensors`, the last few, and `metrics.jsonl` ([MetricsLog]).
public final class RunFolder {
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d+)\\.safetensors");
    private static final String METRICS = "metrics.jsonl";

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
            throw new UserException(
                    folder + ": cannot be written (" + e.getClass().getSimpleName() + "): choose another folder", e);
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

    /// Where the checkpoint of a step is, or will be.
    Path checkpoint(long step) {
        return folder.resolve(String.format(Locale.ROOT, "checkpoint-%08d.safetensors", step));
    }

    /// Saves a checkpoint, then deletes the oldest ones past `keepLast`.
    void save(Params params, SavedRun<?> run, int keepLast) {
        Checkpoints.save(checkpoint(run.at().step()), params, run.toMetadata());
        List<Path> all = checkpoints();
        for (Path old : all.subList(0, Math.max(0, all.size() - keepLast))) {
            try {
                Files.deleteIfExists(old);
            } catch (IOException e) {
                throw new UserException(old + ": this old checkpoint cannot be deleted (" + e.getMessage() + ")", e);
            }
        }
    }
}
