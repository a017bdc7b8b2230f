package org.tornadomae.video.codec;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A file of its own.
record FileSource(Path file) implements ByteSource {

    @Override
    public SeekableByteChannel open() throws DamagedVideoException {
        if (!Files.exists(file)) {
            throw new DamagedVideoException(DamageReason.MISSING, this);
        }
        // A pipe or a device would block forever.
        if (!Files.isRegularFile(file)) {
            throw new DamagedVideoException(DamageReason.UNREADABLE, this);
        }
        try {
            return FileChannel.open(file);
        } catch (IOException e) {
            throw new DamagedVideoException(DamageReason.UNREADABLE, this);
        }
    }

    @Override
    public long size() {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    /// The whole file, whatever its size at the time.
    @Override
    public Optional<Region> region() {
        return Optional.of(new Region(file, 0, -1));
    }

    @Override
    public String toString() {
        return PathBytes.text(file);
    }
}
