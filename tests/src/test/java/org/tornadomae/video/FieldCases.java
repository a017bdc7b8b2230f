package org.tornadomae.video;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tornadomae.video.codec.PathBytes;

/// Files on which this and other programs of the field were wrong. All were made with ffmpeg; none shows a person.
public final class FieldCases {

    private FieldCases() {}

    /// Unpacks them; names are bytes, whatever the locale of the tests.
    public static Path unpack(Path folder) throws IOException {
        try (InputStream in = FieldCases.class.getResourceAsStream("/cases/field.tar");
                TarArchiveInputStream tar = new TarArchiveInputStream(in, StandardCharsets.ISO_8859_1.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (!entry.isDirectory()) {
                    Path file = file(folder, entry.getName().getBytes(StandardCharsets.ISO_8859_1));
                    Files.createDirectories(file.getParent());
                    Files.copy(tar, file);
                }
            }
        }
        return folder;
    }

    /// A file by the bytes of its name.
    public static Path file(Path folder, byte[] name) {
        return PathBytes.resolve(folder.toAbsolutePath(), name);
    }
}
