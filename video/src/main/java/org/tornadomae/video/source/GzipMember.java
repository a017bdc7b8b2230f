package org.tornadomae.video.source;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedClipException;
import org.tornadomae.video.codec.Media;
import org.tornadomae.video.source.ArchiveIndex.Member;

/** A member of a gzipped tar, decompressed into memory while it is open. */
record GzipMember(GzipIndex index, Member member) implements Media {

    // Arrays to use again: a new one per video would end up in the old generation, as a frame would.
    private static final Queue<byte[]> SPARE = new ConcurrentLinkedQueue<>();
    private static final int LARGEST_SPARE = 1 << 24;

    @Override
    public SeekableByteChannel open() throws DamagedClipException {
        byte[] spare = SPARE.poll();
        byte[] bytes = spare != null && spare.length >= member.size() ? spare : new byte[(int) member.size()];
        try {
            index.read(member, bytes);
        } catch (IOException e) {
            throw new DamagedClipException(DamageReason.UNREADABLE, this);
        }
        return new Bytes(bytes, (int) member.size());
    }

    /** The beginning of an array, which may be used again when it is closed. */
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
    public long size() {
        return member.size();
    }

    @Override
    public String toString() {
        return index.archive() + "!" + member.name();
    }
}
