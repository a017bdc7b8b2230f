package org.tornadomae.video.codec;

import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Where the bytes of one video are: a file, or a part of an archive. Its {@code toString} says so to people. */
public interface ByteSource {

    /**
     * A part of a file.
     *
     * @param file which
     * @param offset where the part begins
     * @param size how many bytes it has; -1 for a whole file
     */
    record Region(Path file, long offset, long size) {
    }

    /**
     * Opens the bytes for one reader.
     *
     * @return a channel at its beginning, which the caller closes
     * @throws DamagedVideoException when there are none or they cannot be read
     */
    SeekableByteChannel open() throws DamagedVideoException;

    /** Number of bytes, or -1 where nothing is. */
    long size();

    /** Where the bytes lie as they are; empty when they have to be decompressed first. */
    default Optional<Region> region() {
        return Optional.empty();
    }

    /** The bytes of a file; whether there is one shows when it is opened. */
    static ByteSource of(Path file) {
        return new FileSource(file);
    }

    /** The bytes of a part of a file, which people know by another name. */
    static ByteSource of(Region region, String name) {
        return new RegionSource(region, name);
    }

    /** Bytes in memory, which people know by a name. */
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
