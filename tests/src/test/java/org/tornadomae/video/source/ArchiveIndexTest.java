package org.tornadomae.video.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.video.Tars;
import org.tornadomae.video.codec.ByteSource;

/// Archives with damaged indexes, strange names and very many members.
class ArchiveIndexTest {

    @TempDir
    private Path folder;

    private static byte[] bytes(ByteSource bytes) throws Exception {
        try (InputStream in = Channels.newInputStream(bytes.open())) {
            return in.readAllBytes();
        }
    }

    /// Several restart points' worth.
    private static List<byte[]> members() {
        SplittableRandom random = new SplittableRandom(1);
        List<byte[]> members = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byte[] bytes = new byte[1 + random.nextInt(3_000_000)];
            random.nextBytes(bytes);
            members.add(bytes);
        }
        return members;
    }

    /// The index is damaged before it is opened, and again while it is in use.
    @Test
    void aDamagedIndexIsMadeAgain() throws Exception {
        List<byte[]> members = members();
        Path archive = Tars.gzipped(folder.resolve("indexed.tgz"), 6, tar -> {
            for (int i = 0; i < members.size(); i++) {
                Tars.add(tar, i + ".mp4", members.get(i));
            }
        });
        Path indexes = folder.resolve("indexes");
        VideoList.of(archive.toString(), indexes);
        Path index;
        try (Stream<Path> files = Files.list(indexes)) {
            index = files.findFirst().orElseThrow();
        }
        byte[] whole = Files.readAllBytes(index);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 20; i++) {
            byte[] bytes = i % 5 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (i % 5 != 0) { // in the tables, in the windows, at the very end
                int where = i % 5 == 1
                        ? bytes.length - 1 - random.nextInt(12)
                        : i % 5 == 2 ? bytes.length - 13 - random.nextInt(200) : random.nextInt(bytes.length);
                bytes[where] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(index, bytes);
            VideoList list = VideoList.of(archive.toString(), indexes);
            for (int member : new int[] {9, 5, 0, 7}) {
                assertArrayEquals(members.get(member), bytes(list.bytes(member)), "member " + member + ", case " + i);
                Files.write(index, i % 2 == 0 ? bytes : new byte[0]);
            }
        }
        assertArrayEquals(members.get(4), bytes(VideoList.of(archive.toString(), indexes).bytes(4)));
        try (Stream<Path> files = Files.list(indexes)) {
            assertEquals(List.of(index), files.toList(), "no file is left over");
        }
    }

    @Test
    void membersAreNamedByBytesAndWhatIsDroppedIsCounted() throws Exception {
        Path archive = folder.resolve("latin1.tar");
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(Files.newOutputStream(archive), StandardCharsets.ISO_8859_1.name())) {
            for (char letter : "\u00e0\u00e1\u00e2\u00e3\u00e4\u00e5".toCharArray()) {
                Tars.add(tar, letter + ".mp4", new byte[] {(byte) letter});
            }
            Tars.add(tar, "a.mp4", new byte[] {1});
            Tars.add(tar, "a.mp4", new byte[] {2});
        }
        VideoList list = VideoList.of(archive.toString(), folder);
        assertEquals(List.of("\\xE0.mp4", "\\xE1.mp4", "\\xE2.mp4", "\\xE3.mp4", "\\xE4.mp4", "\\xE5.mp4", "a.mp4"),
                Tars.names(list));
        assertEquals((byte) 0xe3, bytes(list.bytes(3))[0]);
        assertEquals(2, bytes(list.bytes(6))[0], "the later of equal names counts, as when it is unpacked");
        assertEquals(List.of(archive + ": not used: 1 older member of the same name"), list.report().lines());
        Path utf8 = folder.resolve("utf8.tar");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(utf8), "UTF-8")) {
            Tars.add(tar, "\u4e2d\u56fd.mp4", new byte[] {1});
            tar.setAddPaxHeadersForNonAsciiNames(true);
            Tars.add(tar, "\u65e5\u672c.mp4", new byte[] {2});
            Tars.add(tar, "caf\u00e9.mp4", new byte[] {3});
        }
        assertEquals(List.of("caf\u00e9.mp4", "\u4e2d\u56fd.mp4", "\u65e5\u672c.mp4"), Tars.names(VideoList.of(utf8)));
    }

    /// Time is linear in size: listing, and reading members in their order.
    @Test
    void aHundredThousandTinyMembersAreReadInSeconds() throws Exception {
        int members = 100_000;
        Path archive = Tars.gzipped(folder.resolve("tiny.tgz"), 1, tar -> {
            for (int i = 0; i < members; i++) {
                Tars.add(tar, String.format("%06d.mp4", i), new byte[] {(byte) i, (byte) (i >> 8)});
            }
        });
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            VideoList list = VideoList.of(archive.toString(), folder);
            assertEquals(members, list.size());
            for (int i = 0; i < members; i++) {
                assertArrayEquals(new byte[] {(byte) i, (byte) (i >> 8)}, bytes(list.bytes(i)));
            }
        });
    }
}
