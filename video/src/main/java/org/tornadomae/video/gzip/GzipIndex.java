package org.tornadomae.video.gzip;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;

/// Makes a gzip file seekable: restart points, and a table of contents supplied by whoever knows the format inside.
///
/// The index is made in one pass and kept in a file of its own, 32 KiB for every 4 MiB, so that a run with a hundred
/// archives starts at once the next time. The windows stay on disk: in memory a restart point is two numbers. The file
/// is named by the archive's path, size and time, so another archive of the same name never meets an old index.
///
/// Layout, big-endian: the windows, 32 KiB each; magic (long), number of restart points (int), their position and bit
/// (two longs each); the contents; where the magic stands (long).
public final class GzipIndex {

    /// Reads the data once, while the index is made, and returns what to keep of it.
    @FunctionalInterface
    public interface Contents {
        /// The table of contents of the data, which `in` delivers from its beginning.
        byte[] of(GzipInput in) throws IOException;
    }

    private static final long SPACING = 1L << 22;
    private static final long MAGIC = 0x4d41452d495831L; // MAE-IX1

    private final Path archive;
    private final Path file;
    private final long[] positions; // in the data, ascending; the first is 0
    private final long[] bits; // in the archive
    private final byte[] contents;

    private GzipIndex(Path archive, Path file) throws IOException {
        this.archive = archive;
        this.file = file;
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer end = ByteBuffer.allocate(Long.BYTES);
            channel.read(end, Math.max(0, channel.size() - Long.BYTES));
            channel.position(end.getLong(0));
            DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
            if (in.readLong() != MAGIC) {
                throw new IOException("not an index of this version");
            }
            int restarts = in.readInt();
            positions = new long[restarts];
            bits = new long[restarts];
            for (int i = 0; i < restarts; i++) {
                positions[i] = in.readLong();
                bits[i] = in.readLong();
            }
            byte[] rest = in.readAllBytes();
            contents = Arrays.copyOf(rest, rest.length - Long.BYTES);
        }
    }

    /// The index of an archive, from its file or, the first time, by reading the archive.
    ///
    /// @param archive  a gzip file
    /// @param folder   where indexes are kept; created if need be
    /// @param contents reads the archive's data, if it has no index yet
    /// @param progress receives how many more bytes of the archive have been read
    /// @throws IOException when the archive cannot be read or the index not be written
    public static GzipIndex of(Path archive, Path folder, Contents contents, LongConsumer progress)
            throws IOException {
        Path file = file(archive, folder);
        try {
            return new GzipIndex(archive, file);
        } catch (NoSuchFileException e) {
            build(archive, folder, file, contents, progress);
            return new GzipIndex(archive, file);
        }
    }

    /// Size of an archive that has no index yet, else 0.
    public static long missingBytes(Path archive, Path folder) throws IOException {
        return Files.exists(file(archive, folder)) ? 0 : Files.size(archive);
    }

    /// The gzip file.
    public Path archive() {
        return archive;
    }

    /// What [Contents] returned when the index was made.
    public byte[] contents() {
        return contents;
    }

    /// Decompresses a part of the data into the beginning of an array.
    ///
    /// @param offset first byte, counted from the beginning of the data
    /// @param size   how many
    /// @param into   receives them; at least `size` long
    public void read(long offset, int size, byte[] into) throws IOException {
        int found = Arrays.binarySearch(positions, offset);
        int restart = found >= 0 ? found : -found - 2;
        byte[] window = window(restart);
        try (FileChannel channel = FileChannel.open(archive)) {
            long skip = offset - positions[restart];
            if (!Restart.read(channel, bits[restart], window, skip, into, size)) { // it runs into the next gzip member
                GzipInput in = new GzipInput(channel, positions[restart], bits[restart], window);
                in.skipTo(offset);
                in.readFully(into, size);
            }
        }
    }

    private byte[] window(int restart) throws IOException {
        ByteBuffer window = ByteBuffer.allocate(Inflate.WINDOW);
        try (FileChannel channel = FileChannel.open(file)) {
            channel.read(window, (long) restart * Inflate.WINDOW);
        }
        return window.array();
    }

    /// Writes the windows as they come, then the tables, then where the tables begin.
    private static void build(Path archive, Path folder, Path file, Contents contents, LongConsumer progress)
            throws IOException {
        Files.createDirectories(folder);
        Path unfinished = Files.createTempFile(folder, "index", ".part");
        try {
            unfinished.toFile().deleteOnExit(); // nothing stays behind when the program is stopped
            try (FileChannel channel = FileChannel.open(archive);
                    OutputStream windows = Files.newOutputStream(unfinished);
                    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(windows))) {
                List<long[]> restarts = new ArrayList<>();
                long[] read = new long[1]; // so far of the archive
                GzipInput in = new GzipInput(channel, SPACING, (position, bit, window) -> {
                    restarts.add(new long[] {position, bit});
                    out.write(window);
                    progress.accept((bit >>> 3) - read[0]);
                    read[0] = bit >>> 3;
                });
                byte[] found = contents.of(in);
                progress.accept(channel.size() - read[0]);
                writeTables(restarts, found, out);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static void writeTables(List<long[]> restarts, byte[] contents, DataOutputStream out) throws IOException {
        out.writeLong(MAGIC);
        out.writeInt(restarts.size());
        for (long[] restart : restarts) {
            out.writeLong(restart[0]);
            out.writeLong(restart[1]);
        }
        out.write(contents);
        out.writeLong((long) restarts.size() * Inflate.WINDOW);
    }

    private static Path file(Path archive, Path folder) throws IOException {
        String key = archive.toRealPath() + "\n" + Files.size(archive) + "\n" + Files.getLastModifiedTime(archive);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(digest, 0, 16) + ".index");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
