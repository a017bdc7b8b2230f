package org.tornadomae.video.gzip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Starts the platform's fast [Inflater] in the middle of a stream, for which it has no method.
///
/// It accepts what came before as a dictionary, but starts at a whole byte, while blocks begin at any bit. So empty
/// blocks are put in front, whose lengths in bits add up to the place in the first byte where the block begins.
final class Restart {

    private static final int INPUT = 1 << 16;

    // Lowest bit first. An empty block with the fixed code: its kind (2 of 10 bits set the rest to 0), then its end.
    private static final String EMPTY_FIXED = "010" + "0000000";

    // One with a code of its own, because its length is odd, 91 bits: two distance codes; code lengths 18 (a run of
    // zeros) and 1 of one bit each; 138 + 118 zeros, then 1 for "end" and 1 and 1 for the distances; then the end.
    private static final String EMPTY_DYNAMIC = "001" + "00000" + "10000" + "0111" + "000000" + "100" + "000".repeat(14)
            + "100" + "1" + "1111111" + "1" + "1101011" + "000" + "0";

    private Restart() {}

    /// Decompresses a part of a stream.
    ///
    /// @param channel the compressed stream
    /// @param bit     where a block begins
    /// @param window  what came before it
    /// @param skip    bytes to pass over
    /// @param into    receives what follows
    /// @param length  how many bytes of it
    /// @return false when the stream ends before these; another may follow it
    static boolean read(SeekableByteChannel channel, long bit, byte[] window, long skip, byte[] into,
            int length) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setDictionary(window);
            channel.position(bit >>> 3);
            byte[] input = new byte[INPUT];
            int filled = leadIn((int) (bit & 7), input);
            if ((bit & 7) != 0) {
                ByteBuffer first = ByteBuffer.allocate(1);
                channel.read(first);
                input[filled - 1] |= (byte) (first.get(0) & 0xff << (bit & 7));
            }
            inflater.setInput(input, 0, filled);
            byte[] scratch = new byte[INPUT];
            for (long left = skip; left > 0;) {
                int count = inflate(inflater, channel, input, scratch, 0, (int) Math.min(left, scratch.length));
                if (count < 0) {
                    return false;
                }
                left -= count;
            }
            for (int done = 0; done < length;) {
                int count = inflate(inflater, channel, input, into, done, length - done);
                if (count < 0) {
                    return false;
                }
                done += count;
            }
            return true;
        } catch (DataFormatException e) {
            throw new IOException("damaged gzip data", e);
        } finally {
            inflater.end();
        }
    }

    /// Like [Inflater#inflate], feeding more input when it is used up; -1 at the end.
    private static int inflate(Inflater inflater, SeekableByteChannel channel, byte[] input, byte[] out, int offset,
            int length) throws IOException, DataFormatException {
        int count = inflater.inflate(out, offset, length);
        if (count > 0) {
            return count;
        }
        if (inflater.finished()) {
            return -1;
        }
        int read = channel.read(ByteBuffer.wrap(input));
        if (read <= 0) {
            return -1;
        }
        inflater.setInput(input, 0, read);
        return 0;
    }

    /// Writes empty blocks that end `bits` into a byte; returns how many bytes they begin.
    private static int leadIn(int bits, byte[] into) {
        String blocks = bits % 2 == 0 ? "" : EMPTY_DYNAMIC;
        while (blocks.length() % 8 != bits) {
            blocks += EMPTY_FIXED;
        }
        for (int i = 0; i < blocks.length(); i++) {
            into[i >>> 3] |= (byte) (blocks.charAt(i) - '0' << (i & 7));
        }
        return (blocks.length() + 7) / 8;
    }
}
