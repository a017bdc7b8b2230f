package org.tornadomae.video.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tornadomae.video.VideoException;

/// What a file given as data is. Its first bytes decide, not its name.
enum SourceKind {
    FOLDER, TAR, GZIP, LIST;

    private static final int HEAD = 512;

    static SourceKind of(Path path) {
        if (!Files.exists(path)) {
            throw new VideoException("no such file or folder: " + path);
        }
        try {
            return Files.isDirectory(path) ? FOLDER : sniff(path);
        } catch (IOException e) {
            throw new VideoException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    /// What a file is.
    static SourceKind sniff(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(HEAD);
            if (head.length >= 2 && head[0] == 0x1f && (head[1] & 0xff) == 0x8b) {
                return GZIP;
            }
            return TarScanner.begins(head) ? TAR : LIST;
        }
    }

    boolean archive() {
        return this == TAR || this == GZIP;
    }
}
