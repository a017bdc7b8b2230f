package org.tornadomae.video.gzip;

import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/// Decompresses DEFLATE (RFC 1951), knowing at which bit each block starts, and can start at such a bit: the two things
/// that [java.util.zip.Inflater] keeps to itself.
final class Inflate {

    /// How far back a match may reach: what must be known to start inside a stream.
    static final int WINDOW = 1 << 15;

    private static final int INPUT = 1 << 16;
    private static final int OUTPUT = 1 << 18;
    private static final int MAX_MATCH = 258;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final SeekableByteChannel channel;
    private final byte[] input = new byte[INPUT];
    private int next; // byte of input that is not in bits yet
    private int filled;
    private long inputStart; // position of input[0] in the channel
    private long bits; // not used yet, lowest first
    private int bitCount; // how many of them count; higher ones may be set, to what the stream has there

    private final byte[] output = new byte[WINDOW + OUTPUT + MAX_MATCH];
    private int from = WINDOW; // handed out up to here
    private int to = WINDOW; // decoded up to here

    private enum Mode {
        BETWEEN_BLOCKS, STORED, COMPRESSED, END
    }

    private Mode mode = Mode.BETWEEN_BLOCKS;
    private boolean last;
    private IOException failure;
    private int stored; // bytes left of a stored block
    private final HuffmanTable literals = new HuffmanTable();
    private final HuffmanTable distances = new HuffmanTable();

    /// @param bit where the first block starts in the channel
    Inflate(SeekableByteChannel channel, long bit) throws IOException {
        this.channel = channel;
        channel.position(bit >>> 3);
        inputStart = bit >>> 3;
        take((int) (bit & 7));
    }

    /// Sets what came before the start, its end aligned with [#WINDOW].
    void setWindow(byte[] window) {
        System.arraycopy(window, 0, output, from - WINDOW, WINDOW);
    }

    /// The last [#WINDOW] bytes that were handed out.
    byte[] window() {
        return Arrays.copyOfRange(output, from - WINDOW, from);
    }

    /// Whether the next byte is the first of a block.
    boolean atBlock() {
        return from == to && mode == Mode.BETWEEN_BLOCKS;
    }

    /// Where in the channel the next bit is; the start of a block when [#atBlock].
    long bit() {
        return (inputStart + next) * 8 - bitCount;
    }

    /// Reads no further than the end of a block.
    ///
    /// @return number of bytes, possibly 0, or -1 at the end of the last block
    int read(byte[] into, int offset, int length) throws IOException {
        if (from == to) {
            if (mode == Mode.END) {
                return -1;
            }
            if (failure != null) {
                throw failure;
            }
            slide();
            try {
                step();
            } catch (IOException e) {
                failure = e; // thrown once the bytes before the damage have been handed out
                return 0;
            }
        }
        int count = Math.min(length, to - from);
        System.arraycopy(output, from, into, offset, count);
        from += count;
        return count;
    }

    /// Reads a whole byte outside the blocks: what a container puts before and after them.
    int nextByte() throws IOException {
        take(bitCount & 7);
        return take(8);
    }

    /// Goes on with another stream, whose first block starts at the next byte.
    void restart() {
        mode = Mode.BETWEEN_BLOCKS;
        last = false;
        Arrays.fill(output, from - WINDOW, from, (byte) 0);
    }

    private void slide() {
        if (to > WINDOW) {
            System.arraycopy(output, to - WINDOW, output, 0, WINDOW);
            from = WINDOW;
            to = WINDOW;
        }
    }

    private void step() throws IOException {
        switch (mode) {
            case BETWEEN_BLOCKS -> header();
            case STORED -> copyStored();
            case COMPRESSED -> decode();
            case END -> throw new IllegalStateException("after the end");
        }
    }

    private void header() throws IOException {
        last = take(1) == 1;
        switch (take(2)) {
            case 0 -> {
                take(bitCount & 7);
                stored = take(16);
                if ((take(16) ^ 0xffff) != stored) {
                    throw new IOException("damaged gzip data (length of a stored block)");
                }
                mode = Mode.STORED;
            }
            case 1 -> {
                HuffmanTable.fixed(literals, distances);
                mode = Mode.COMPRESSED;
            }
            case 2 -> {
                HuffmanTable.read(this::take, literals, distances);
                mode = Mode.COMPRESSED;
            }
            default -> throw new IOException("damaged gzip data (kind of block)");
        }
    }

    private void copyStored() throws IOException {
        while (stored > 0 && to < WINDOW + OUTPUT) {
            if (bitCount >= 8) { // read ahead of the block's start
                output[to++] = (byte) take(8);
                stored--;
                continue;
            }
            bits = 0;
            bitCount = 0;
            if (next == filled && !fill()) {
                throw new EOFException("the gzip data ends early");
            }
            int count = Math.min(Math.min(stored, filled - next), WINDOW + OUTPUT - to);
            System.arraycopy(input, next, output, to, count);
            next += count;
            to += count;
            stored -= count;
        }
        if (stored == 0) {
            endBlock();
        }
    }

    private void endBlock() {
        mode = last ? Mode.END : Mode.BETWEEN_BLOCKS;
    }

    private void decode() throws IOException {
        while (to < WINDOW + OUTPUT) {
            refill();
            int symbol = symbol(literals);
            if (symbol < 256) {
                output[to++] = (byte) symbol;
            } else if (symbol == 256) {
                endBlock();
                return;
            } else {
                copyMatch(symbol - 257);
            }
        }
    }

    private void copyMatch(int code) throws IOException {
        if (code >= HuffmanTable.LENGTHS) {
            throw new IOException("damaged gzip data (length code)");
        }
        int length = HuffmanTable.LENGTH_BASE[code] + use(HuffmanTable.LENGTH_BITS[code]);
        int far = symbol(distances);
        if (far >= HuffmanTable.DISTANCES) {
            throw new IOException("damaged gzip data (distance code)");
        }
        int distance = HuffmanTable.DISTANCE_BASE[far] + use(HuffmanTable.DISTANCE_BITS[far]);
        int source = to - distance; // at least 0: the window is as long as the longest distance
        if (distance >= length) {
            System.arraycopy(output, source, output, to, length);
        } else {
            for (int i = 0; i < length; i++) { // overlapping: repeats itself
                output[to + i] = output[source + i];
            }
        }
        to += length;
    }

    /// After [#refill], which leaves enough bits for a whole match: 15 + 5 + 15 + 13.
    private int symbol(HuffmanTable table) throws IOException {
        int entry = table.entry(bits);
        int length = entry & HuffmanTable.LENGTH_MASK;
        if (length == 0) {
            throw new IOException("damaged gzip data (no such code)");
        }
        use(length);
        return entry >>> HuffmanTable.LENGTH_SHIFT;
    }

    private int use(int count) throws IOException {
        int value = (int) (bits & (1L << count) - 1);
        bits >>>= count;
        bitCount -= count;
        if (bitCount < 0) {
            throw new EOFException("the gzip data ends early");
        }
        return value;
    }

    private int take(int count) throws IOException {
        if (bitCount < count) {
            refill();
        }
        return use(count);
    }

    /// Leaves at least 56 bits, or all that there are.
    private void refill() throws IOException {
        if (filled - next >= Long.BYTES) {
            bits |= (long) LONG.get(input, next) << bitCount;
            next += (63 - bitCount) >>> 3;
            bitCount |= 56;
            return;
        }
        while (bitCount <= 56 && (next < filled || fill())) {
            bits = bits & (1L << bitCount) - 1 | (input[next++] & 0xffL) << bitCount;
            bitCount += 8;
        }
    }

    private boolean fill() throws IOException {
        inputStart += filled;
        next = 0;
        filled = Math.max(0, channel.read(ByteBuffer.wrap(input)));
        return filled > 0;
    }
}
