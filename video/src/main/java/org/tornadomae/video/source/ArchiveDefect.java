package org.tornadomae.video.source;

import java.io.EOFException;
import java.io.IOException;
import org.tornadomae.video.gzip.DecompressionBombException;

/// Why an archive, or a part of it, is not used. None can do harm: nothing is ever unpacked.
public enum ArchiveDefect {
    /// The whole archive: it holds no video.
    EMPTY("empty archive"),
    /// A symbolic or hard link.
    LINK("link"),
    /// A device or a pipe.
    DEVICE("device or pipe"),
    /// A sparse file, or a type that only some programs know.
    SPECIAL("sparse or special member"),
    /// An absolute name, or one that leads out of the archive with `..`.
    UNSAFE_NAME("absolute or .. name"),
    /// A member of a gzipped archive that does not fit into memory.
    TOO_LARGE("member too large"),
    /// A member of the same name comes later in the archive, and counts instead.
    OLDER_COPY("older member of the same name"),
    /// A download that was packed before it was complete.
    UNFINISHED("unfinished download"),
    /// A member whose header is damaged.
    DAMAGED_HEADER("damaged header"),
    /// The archive ends before its end mark; the members that are whole are used.
    ENDS_EARLY("early end"),
    /// The compressed data is damaged; members before the damage are used.
    DAMAGED_DATA("damaged compressed data"),
    /// The checksum of the compressed data is wrong: some member has changed.
    CHECKSUM("wrong checksum"),
    /// It expands out of all proportion; members before that are used.
    BOMB("decompression bomb");

    private final String words;

    ArchiveDefect(String words) {
        this.words = words;
    }

    /// The defect behind an error that ends the reading of an archive.
    static ArchiveDefect of(IOException problem) {
        return switch (problem) {
            case DecompressionBombException _ -> BOMB;
            case EOFException _ -> ENDS_EARLY;
            default -> DAMAGED_DATA;
        };
    }

    /// The defect as reports print it.
    @Override
    public String toString() {
        return words;
    }
}
