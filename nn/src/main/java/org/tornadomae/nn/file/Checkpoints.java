package org.tornadomae.nn.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.UserException;

/// Saves and loads what is learned, as safetensors under the official tensor names; AdamW's moments as
/// `optimizer.m.NAME` and `optimizer.v.NAME`.
public final class Checkpoints {
    private static final String M = "optimizer.m.";
    private static final String V = "optimizer.v.";

    private Checkpoints() {}

    /// Writes weights, moments and metadata: to a temporary file that is synced and renamed, so that a reader sees the
    /// whole checkpoint or none and an earlier one survives a full disk.
    ///
    /// @throws UserException when it cannot be written
    public static void save(Path file, Params params, Map<String, String> metadata) {
        List<SafeTensors.Source> tensors = new ArrayList<>();
        add(tensors, "", params, params.values());
        add(tensors, M, params, params.m());
        add(tensors, V, params, params.v());
        Path directory = file.toAbsolutePath().getParent();
        Path temporary = directory.resolve(file.getFileName() + ".tmp");
        try {
            Files.createDirectories(directory);
            try {
                SafeTensors.write(temporary, metadata, tensors);
                moveInPlace(temporary, file);
            } finally {
                Files.deleteIfExists(temporary);
            }
            sync(directory);
        } catch (IOException e) {
            throw new UserException(file + ": the checkpoint could not be written (" + reason(e)
                    + "); earlier checkpoints are untouched", e);
        }
    }

    private static void add(List<SafeTensors.Source> tensors, String prefix, Params params, float[] data) {
        for (ParamLayout.Entry entry : params.layout().entries()) {
            tensors.add(
                    new SafeTensors.Source(prefix + entry.name(), entry.param().shape(), data, params.start(entry)));
        }
    }

    private static void moveInPlace(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// Makes the rename itself durable. Windows does not open directories, and needs no sync for it.
    private static void sync(Path directory) throws IOException {
        if (!System.getProperty("os.name").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    /// Loads the weights of all parameters of the layout.
    ///
    /// @throws UserException naming the first tensor that is missing, of another shape, or not finite
    public static void loadWeights(TensorFile file, Params params) {
        loadWeights(file, params, _ -> true);
    }

    /// Loads the weights of the parameters with certain names.
    ///
    /// @throws UserException naming the first tensor that is missing, of another shape, or not finite
    public static void loadWeights(TensorFile file, Params params, Predicate<String> wanted) {
        load(file, "", params, params.values(), wanted);
        params.firstNotFinite(params.values()).ifPresent(name -> {
            throw new UserException(file.file() + ": tensor " + name
                    + " holds numbers that are not finite, so the weights are ruined: use an earlier checkpoint");
        });
    }

    /// Loads AdamW's moments.
    ///
    /// @throws UserException when the checkpoint has weights only
    public static void loadMoments(TensorFile file, Params params) {
        load(file, M, params, params.m(), _ -> true);
        load(file, V, params, params.v(), _ -> true);
    }

    /// Checks that a file holds the weights of this layout, before anything is allocated for them.
    ///
    /// @throws UserException naming the first tensor that is missing or of another shape
    public static void requireWeights(TensorFile file, ParamLayout layout) {
        layout.entries().forEach(entry -> requireShape(file, entry.name(), entry));
    }

    private static void requireShape(TensorFile file, String name, ParamLayout.Entry entry) {
        int[] found = file.entry(name).shape();
        if (!Arrays.equals(found, entry.param().shape())) {
            throw new UserException(file.file() + ": tensor " + name + " has shape " + Arrays.toString(found)
                    + " but this model needs " + Arrays.toString(entry.param().shape()));
        }
    }

    private static void load(TensorFile file, String prefix, Params params, float[] into, Predicate<String> wanted) {
        for (ParamLayout.Entry entry : params.layout().entries()) {
            if (!wanted.test(entry.name())) {
                continue;
            }
            String name = prefix + entry.name();
            requireShape(file, name, entry);
            file.readInto(name, into, params.start(entry));
        }
    }
}
