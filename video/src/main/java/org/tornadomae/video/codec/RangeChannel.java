package org.tornadomae.video.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/// A part of a file as if it were a file of its own.
final class RangeChannel implements SeekableByteChannel {

    private final SeekableByteChannel file;
    private final long offset;
    private final long size;
    private long position;

    RangeChannel(SeekableByteChannel file, long offset, long size) {
        this.file = file;
        this.offset = offset;
        this.size = size;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        long left = size - position;
        if (left <= 0) {
            return -1;
        }
        int limit = into.limit();
        into.limit(into.position() + (int) Math.min(into.remaining(), left));
        try {
            int read = file.position(offset + position).read(into);
            position += Math.max(read, 0);
            return read;
        } finally {
            into.limit(limit);
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long to) {
        position = to;
        return this;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long to) {
        throw new NonWritableChannelException();
    }
}
