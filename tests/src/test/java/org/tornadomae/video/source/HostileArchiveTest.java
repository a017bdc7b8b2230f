package org.tornadomae.video.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.video.Tars;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.codec.DamageReason;
import org.tornadomae.video.codec.DamagedVideoException;

/// Archives whose maker meant harm, or whose disk did it.
class HostileArchiveTest {

    private static final Duration EACH = Duration.ofSeconds(10);
    private static final int BLOCK = 512;
    private static final int MOST = 1 << 28; // what docs/data.md promises

    @TempDir
    private static Path folder;

    private static byte[] tar;
    private static byte[] gzip;
    private static final Map<ArchiveDefect, Integer> COUNTS = new EnumMap<>(ArchiveDefect.class);

    @BeforeAll
    static void make() throws IOException {
        byte[] video = new byte[3000];
        new SplittableRandom(3).nextBytes(video);
        tar = Files.readAllBytes(Tars.plain(folder.resolve("evil.tar"), out -> evil(out, video)));
        gzip = Files.readAllBytes(Tars.gzipped(folder.resolve("evil.tgz"), 6, out -> evil(out, video)));
    }

    /// Every trick that a tar knows, among good members; the last lies about its length.
    private static void evil(TarArchiveOutputStream out, byte[] video) throws IOException {
        Tars.add(out, "good1.mp4", video);
        Tars.add(out, "good2.mp4", new byte[] {1}); // there is a newer one
        Tars.add(out, "half.mp4.part", video);
        Tars.add(out, folder.resolve("outside/absolute.mp4").toString(), video);
        Tars.add(out, "../outside/dots.mp4", video);
        Tars.add(out, "a/../../outside/inner.mp4", video);
        Tars.add(out, "c:\\outside\\windows.mp4", video);
        for (byte kind : new byte[] {TarConstants.LF_SYMLINK, TarConstants.LF_LINK, TarConstants.LF_CHR,
                TarConstants.LF_BLK, TarConstants.LF_FIFO, TarConstants.LF_GNUTYPE_SPARSE, (byte) 'V'}) {
            Tars.addSpecial(out, "special-" + (char) kind + ".mp4", kind);
        }
        member(out, new TarArchiveEntry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC), records("GNU.sparse.major=1",
                "GNU.sparse.minor=0", "GNU.sparse.realsize=9000000000000000"));
        Tars.add(out, "sparse.mp4", video); // no map of its pieces, as there should be
        Tars.add(out, "nested.tar.gz", Files.readAllBytes(bomb("inner.tgz", 3)));
        Tars.add(out, "good2.mp4", video);
        member(out, new TarArchiveEntry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC),
                records("size=9000000000000000000"));
        Tars.add(out, "longer-than-all-disks.mp4", video);
    }

    private static void member(TarArchiveOutputStream out, TarArchiveEntry entry, byte[] bytes) throws IOException {
        entry.setSize(bytes.length);
        out.putArchiveEntry(entry);
        out.write(bytes);
        out.closeArchiveEntry();
    }

    /// As an extended header has them, each with its own length in front.
    private static byte[] records(String... records) {
        return Stream.of(records).map(record -> (record.length() + 4) + " " + record + "\n")
                .collect(Collectors.joining()).getBytes(StandardCharsets.US_ASCII);
    }

    /// A gzipped tar of zeros, in a gzipped tar, in a gzipped tar …
    private static Path bomb(String name, int depth) throws IOException {
        byte[] inner = depth == 0 ? new byte[80_000_000] : Files.readAllBytes(bomb(name, depth - 1));
        return Tars.gzipped(folder.resolve(name), 9, out -> Tars.add(out, "bomb.mp4", inner));
    }

    /// A member one byte larger than a gzipped archive may have, between two good ones; it shrinks too little for a
    /// bomb.
    private static void tooLarge(TarArchiveOutputStream out) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        byte[] noise = new byte[128];
        byte[] piece = new byte[4096];
        Tars.add(out, "good1.mp4", piece);
        TarArchiveEntry large = new TarArchiveEntry("large.mp4");
        large.setSize(MOST + 1);
        out.putArchiveEntry(large);
        for (int at = 0; at < MOST; at += piece.length) {
            random.nextBytes(noise);
            System.arraycopy(noise, 0, piece, 0, noise.length);
            out.write(piece);
        }
        out.write(0);
        out.closeArchiveEntry();
        Tars.add(out, "good2.mp4", piece);
    }

    /// Lists an archive and reads what is listed; counts what is not. Returns the names.
    private static List<String> examine(byte[] archive, String name) throws IOException {
        Path file = Files.write(folder.resolve(name), archive);
        return assertTimeoutPreemptively(EACH, () -> {
            try {
                VideoList list = VideoList.of(file.toString(), folder.resolve("index"));
                list.report().defects().values()
                        .forEach(defects -> defects.forEach((defect, n) -> COUNTS.merge(defect, n, Integer::sum)));
                for (int i = 0; i < list.size(); i++) {
                    read(list, i);
                }
                return Tars.names(list);
            } catch (VideoException e) {
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
                Stream.of(ArchiveDefect.values()).filter(defect -> e.getMessage().contains(defect.toString()))
                        .forEach(defect -> COUNTS.merge(defect, 1, Integer::sum));
                return List.of();
            }
        }, name);
    }

    private static void read(VideoList list, int video) throws IOException {
        try (InputStream in = Channels.newInputStream(list.bytes(video).open())) {
            assertEquals(list.bytes(video).size(), in.readAllBytes().length);
        } catch (DamagedVideoException e) {
            // a flip in the middle of compressed data; or so little is left that it was taken for a list of files
            assertTrue(EnumSet.of(DamageReason.UNREADABLE, DamageReason.MISSING).contains(e.reason()), e.getMessage());
        }
    }

    /// Around every block of the tar, and around its gzip's first and last bytes.
    private static List<byte[]> cuts() {
        List<byte[]> cuts = new ArrayList<>();
        for (int at = 0; at < tar.length; at += BLOCK) {
            for (int near : new int[] {at, at + 1, at + BLOCK / 2, at + BLOCK - 1}) {
                cuts.add(Arrays.copyOf(tar, near));
            }
        }
        for (int at = 0; at < 40; at++) {
            cuts.add(Arrays.copyOf(gzip, at));
            cuts.add(Arrays.copyOf(gzip, gzip.length - 1 - at));
        }
        return cuts;
    }

    private static List<byte[]> flips() {
        List<byte[]> flips = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 400; i++) {
            byte[] bytes = (i % 2 == 0 ? tar : gzip).clone();
            // half of them where it hurts: in headers of members, in the gzip's first blocks
            int where = i % 4 < 2
                    ? random.nextInt(bytes.length)
                    : random.nextInt(bytes.length / BLOCK) * BLOCK + random.nextInt(160);
            bytes[Math.min(where, bytes.length - 1)] ^= (byte) (1 << random.nextInt(8));
            flips.add(bytes);
        }
        return flips;
    }

    private static byte[] gzipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void hostileArchivesAreCountedNoneHangsAndNothingLeavesThem() throws Exception {
        List<String> good = List.of("good1.mp4", "good2.mp4", "nested.tar.gz");
        assertEquals(good, examine(tar, "whole.tar"));
        Map<ArchiveDefect, Integer> expected = new EnumMap<>(Map.of(ArchiveDefect.LINK, 2,
                ArchiveDefect.DEVICE, 3, ArchiveDefect.SPECIAL, 2,
                ArchiveDefect.OLDER_COPY, 1, ArchiveDefect.UNFINISHED, 1,
                ArchiveDefect.UNSAFE_NAME, 4, ArchiveDefect.DAMAGED_HEADER, 1, ArchiveDefect.ENDS_EARLY, 1));
        assertEquals(expected, COUNTS);
        assertEquals(good, examine(gzip, "whole.tgz"));
        assertEquals(List.of(), examine(Files.readAllBytes(bomb("bomb.tgz", 0)), "bomb0.tgz"));
        assertEquals(List.of("bomb.mp4"), examine(Files.readAllBytes(bomb("bomb.tgz", 9)), "bomb9.tgz"),
                "a video that is none");
        byte[] large = Files.readAllBytes(Tars.gzipped(folder.resolve("large.tgz"), 1, HostileArchiveTest::tooLarge));
        assertEquals(List.of("good1.mp4", "good2.mp4"), examine(large, "tooLarge.tgz"));
        assertEquals(1, COUNTS.get(ArchiveDefect.TOO_LARGE));
        assertEquals(List.of(), examine(gzipped(gzip), "twice.tgz"), "gzip in gzip is no archive");
        assertEquals(List.of(), examine(gzipped(new byte[0]), "nothing.tgz"));
        List<byte[]> damaged = new ArrayList<>(cuts());
        damaged.addAll(flips());
        for (int i = 0; i < damaged.size(); i++) {
            examine(damaged.get(i), "damaged" + i);
        }
        assertEquals(EnumSet.allOf(ArchiveDefect.class), EnumSet.copyOf(COUNTS.keySet()), "each is met");
        assertTrue(Files.notExists(folder.resolve("outside")) && Files.notExists(folder.resolveSibling("outside")));
    }
}
