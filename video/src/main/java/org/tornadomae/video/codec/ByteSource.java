package org.tornadomae.video.codec;

import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/// Where the bytes of one video are: a file, or a part of an archive. Its `toString` is that place as messages name it.
public interface ByteSource {

    /// A part of a file.
    ///
    /// @param file   which
    /// @param offset where the part begins
    /// @param size   how many bytes it has; -1 for a whole file
    record Region(Path file, long offset, long size) {
    }

    /// Opens the bytes for one reader.
    ///
    /// @return a channel at its beginning, which the caller closes
    /// @throws DamagedVideoException when there are none or they cannot be read
    SeekableByteChannel open() throws DamagedVideoException;

    /// Number of bytes, or -1 when there is no such file.
    long size();

    /// Frames per second where the bytes themselves cannot say; 0 when they can.
    default double fps() {
        return 0;
    }

    /// Where the bytes are stored as they are; empty when they have to be decompressed first.
    default Optional<Region> region() {
        return Optional.empty();
    }

    /// The bytes of a file; whether it exists shows when it is opened.
    static ByteSource of(Path file) {
        return new FileSource(file);
    }

    /// The bytes of a part of a file, which messages call `name`.
    static ByteSource of(Region region, String name) {
        return new RegionSource(region, name);
    }

    /// Bytes in memory, which messages call `name`.
    static ByteSource of(byte[] bytes, String name) {
        return new ByteSource() {
            @Override
            public SeekableByteChannel open() {
                return new SeekableInMemoryByteChannel(bytes);
            }

            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
