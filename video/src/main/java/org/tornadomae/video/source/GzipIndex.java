package org.tornadomae.video.source;

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
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.tornadomae.video.ClipException;
import org.tornadomae.video.source.ArchiveIndex.Member;

/**
 * Makes a gzipped tar seekable: its members, and restart points between them.
 *
 * <p>The index is made in one pass and kept in a file of its own, 32 KiB for every 4 MiB, so that a run with a hundred
 * archives starts at once the next time. The windows stay on disk: in memory a restart point is two numbers. The file
 * is named by the archive's path, size and time, so another archive of the same name never meets an old index.
 */
final class GzipIndex {

    private static final long SPACING = 1L << 22;
    private static final int MAX_MEMBER = 1 << 28; // each worker holds one
    private static final long MAGIC = 0x4d41452d495831L; // MAE-IX1

    private final Path archive;
    private final Path file;
    private final ArchiveIndex index;
    private final long[] positions; // in the tar, ascending; the first is 0
    private final long[] bits; // in the archive

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
            index = readIndex(in);
        }
    }

    /** The index of an archive, from its file or, the first time, by reading the archive. */
    static GzipIndex of(Path archive, Path folder, Indexing.Total progress) {
        try {
            Path file = file(archive, folder);
            try {
                return new GzipIndex(archive, file);
            } catch (NoSuchFileException e) {
                build(archive, folder, file, progress);
                return new GzipIndex(archive, file);
            }
        } catch (IOException e) {
            throw new ClipException("cannot index " + archive + " in " + folder + ": " + e
                    + "; the index folder must be writable (--index-dir)", e);
        }
    }

    /** Size of an archive that has no index yet, else 0. */
    static long missingBytes(Path archive, Path folder) {
        try {
            return Files.exists(file(archive, folder)) ? 0 : Files.size(archive);
        } catch (IOException e) {
            throw new ClipException("cannot read " + archive + ": " + e.getMessage(), e);
        }
    }

    Path archive() {
        return archive;
    }

    ArchiveIndex index() {
        return index;
    }

    /** Decompresses a member into the beginning of an array. */
    void read(Member member, byte[] into) throws IOException {
        int found = Arrays.binarySearch(positions, member.offset());
        int restart = found >= 0 ? found : -found - 2;
        byte[] window = window(restart);
        int size = (int) member.size();
        try (FileChannel channel = FileChannel.open(archive)) {
            long skip = member.offset() - positions[restart];
            if (!Restart.read(channel, bits[restart], window, skip, into, size)) { // it runs into the next gzip member
                GzipInput in = new GzipInput(channel, positions[restart], bits[restart], window);
                in.skipTo(member.offset());
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

    /** Writes the windows as they come, then the tables, then where the tables begin. */
    private static void build(Path archive, Path folder, Path file, Indexing.Total progress) throws IOException {
        Files.createDirectories(folder);
        Path unfinished = Files.createTempFile(folder, "index", ".part");
        try {
            unfinished.toFile().deleteOnExit(); // a person who stops the program leaves nothing behind
            try (FileChannel channel = FileChannel.open(archive);
                    OutputStream windows = Files.newOutputStream(unfinished);
                    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(windows))) {
                List<long[]> restarts = new ArrayList<>();
                long[] read = new long[1]; // so far of the archive
                GzipInput in = new GzipInput(channel, SPACING, (position, bit, window) -> {
                    restarts.add(new long[] {position, bit});
                    out.write(window);
                    progress.add((bit >>> 3) - read[0]);
                    read[0] = bit >>> 3;
                });
                ArchiveIndex index = TarScanner.scan(in, Long.MAX_VALUE, MAX_MEMBER);
                checkRest(in, index.losses());
                progress.add(channel.size() - read[0]);
                out.writeLong(MAGIC);
                out.writeInt(restarts.size());
                for (long[] restart : restarts) {
                    out.writeLong(restart[0]);
                    out.writeLong(restart[1]);
                }
                writeIndex(index, out);
                out.writeLong((long) restarts.size() * Inflate.WINDOW);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** The checksum comes after the tar's end mark and its padding. */
    private static void checkRest(GzipInput in, Map<ArchiveLoss, Integer> losses) {
        boolean read = losses.keySet().stream().noneMatch(loss -> loss == ArchiveLoss.ENDS_EARLY
                || loss == ArchiveLoss.DAMAGED_DATA || loss == ArchiveLoss.BOMB);
        if (read) {
            try {
                in.skipTo(Long.MAX_VALUE);
            } catch (IOException e) {
                losses.put(ArchiveLoss.of(e), 1);
            }
        }
        if (!in.intact()) {
            losses.put(ArchiveLoss.CHECKSUM, 1);
        }
    }

    private static void writeIndex(ArchiveIndex index, DataOutputStream out) throws IOException {
        out.writeInt(index.members().size());
        for (Member member : index.members()) {
            byte[] name = member.name().getBytes(StandardCharsets.UTF_8);
            out.writeInt(name.length);
            out.write(name);
            out.writeLong(member.offset());
            out.writeLong(member.size());
        }
        out.writeInt(index.losses().size());
        for (Map.Entry<ArchiveLoss, Integer> loss : index.losses().entrySet()) {
            out.writeUTF(loss.getKey().name());
            out.writeInt(loss.getValue());
        }
    }

    private static ArchiveIndex readIndex(DataInputStream in) throws IOException {
        List<Member> members = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            members.add(new Member(name, in.readLong(), in.readLong()));
        }
        Map<ArchiveLoss, Integer> losses = new EnumMap<>(ArchiveLoss.class);
        for (int left = in.readInt(); left > 0; left--) {
            losses.put(ArchiveLoss.valueOf(in.readUTF()), in.readInt());
        }
        return new ArchiveIndex(members, losses);
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
