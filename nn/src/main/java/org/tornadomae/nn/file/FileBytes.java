package org.tornadomae.nn.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.tornadomae.nn.file.SafeTensors.Source;

/// Bytes of files: all that were asked for, or an error.
final class FileBytes {
    private FileBytes() {}

    /// Exactly so many bytes of a file, little-endian.
    ///
    /// @throws EOFException when it ends before
    static ByteBuffer read(FileChannel channel, long at, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new EOFException("ended at byte " + (at + buffer.position()));
            }
        }
        return buffer.flip();
    }

    static void write(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /// The bytes of `n` of a tensor's elements from `from`, in `chunk`.
    static ByteBuffer of(Source tensor, int from, int n, ByteBuffer chunk) {
        chunk.clear().limit(4 * n).asFloatBuffer().put(tensor.data(), tensor.at() + from, n);
        return chunk;
    }
}
