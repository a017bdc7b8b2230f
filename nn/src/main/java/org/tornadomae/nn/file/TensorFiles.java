package org.tornadomae.nn.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.tornadomae.nn.UserException;

/// Opens a file of tensors in whatever format it is, by its first bytes and not by its name.
public final class TensorFiles {
    private TensorFiles() {
    }

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
}
