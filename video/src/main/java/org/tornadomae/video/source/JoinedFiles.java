package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Several files as if they were one; one of them at a time is open.
final class JoinedFiles implements SeekableByteChannel {

    private final List<Path> files;
    private final long[] starts; // of each file, and the end of the last
    private FileChannel current;
    private int opened = -1;
    private long position;
    private boolean closed;

    JoinedFiles(List<Path> files) throws IOException {
        this.files = files;
        this.starts = new long[files.size() + 1];
        for (int i = 0; i < files.size(); i++) {
            starts[i + 1] = starts[i] + Files.size(files.get(i));
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (position >= size()) {
            return -1;
        }
        int found = Arrays.binarySearch(starts, position);
        int file = found >= 0 ? found : -found - 2;
        while (starts[file + 1] == position) { // an empty file
            file++;
        }
        if (file != opened) {
            closeCurrent();
            current = FileChannel.open(files.get(file));
            opened = file;
        }
        int read = current.read(into, position - starts[file]);
        if (read < 0) {
            throw new IOException(files.get(file) + " became shorter");
        }
        position += read;
        return read;
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
        return starts[files.size()];
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        closeCurrent();
    }

    private void closeCurrent() throws IOException {
        if (current != null) {
            current.close();
            current = null;
            opened = -1;
        }
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
