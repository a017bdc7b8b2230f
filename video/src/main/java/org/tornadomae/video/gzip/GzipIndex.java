package org.tornadomae.video.gzip;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import org.tornadomae.video.codec.PathBytes;

/// Makes a gzip file seekable: restart points, and a table of contents supplied by whoever knows the format inside.
///
/// The index is made in one pass and kept in a file of its own, 32 KiB for every 4 MiB, so that a run with a hundred
/// archives starts at once the next time. The windows stay on disk: in memory a restart point is two numbers. The file
/// is named by the archive's path, size and time, so another archive of the same name never meets an old index.
///
/// Layout, big-endian: the windows, 32 KiB each; magic (long), number of restart points (int), of each its position and
/// bit (longs) and its window's checksum (int); the contents; where the magic stands (long), and the checksum of what
/// is between (int). Checksums are CRC-32C. An index that is damaged is made again: at once when its tables are, and
/// when a window is needed that is.
public final class GzipIndex {

    /// Reads the data once, while the index is made, and returns what to keep of it.
    @FunctionalInterface
    public interface Contents {
        /// The table of contents of the data, which `in` delivers from its beginning.
        byte[] of(GzipInput in) throws IOException;
    }

    private static final long SPACING = 1L << 22;
    private static final long MAGIC = 0x4d41452d495832L; // MAE-IX2
    private static final int END = Long.BYTES + Integer.BYTES;

    private final Path archive;
    private final Path file;
    private final Contents lister;
    private final long[] positions; // in the data, ascending; the first is 0
    private final long[] bits; // in the archive
    private final int[] windows; // their checksums
    private final byte[] contents;

    private GzipIndex(Path archive, Path file, Contents lister) throws IOException {
        this.archive = archive;
        this.file = file;
        this.lister = lister;
        ByteBuffer in = tables(file);
        if (in.getLong() != MAGIC) {
            throw new IOException("not an index of this version");
        }
        int restarts = in.getInt();
        positions = new long[restarts];
        bits = new long[restarts];
        windows = new int[restarts];
        for (int i = 0; i < restarts; i++) {
            positions[i] = in.getLong();
            bits[i] = in.getLong();
            windows[i] = in.getInt();
        }
        contents = new byte[in.remaining()];
        in.get(contents);
    }

    /// What is behind the windows, once its checksum has been found right.
    private static ByteBuffer tables(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            ByteBuffer end = ByteBuffer.allocate(END);
            channel.read(end, Math.max(0, size - END));
            long from = end.getLong(0);
            if (size < END || from < 0 || from % Inflate.WINDOW != 0 || size - from > Integer.MAX_VALUE) {
                throw new IOException("damaged index");
            }
            byte[] tables = Channels.newInputStream(channel.position(from)).readAllBytes();
            int length = tables.length - END;
            if (length < 0 || crc(tables, length) != end.getInt(Long.BYTES)) {
                throw new IOException("damaged index");
            }
            return ByteBuffer.wrap(tables, 0, length);
        }
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /// The index of an archive, from its file or, the first time and whenever that is damaged, by reading the archive.
    ///
    /// @param archive  a gzip file
    /// @param folder   where indexes are kept; created if need be
    /// @param contents reads the archive's data when an index is made; the same data must give the same contents
    /// @param progress receives how many more bytes of the archive have been read
    /// @throws IOException when the archive cannot be read or the index not be written
    public static GzipIndex of(Path archive, Path folder, Contents contents, LongConsumer progress)
            throws IOException {
        Path file = file(archive, folder);
        try {
            return new GzipIndex(archive, file, contents);
        } catch (IOException e) {
            build(archive, file, contents, progress);
            return new GzipIndex(archive, file, contents);
        }
    }

    /// Size of an archive that has no whole index yet, else 0.
    public static long missingBytes(Path archive, Path folder) throws IOException {
        try {
            tables(file(archive, folder));
            return 0;
        } catch (IOException e) {
            return Files.size(archive);
        }
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
        long skip = offset - positions[restart];
        long next = restart + 1 < positions.length ? positions[restart + 1] : 0;
        // Restart points lie between blocks, and nothing limits the length of a block.
        boolean inside = offset + size <= next && next - positions[restart] <= 2 * SPACING;
        byte[] segment = inside ? Segments.get(this, restart) : null;
        if (segment != null && segment.length == 0) {
            segment = new byte[(int) (next - positions[restart])];
            decompress(restart, 0, segment.length, segment);
            Segments.put(this, restart, segment);
        }
        if (segment == null) {
            decompress(restart, skip, size, into);
        } else {
            System.arraycopy(segment, (int) skip, into, 0, size);
        }
    }

    private void decompress(int restart, long skip, int size, byte[] into) throws IOException {
        byte[] window = window(restart);
        try (FileChannel channel = FileChannel.open(archive)) {
            if (!Restart.read(channel, bits[restart], window, skip, into, size)) { // it runs into the next gzip member
                GzipInput in = new GzipInput(channel, positions[restart], bits[restart], window);
                in.skipTo(positions[restart] + skip);
                in.readFully(into, size);
            }
        }
    }

    private byte[] window(int restart) throws IOException {
        byte[] window = stored(restart);
        if (window == null) {
            synchronized (this) {
                window = stored(restart); // another thread may have been here
                if (window == null) {
                    build(archive, file, lister, _ -> {});
                    window = stored(restart);
                }
            }
        }
        if (window == null) {
            throw new IOException(file + " cannot be kept whole");
        }
        return window;
    }

    /// A window from the file, or null when it is damaged there.
    private byte[] stored(int restart) {
        ByteBuffer window = ByteBuffer.allocate(Inflate.WINDOW);
        try (FileChannel channel = FileChannel.open(file)) {
            channel.read(window, (long) restart * Inflate.WINDOW);
        } catch (IOException e) {
            return null;
        }
        return crc(window.array(), Inflate.WINDOW) == windows[restart] ? window.array() : null;
    }

    /// A restart point as the tables have it.
    private record Point(long position, long bit, int crc) {
    }

    /// Writes the windows as they come, then the tables, then where the tables begin and their checksum.
    private static void build(Path archive, Path file, Contents contents, LongConsumer progress) throws IOException {
        Files.createDirectories(file.getParent());
        Path unfinished = Files.createTempFile(file.getParent(), "index", ".part");
        try {
            unfinished.toFile().deleteOnExit(); // nothing stays behind when the program is stopped
            try (FileChannel channel = FileChannel.open(archive);
                    FileChannel to = FileChannel.open(unfinished, StandardOpenOption.WRITE);
                    DataOutputStream out = new DataOutputStream(
                            new BufferedOutputStream(Channels.newOutputStream(to)))) {
                List<Point> points = new ArrayList<>();
                long[] read = new long[1]; // so far of the archive
                GzipInput in = new GzipInput(channel, SPACING, (position, bit, window) -> {
                    points.add(new Point(position, bit, crc(window, Inflate.WINDOW)));
                    out.write(window, 0, Inflate.WINDOW);
                    progress.accept((bit >>> 3) - read[0]);
                    read[0] = bit >>> 3;
                });
                byte[] found = contents.of(in);
                progress.accept(channel.size() - read[0]);
                out.write(tables(points, found));
                out.flush();
                to.force(true); // or a power cut leaves the name without the bytes
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static byte[] tables(List<Point> points, byte[] contents) {
        int length = Long.BYTES + Integer.BYTES + points.size() * (2 * Long.BYTES + Integer.BYTES) + contents.length;
        ByteBuffer out = ByteBuffer.allocate(length + END).putLong(MAGIC).putInt(points.size());
        points.forEach(point -> out.putLong(point.position()).putLong(point.bit()).putInt(point.crc()));
        out.put(contents);
        return out.putLong((long) points.size() * Inflate.WINDOW).putInt(crc(out.array(), length)).array();
    }

    private static Path file(Path archive, Path folder) throws IOException {
        String key = PathBytes.text(archive.toRealPath()) + "\n" + Files.size(archive) + "\n"
                + Files.getLastModifiedTime(archive);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(digest, 0, 16) + ".index");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
