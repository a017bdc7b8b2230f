package org.tornadomae.video.codec;

import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/** Where the bytes of one video are: a file, or a part of an archive. Its {@code toString} says so to people. */
public interface Media {

    /**
     * Opens the bytes for one reader.
     *
     * @return a channel at its beginning, which the caller closes
     * @throws DamagedClipException when there are none or they cannot be read
     */
    SeekableByteChannel open() throws DamagedClipException;

    /** Number of bytes, or -1 where nothing is. */
    long size();

    /** The bytes of a file; whether there is one shows when it is opened. */
    static Media of(Path file) {
        return new FileMedia(file);
    }
}
