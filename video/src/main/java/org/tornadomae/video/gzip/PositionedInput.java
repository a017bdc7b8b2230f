package org.tornadomae.video.gzip;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// A stream of bytes that knows its position.
public abstract class PositionedInput extends InputStream {

    /// Bytes from the beginning of the archive to the next one.
    public abstract long position();

    /// Moves forward; a position past the end shows at the next read at the latest.
    public abstract void skipTo(long position) throws IOException;

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return readNBytes(one, 0, 1) == 1 ? one[0] & 0xff : -1;
    }

    /// Fills the beginning of an array.
    public void readFully(byte[] into, int length) throws IOException {
        if (readNBytes(into, 0, length) < length) {
            throw new EOFException("the archive ends early");
        }
    }
}
