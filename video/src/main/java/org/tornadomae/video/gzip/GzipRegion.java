package org.tornadomae.video.gzip;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedVideoException;
import org.tornadomae.video.codec.PathBytes;

/// A part of the data in a gzip file, such as a member of a tar, decompressed into memory while it is open.
///
/// @param index  of the gzip file
/// @param name   of the part, for messages
/// @param offset where it begins in the data
/// @param size   how many bytes it has, at most what fits one array
public record GzipRegion(GzipIndex index, String name, long offset, long size) implements ByteSource {

    // Arrays for reuse: a new one per video would end up in the old generation, as a frame would.
    private static final Queue<byte[]> SPARE = new ConcurrentLinkedQueue<>();
    private static final int LARGEST_SPARE = 1 << 24;

    @Override
    public SeekableByteChannel open() throws DamagedVideoException {
        byte[] spare = SPARE.poll();
        byte[] bytes = spare != null && spare.length >= size ? spare : new byte[(int) size];
        try {
            index.read(offset, (int) size, bytes);
        } catch (IOException e) {
            throw new DamagedVideoException(DamageReason.UNREADABLE, this);
        }
        return new Bytes(bytes, (int) size);
    }

    /// The beginning of an array, which is reused once it is closed.
    private static final class Bytes extends SeekableInMemoryByteChannel {

        private final byte[] bytes;

        Bytes(byte[] bytes, int size) {
            super(bytes);
            this.bytes = bytes;
            truncate(size);
        }

        @Override
        public void close() {
            if (isOpen() && bytes.length <= LARGEST_SPARE) {
                SPARE.add(bytes);
            }
            super.close();
        }
    }

    @Override
    public String toString() {
        return PathBytes.text(index.archive()) + "!" + name;
    }
}
