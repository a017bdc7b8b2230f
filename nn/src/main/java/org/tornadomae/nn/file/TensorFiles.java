package org.tornadomae.nn.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.tornadomae.nn.UserException;

/// Opens a file of tensors in whatever format it is, by its first bytes and not by its name.
public final class TensorFiles {
    private static final Pattern TORCH_NAME = Pattern.compile(".*\\.(pth|pt|pyth|bin)", Pattern.CASE_INSENSITIVE);

    private TensorFiles() {}

    /// Opens safetensors or a PyTorch checkpoint.
    ///
    /// @throws UserException when it is neither, or is damaged
    public static TensorFile open(Path file) {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(TorchFile.HEAD);
        } catch (NoSuchFileException e) {
            throw new UserException(file + ": no such file", e);
        } catch (IOException e) {
            throw new UserException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        return TorchFile.looksLike(head) ? TorchFile.open(file) : SafeTensors.open(file);
    }

    /// Writes float32 tensors as a PyTorch checkpoint where the file's name ends as theirs do (.pth, .pt, .pyth, .bin),
    /// else
    /// as safetensors. The file appears whole or not at all.
    ///
    /// @param weightsKey where PyTorch's dictionary has the weights, such as `model`
    /// @throws UserException when it cannot be written
    public static void write(Path file, String weightsKey, Map<String, String> metadata,
            List<SafeTensors.Source> tensors) {
        Path directory = file.toAbsolutePath().getParent();
        Path temporary = directory.resolve(file.getFileName() + ".tmp");
        try {
            Files.createDirectories(directory);
            try {
                if (TORCH_NAME.matcher(file.getFileName().toString()).matches()) {
                    TorchWriter.write(temporary, weightsKey, metadata, tensors);
                } else {
                    SafeTensors.write(temporary, metadata, tensors);
                }
                Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UserException(file + ": could not be written ("
                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()) + ")", e);
        }
    }
}
