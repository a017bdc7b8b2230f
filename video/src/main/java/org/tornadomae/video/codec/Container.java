package org.tornadomae.video.codec;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Tells a cut-off video from a file that never was one, by its first bytes: the suffix says nothing.
final class Container {

    private static final int HEAD = 12;

    private record Magic(int offset, byte[] bytes) {

        Magic(int offset, String text) {
            this(offset, text.getBytes(StandardCharsets.ISO_8859_1));
        }

        boolean matches(byte[] head) {
            for (int i = 0; i < bytes.length; i++) {
                if (offset + i >= head.length || head[offset + i] != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final List<Magic> VIDEO = List.of(
            new Magic(4, "ftyp"), new Magic(4, "moov"), new Magic(4, "mdat"), // MP4, QuickTime
            new Magic(0, "RIFF"), // AVI
            new Magic(0, "\u001aE\u00df\u00a3"), // Matroska, WebM
            new Magic(0, "FLV"), new Magic(0, "OggS"), new Magic(0, "GIF8"),
            new Magic(0, "\u0030\u0026\u00b2\u0075"), // ASF, WMV
            new Magic(0, "\u0000\u0000\u0001\u00ba")); // MPEG program stream

    private Container() {}

    /// Whether a file begins as a video file does.
    static boolean begins(ReadableByteChannel file) throws IOException {
        byte[] head = Channels.newInputStream(file).readNBytes(HEAD);
        return VIDEO.stream().anyMatch(magic -> magic.matches(head));
    }
}
