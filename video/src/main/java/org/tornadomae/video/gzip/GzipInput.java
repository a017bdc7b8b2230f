package org.tornadomae.video.gzip;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.zip.CRC32;

/// What is inside a gzip file (RFC 1952, one or several members), from its beginning or from a restart point.
public final class GzipInput extends PositionedInput {

    /// Receives the places where reading can start again.
    @FunctionalInterface
    interface Restarts {
        void at(long position, long bit, byte[] window) throws IOException;
    }

    private static final int MAGIC = 0x1f8b;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    // Video hardly compresses: what expands more than this is not a data set.
    private static final long BOMB_RATIO = 50;
    private static final long BOMB_FREE = 1L << 26;

    private final Inflate inflate;
    private final Restarts restarts;
    private final long spacing;
    private final CRC32 crc = new CRC32();
    private long position;
    private long memberStart; // -1 when its beginning was not read
    private long lastRestart;
    private boolean intact = true;
    private final byte[] scratch = new byte[1 << 15];

    /// Starts at the beginning, and reports restart points: there, and about every `spacing` bytes.
    GzipInput(SeekableByteChannel channel, long spacing, Restarts restarts) throws IOException {
        this.inflate = new Inflate(channel, 0);
        this.spacing = spacing;
        this.restarts = restarts;
        this.lastRestart = -spacing; // the first is at the beginning
        if (!header()) {
            throw new IOException("not a gzip file");
        }
    }

    /// Starts at a restart point.
    GzipInput(SeekableByteChannel channel, long position, long bit, byte[] window) throws IOException {
        this.inflate = new Inflate(channel, bit);
        this.inflate.setWindow(window);
        this.position = position;
        this.memberStart = -1;
        this.spacing = Long.MAX_VALUE;
        this.restarts = (_, _, _) -> {};
    }

    /// Whether all checksums so far were right.
    public boolean intact() {
        return intact;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void skipTo(long to) throws IOException {
        while (position < to && read(scratch, 0, (int) Math.min(scratch.length, to - position)) >= 0) {
            continue;
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (true) {
            if (inflate.atBlock() && position - lastRestart >= spacing) {
                restarts.at(position, inflate.bit(), inflate.window());
                lastRestart = position;
            }
            int read = inflate.read(into, offset, length);
            if (read > 0) {
                crc.update(into, offset, read);
                position += read;
                if (position > BOMB_FREE + BOMB_RATIO * (inflate.bit() >>> 3)) {
                    throw new DecompressionBombException();
                }
                return read;
            }
            if (read < 0 && !nextMember()) {
                return -1;
            }
        }
    }

    private boolean nextMember() throws IOException {
        long sum = littleEndian(4);
        long size = littleEndian(4);
        if (memberStart >= 0) {
            intact &= sum == crc.getValue() && size == (position - memberStart & 0xffffffffL);
        }
        try {
            return header();
        } catch (EOFException e) {
            return false;
        }
    }

    /// Reads a member's header; false when something else follows, which gzip ignores, too.
    private boolean header() throws IOException {
        if ((inflate.nextByte() << 8 | inflate.nextByte()) != MAGIC || inflate.nextByte() != DEFLATE) {
            return false;
        }
        int flags = inflate.nextByte();
        littleEndian(6); // time, compression level, system
        if ((flags & EXTRA) != 0) {
            for (long left = littleEndian(2); left > 0; left--) {
                inflate.nextByte();
            }
        }
        for (int text : new int[] {NAME, COMMENT}) {
            while ((flags & text) != 0 && inflate.nextByte() != 0) {
                continue;
            }
        }
        if ((flags & HEADER_CRC) != 0) {
            littleEndian(2);
        }
        inflate.restart();
        crc.reset();
        memberStart = position;
        return true;
    }

    private long littleEndian(int count) throws IOException {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (long) inflate.nextByte() << 8 * i;
        }
        return value;
    }
}
