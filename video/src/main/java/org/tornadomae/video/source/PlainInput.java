package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.tornadomae.video.gzip.PositionedInput;

/// An archive that is not compressed: skipping reads nothing.
final class PlainInput extends PositionedInput {

    private final SeekableByteChannel channel;
    private long position;

    PlainInput(SeekableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void skipTo(long to) throws IOException {
        position = to;
        channel.position(to);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = channel.read(ByteBuffer.wrap(into, offset, length));
        position += Math.max(read, 0);
        return read;
    }
}
