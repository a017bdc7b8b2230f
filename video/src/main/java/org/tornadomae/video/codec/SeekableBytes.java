package org.tornadomae.video.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.bytedeco.javacv.Seekable;

/// A file in memory: muxers go back and fill in what they did not know at the start.
final class SeekableBytes extends OutputStream implements Seekable {

    private static final int FROM_START = 0; // the others of C's lseek are not asked for by muxers

    private byte[] bytes = new byte[1 << 16];
    private int size;
    private int position;

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        int end = Math.addExact(position, length);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
        System.arraycopy(from, offset, bytes, position, length);
        position = end;
        size = Math.max(size, end);
    }

    @Override
    public void seek(long offset, int whence) {
        if (whence != FROM_START) {
            throw new UnsupportedOperationException("seek from " + whence);
        }
        position = Math.toIntExact(offset);
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }
}
