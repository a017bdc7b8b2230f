package org.tornadomae.video;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.tornadomae.video.source.VideoList;

/// Makes archives, good and bad.
public final class Tars {

    private Tars() {}

    /// Writes members.
    @FunctionalInterface
    public interface Content {
        void writeTo(TarArchiveOutputStream tar) throws IOException;
    }

    public static Path plain(Path file, Content content) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            write(out, content);
        }
        return file;
    }

    /// With a compression level of 0 to 9.
    public static Path gzipped(Path file, int level, Content content) throws IOException {
        GzipParameters parameters = new GzipParameters();
        parameters.setCompressionLevel(level);
        try (OutputStream out = new GzipCompressorOutputStream(Files.newOutputStream(file), parameters)) {
            write(out, content);
        }
        return file;
    }

    /// All files directly in a folder, with names that begin with `prefix`.
    public static Content of(Path folder, String prefix) {
        return tar -> {
            try (var files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    add(tar, prefix + file.getFileName(), Files.readAllBytes(file));
                }
            }
        };
    }

    public static void add(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    /// A member without content: a link or a device.
    public static void addSpecial(TarArchiveOutputStream tar, String name, byte kind) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
        entry.setLinkName("/etc/passwd");
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    /// Names of a list, in order.
    public static List<String> names(VideoList list) {
        return IntStream.range(0, list.size()).mapToObj(list::name).toList();
    }

    private static void write(OutputStream out, Content content) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            content.writeTo(tar);
        }
    }
}
