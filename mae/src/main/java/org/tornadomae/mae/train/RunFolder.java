package org.tornadomae.mae.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.Checkpoints;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.nn.file.TensorFiles;

/// The folder of a run: `checkpoint-STEP.safetensors`, the last few, and `metrics.jsonl` ([MetricsLog]).
public final class RunFolder {
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,18})\\.safetensors");
    private static final Pattern LEFT_OVER =
            Pattern.compile("(checkpoint-\\d+\\.safetensors|metrics\\.jsonl|options\\.yaml)\\.tmp|\\.writable.*\\.tmp");
    private static final String METRICS = "metrics.jsonl";
    private static final String LOCK = ".lock";
    private static final String DAMAGED = ".damaged";
    /// The newest checkpoint, and the one before while no step has shown what the newest is worth.
    private static final int UNPROVEN = 2;

    private final Path folder;

    /// Keeps other runs out of the folder. The operating system releases it with the process, however that ends.
    public record Lock(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UserException("the lock of the run's folder cannot be released (" + e.getMessage() + ")", e);
            }
        }
    }

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

    /// Takes the folder for this run alone, and clears away what a killed one left half written.
    ///
    /// @param say takes a line where the file system knows no locks
    /// @throws UserException when another run has it
    public Lock lock(Consumer<String> say) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw taken(channel);
            }
            channel.truncate(0).write(ByteBuffer.wrap(("process " + ProcessHandle.current().pid())
                    .getBytes(StandardCharsets.UTF_8)));
        } catch (OverlappingFileLockException e) {
            throw taken(channel);
        } catch (IOException e) {
            say.accept(folder + ": cannot be locked (" + e.getMessage() + "): see to it that no other run writes "
                    + "there");
        }
        clearLeftOvers();
        return new Lock(channel);
    }

    private UserException taken(FileChannel channel) {
        String owner = "";
        try (channel) {
            ByteBuffer text = ByteBuffer.allocate(100);
            channel.read(text, 0);
            owner = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            owner = e.getMessage();
        }
        return new UserException(
                folder + ": another run is writing there (" + owner + "); wait for it or choose another folder");
    }

    private void clearLeftOvers() {
        for (Path file : list(LEFT_OVER)) {
            delete(file);
        }
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

    /// The checkpoint of the latest step that is whole: read through and compared with its checksums.
    ///
    /// @param say takes a line for each damaged one that is passed over
    /// @throws UserException when there are checkpoints but all are damaged
    public Optional<Path> latestWhole(Consumer<String> say) {
        List<Path> all = checkpoints();
        for (Path file : all.reversed()) {
            try (TensorFile tensors = TensorFiles.open(file)) {
                SavedRun.at(tensors);
                tensors.verify();
                return Optional.of(file);
            } catch (UserException e) {
                say.accept(e.getMessage() + "; trying the checkpoint before it");
            }
        }
        if (!all.isEmpty()) {
            throw new UserException(folder + ": none of its " + all.size() + " checkpoints can be used; move them away "
                    + "to start anew, or choose another folder");
        }
        return Optional.empty();
    }

    /// Checks that a run may go on from this checkpoint and write into this folder.
    ///
    /// @throws UserException when the folder holds later checkpoints: those of the branch that would be overwritten
    public Path from(Path checkpoint) {
        long at;
        try (TensorFile tensors = TensorFiles.open(checkpoint)) {
            at = SavedRun.at(tensors).step();
        }
        latest().filter(newest -> step(newest) > at).ifPresent(newest -> {
            throw new UserException(folder + ": holds later checkpoints (" + newest.getFileName() + ") than "
                    + checkpoint.getFileName() + " of step " + at + "; to go on from there choose another folder, or "
                    + "move the later ones away");
        });
        return checkpoint;
    }

    private List<Path> checkpoints() {
        return list(NAME).stream().sorted(Comparator.comparingLong(RunFolder::step)).toList();
    }

    private List<Path> list(Pattern name) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> name.matcher(f.getFileName().toString()).matches()).toList();
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

    /// Saves a checkpoint, then deletes the oldest ones past `keepLast`; the one before stays until [#prune] is called,
    /// as the new one may have learned nonsense.
    void save(Params params, SavedRun<?> run, int keepLast) {
        long step = run.at().step();
        Checkpoints.save(checkpoint(step), params, run.toMetadata());
        for (Path later : checkpoints()) {
            if (step(later) > step) { // damaged, or the run would have gone on from it
                setAside(later);
            }
        }
        prune(Math.max(keepLast, UNPROVEN));
    }

    /// Deletes the oldest checkpoints past `keepLast`: the newest has shown that it can be trained on.
    void prune(int keepLast) {
        List<Path> all = checkpoints();
        all.subList(0, Math.max(0, all.size() - keepLast)).forEach(RunFolder::delete);
    }

    private static void setAside(Path checkpoint) {
        try {
            Files.move(checkpoint, checkpoint.resolveSibling(checkpoint.getFileName() + DAMAGED),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UserException(checkpoint + ": this damaged checkpoint cannot be renamed (" + e.getMessage() + ")",
                    e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UserException(file + ": this old file cannot be deleted (" + e.getMessage() + ")", e);
        }
    }
}
