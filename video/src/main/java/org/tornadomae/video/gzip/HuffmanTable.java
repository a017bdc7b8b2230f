package org.tornadomae.video.gzip;

import java.io.IOException;
import java.util.Arrays;

/// One of DEFLATE's prefix codes as a table: the next bits give a symbol and the length of its code at once.
final class HuffmanTable {

    static final int LENGTH_SHIFT = 4;
    static final int LENGTH_MASK = 15;

    /// Length codes, from symbol 257 on.
    static final int LENGTHS = 29;
    static final int[] LENGTH_BASE = {3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83,
            99, 115, 131, 163, 195, 227, 258};
    static final int[] LENGTH_BITS = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5,
            5, 0};

    /// Distance codes.
    static final int DISTANCES = 30;
    static final int[] DISTANCE_BASE = {1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769,
            1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
    static final int[] DISTANCE_BITS = {0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11,
            11, 12, 12, 13, 13};

    private static final int MAX_BITS = 15;
    private static final int MAX_SYMBOLS = 288;
    private static final int[] ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    /// Takes bits from the stream, lowest first.
    @FunctionalInterface
    interface Bits {
        int take(int count) throws IOException;
    }

    private final short[] table = new short[1 << MAX_BITS];
    private int mask;

    /// Symbol and length of the code at the lowest bits; length 0 when no code begins with them.
    int entry(long bits) {
        return table[(int) bits & mask];
    }

    /// The fixed codes, for blocks without codes of their own.
    static void fixed(HuffmanTable literals, HuffmanTable distances) throws IOException {
        byte[] lengths = new byte[MAX_SYMBOLS];
        Arrays.fill(lengths, 0, 144, (byte) 8);
        Arrays.fill(lengths, 144, 256, (byte) 9);
        Arrays.fill(lengths, 256, 280, (byte) 7);
        Arrays.fill(lengths, 280, MAX_SYMBOLS, (byte) 8);
        literals.build(lengths, 0, MAX_SYMBOLS);
        Arrays.fill(lengths, 0, 32, (byte) 5);
        distances.build(lengths, 0, 32);
    }

    /// The codes at the head of a block.
    static void read(Bits in, HuffmanTable literals, HuffmanTable distances) throws IOException {
        int literalCount = in.take(5) + 257;
        int distanceCount = in.take(5) + 1;
        int orderCount = in.take(4) + 4;
        byte[] lengths = new byte[ORDER.length];
        for (int i = 0; i < orderCount; i++) {
            lengths[ORDER[i]] = (byte) in.take(3);
        }
        HuffmanTable code = distances; // free until the end
        code.build(lengths, 0, ORDER.length);
        lengths = new byte[literalCount + distanceCount];
        for (int i = 0; i < lengths.length;) {
            int symbol = code.slowSymbol(in);
            int repeat = switch (symbol) {
                case 16 -> 3 + in.take(2);
                case 17 -> 3 + in.take(3);
                case 18 -> 11 + in.take(7);
                default -> 1;
            };
            if (i + repeat > lengths.length || symbol == 16 && i == 0) {
                throw new IOException("damaged gzip data (code lengths)");
            }
            byte length = symbol < 16 ? (byte) symbol : symbol == 16 ? lengths[i - 1] : 0;
            Arrays.fill(lengths, i, i + repeat, length);
            i += repeat;
        }
        literals.build(lengths, 0, literalCount);
        distances.build(lengths, literalCount, distanceCount);
    }

    private int slowSymbol(Bits in) throws IOException {
        int bits = 0;
        for (int length = 1; 1 << length - 1 <= mask; length++) {
            bits |= in.take(1) << length - 1;
            int entry = entry(bits);
            if ((entry & LENGTH_MASK) == length) {
                return entry >>> LENGTH_SHIFT;
            }
        }
        throw new IOException("damaged gzip data (no such code)");
    }

    private void build(byte[] lengths, int offset, int count) throws IOException {
        int[] perLength = new int[MAX_BITS + 1];
        int longest = 1;
        for (int i = 0; i < count; i++) {
            perLength[lengths[offset + i]]++;
            longest = Math.max(longest, lengths[offset + i]);
        }
        perLength[0] = 0;
        int[] nextCode = new int[MAX_BITS + 2];
        for (int length = 1; length <= MAX_BITS; length++) {
            nextCode[length + 1] = nextCode[length] + perLength[length] << 1;
            if (nextCode[length] + perLength[length] > 1 << length) {
                throw new IOException("damaged gzip data (more codes than fit)");
            }
        }
        mask = (1 << longest) - 1;
        Arrays.fill(table, 0, mask + 1, (short) 0);
        for (int symbol = 0; symbol < count; symbol++) {
            int length = lengths[offset + symbol];
            if (length > 0) { // codes come highest bit first, the stream's bits lowest first
                int code = Integer.reverse(nextCode[length]++) >>> Integer.SIZE - length;
                for (int i = code; i <= mask; i += 1 << length) {
                    table[i] = (short) (symbol << LENGTH_SHIFT | length);
                }
            }
        }
    }
}
