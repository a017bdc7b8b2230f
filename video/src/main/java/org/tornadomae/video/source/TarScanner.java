package org.tornadomae.video.source;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.apache.commons.io.input.BoundedInputStream;
import org.tornadomae.video.codec.PathBytes;
import org.tornadomae.video.gzip.DecompressionBombException;
import org.tornadomae.video.gzip.PositionedInput;
import org.tornadomae.video.source.ArchiveIndex.Member;

/// Lists a tar header by header, skipping what is between them. Each header gets a parser of its own, so that a damaged
/// one costs no other member: the scan continues at the next block that is a header.
final class TarScanner {

    private static final int BLOCK = 512;
    private static final int TYPE = 156; // where a header has its member's type
    private static final int MAX_HEADER = 1 << 20; // with all its long names and extensions

    private final PositionedInput in;
    private final long maxSize;
    private final Map<String, Member> members = new LinkedHashMap<>(); // by name; the last of equal names counts
    private final Map<ArchiveDefect, Integer> defects = new EnumMap<>(ArchiveDefect.class);
    private final byte[] block = new byte[BLOCK];
    private boolean extended; // the header begins with an extended one
    private boolean searching; // for the next block that is a header
    private boolean atZeros; // the block before was the first half of an end mark, or looked like it

    private TarScanner(PositionedInput in, long maxSize) {
        this.in = in;
        this.maxSize = maxSize;
    }

    /// Whether this is how a tar begins; an empty one begins with its end mark.
    static boolean begins(byte[] head) {
        return head.length >= BLOCK && (header(head) || zeros(head));
    }

    /// Lists a tar to its end, or as far as it can be read.
    ///
    /// @param in      the tar, uncompressed
    /// @param length  length of the tar, or [Long#MAX_VALUE] when only reading can tell
    /// @param maxSize the most bytes a member may have
    static ArchiveIndex scan(PositionedInput in, long length, long maxSize) {
        TarScanner scanner = new TarScanner(in, maxSize);
        try {
            while (scanner.member(length)) {
                continue;
            }
        } catch (IOException e) {
            scanner.count(ArchiveDefect.of(e));
        }
        if (scanner.members.isEmpty()) {
            scanner.count(ArchiveDefect.EMPTY);
        }
        return new ArchiveIndex(List.copyOf(scanner.members.values()), scanner.defects);
    }

    /// Reads the next header and skips its member; false at the end mark.
    private boolean member(long length) throws IOException {
        if (in.readNBytes(block, 0, BLOCK) < BLOCK) {
            if (searching && atZeros) {
                return false;
            }
            throw new EOFException();
        }
        atZeros = zeros(block);
        if (atZeros && !searching) {
            return false;
        }
        extended = block[TYPE] == TarConstants.LF_PAX_EXTENDED_HEADER_LC;
        TarArchiveEntry entry = header(block) ? parse() : null;
        if (entry == null && !searching) {
            count(ArchiveDefect.DAMAGED_HEADER);
        }
        if (entry != null && entry.isSparse()) { // the parser may have read its map: the offset is unknown
            count(ArchiveDefect.SPECIAL);
            entry = null;
        }
        searching = entry == null;
        long offset = in.position();
        long size = searching ? 0 : entry.getSize();
        if (size > length - offset) {
            throw new EOFException();
        }
        in.skipTo(offset + size);
        if (in.position() < offset + size) {
            throw new EOFException();
        }
        if (!searching) {
            add(entry, offset, size);
        }
        in.skipTo((offset + size + BLOCK - 1) / BLOCK * BLOCK);
        return true;
    }

    /// The member whose first header block is in [#block], or null when it cannot be parsed.
    private TarArchiveEntry parse() throws IOException {
        InputStream rest = BoundedInputStream.builder().setInputStream(in).setMaxCount(MAX_HEADER)
                .setPropagateClose(false).get();
        try (TarArchiveInputStream parser =
                new TarArchiveInputStream(new SequenceInputStream(new ByteArrayInputStream(block.clone()), rest),
                        StandardCharsets.ISO_8859_1.name())) {
            return parser.getNextEntry();
        } catch (DecompressionBombException | EOFException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private void add(TarArchiveEntry entry, long offset, long size) {
        if (entry.isDirectory()) {
            return;
        }
        String name = name(entry).replaceFirst("^(\\./+)+", "");
        ArchiveDefect defect = defect(entry, size);
        if (defect != null) {
            count(defect);
        } else if (VideoFolder.unfinished(name)) {
            count(ArchiveDefect.UNFINISHED);
        } else if (VideoFolder.candidate(name) && members.put(name, new Member(name, offset, size)) != null) {
            count(ArchiveDefect.OLDER_COPY);
        }
    }

    /// The parser was told Latin-1, which keeps the bytes of a name; those of an extended header are always UTF-8, and
    /// come out of it as text.
    private String name(TarArchiveEntry entry) {
        String name = entry.getName();
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        boolean kept = name.equals(new String(bytes, StandardCharsets.ISO_8859_1));
        return extended || !kept ? name : PathBytes.text(bytes);
    }

    private ArchiveDefect defect(TarArchiveEntry entry, long size) {
        String name = entry.getName(); // without our escapes
        if (entry.isLink() || entry.isSymbolicLink()) {
            return ArchiveDefect.LINK;
        }
        if (entry.isBlockDevice() || entry.isCharacterDevice() || entry.isFIFO()) {
            return ArchiveDefect.DEVICE;
        }
        boolean plain = entry.getLinkFlag() == TarConstants.LF_NORMAL
                || entry.getLinkFlag() == TarConstants.LF_OLDNORM || entry.getLinkFlag() == TarConstants.LF_CONTIG;
        if (!plain) {
            return ArchiveDefect.SPECIAL;
        }
        if (name.startsWith("/") || name.contains("\\") || List.of(name.split("/")).contains("..")) {
            return ArchiveDefect.UNSAFE_NAME;
        }
        return size > maxSize ? ArchiveDefect.TOO_LARGE : null;
    }

    private static boolean header(byte[] block) {
        try {
            return TarUtils.verifyCheckSum(block);
        } catch (IllegalArgumentException e) { // the checksum field is not a number
            return false;
        }
    }

    private void count(ArchiveDefect defect) {
        defects.merge(defect, 1, Integer::sum);
    }

    private static boolean zeros(byte[] bytes) {
        for (int i = 0; i < BLOCK; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
