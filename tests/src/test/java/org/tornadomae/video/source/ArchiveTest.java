package org.tornadomae.video.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.video.Tars;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.Videos;
import org.tornadomae.video.clip.ClipBatch;
import org.tornadomae.video.clip.ClipLoader;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.clip.LoaderConfig;
import org.tornadomae.video.clip.LoaderResources;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.synthetic.SyntheticClips;

class ArchiveTest {

    private static final int CLIPS = 6;

    @TempDir
    private static Path folder;

    private static Path clips;
    private static VideoList unpacked;

    @BeforeAll
    static void makeClips() throws Exception {
        clips = folder.resolve("clips");
        new SyntheticClips(48, 40, 20, 3).write(clips, CLIPS);
        unpacked = VideoList.of(clips);
    }

    private static VideoList list(String data) {
        return VideoList.of(data, folder.resolve("index"));
    }

    private static VideoList list(Path data) {
        return list(data.toString());
    }

    private static List<String> stream(VideoList videos, int workers) {
        List<String> lines = new ArrayList<>();
        LoaderConfig config = new LoaderConfig(new ClipShape(4, 24, 32), 2, 2, 2, new LoaderResources(workers));
        try (ClipLoader loader = new ClipLoader(videos, config, Videos.random(4), 1)) {
            for (int i = 0; i < 6; i++) {
                ClipBatch batch = loader.next();
                lines.add(Arrays.toString(batch.videos()) + " " + Arrays.hashCode(batch.pixels()));
                batch.release();
            }
        }
        return lines;
    }

    private static byte[] bytes(ByteSource bytes) throws Exception {
        try (InputStream in = Channels.newInputStream(bytes.open())) {
            return in.readAllBytes();
        }
    }

    /// Everything that a K400 mirror has: gzipped parts, a plain tar with a wrong name and layout, replacements.
    private static Path mirror(String name) throws IOException {
        Path mirror = Files.createDirectories(folder.resolve(name));
        byte[] broken = "once a video".getBytes(StandardCharsets.US_ASCII);
        Tars.gzipped(mirror.resolve("part_0.tar.gz"), 6, tar -> {
            Tars.add(tar, "./clip-0000.mp4", broken);
            Tars.add(tar, "./clip-0001.mp4", Files.readAllBytes(clips.resolve("clip-0001.mp4")));
            Tars.add(tar, "./clip-0002.mp4", Files.readAllBytes(clips.resolve("clip-0002.mp4")));
        });
        Tars.plain(mirror.resolve("part_1.tar.gz"), tar -> {
            Tars.add(tar, "k400/train/clip-0003.mp4", broken);
            Tars.add(tar, "k400/train/clip-0004.mp4", Files.readAllBytes(clips.resolve("clip-0004.mp4")));
            Tars.add(tar, "k400/notes.txt", broken);
        });
        Tars.gzipped(mirror.resolve("Replacement_for_corrupted.tgz"), 1, tar -> {
            Tars.add(tar, "new/clip-0000.mp4", Files.readAllBytes(clips.resolve("clip-0000.mp4")));
            Tars.add(tar, "new/clip-0003.mp4", Files.readAllBytes(clips.resolve("clip-0003.mp4")));
        });
        Files.copy(clips.resolve("clip-0005.mp4"), mirror.resolve("clip-0005.mp4"));
        return mirror;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void batchesAreTheSameFromTheFolderAndFromWhatItWasPackedInto(int workers) throws Exception {
        VideoList packed = list(mirror("mirror" + workers));
        assertEquals(unpacked.fingerprint(), packed.fingerprint());
        assertEquals(List.of("new/clip-0000.mp4", "clip-0001.mp4", "clip-0002.mp4", "new/clip-0003.mp4",
                "k400/train/clip-0004.mp4", "clip-0005.mp4"), Tars.names(packed));
        assertEquals(List.of("2 videos replaced by copies in Replacement_for_corrupted.tgz"), packed.report().lines());
        assertEquals(stream(unpacked, 2), stream(packed, workers));
    }

    @Test
    void aListOfSourcesIsOneDataSetAndReplacementsReplace() throws Exception {
        Path mirror = mirror("listed");
        VideoList all = list(mirror.resolve("part_0.tar.gz") + ", " + mirror.resolve("part_1.tar.gz") + ","
                + mirror.resolve("Replacement_for_corrupted.tgz") + ","
                + mirror.resolve("nothing").resolveSibling("."));
        assertEquals(unpacked.fingerprint(), all.fingerprint());
        VideoList reversed = list(mirror.resolve("Replacement_for_corrupted.tgz") + ","
                + mirror.resolve("part_0.tar.gz"));
        assertArrayEquals(bytes(unpacked.bytes(0)), bytes(reversed.bytes(0)), "wherever they are given");
    }

    /// Restart points lie 4 MiB apart, so members must come out right before, between and across them.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6})
    void everyMemberOfAGzippedTarComesOutWhole(int level) throws Exception {
        List<byte[]> members = members();
        Path archive = Tars.gzipped(folder.resolve("level" + level + ".tgz"), level, tar -> {
            for (int i = 0; i < members.size(); i++) {
                Tars.add(tar, i + ".mp4", members.get(i));
            }
        });
        for (int opened = 0; opened < 2; opened++) { // the second time from the stored index
            VideoList list = list(archive);
            assertTrue(list.report().lines().isEmpty(), () -> list.report().lines().toString());
            for (int i : new int[] {9, 3, 0, 7, 8, 1, 2, 4, 5, 6}) {
                assertArrayEquals(members.get(i), bytes(list.bytes(i)), "member " + i);
            }
        }
    }

    private static List<byte[]> members() {
        SplittableRandom random = new SplittableRandom(1);
        List<byte[]> members = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byte[] bytes = new byte[i == 4 ? 9_000_000 : 1 + random.nextInt(3_000_000)];
            random.nextBytes(bytes);
            if (i % 3 == 1) { // text-like: many matches
                for (int k = 0; k < bytes.length; k++) {
                    bytes[k] = (byte) ("aab".charAt((bytes[k] & 0xff) % 3) + (k >> 16) % 7);
                }
            }
            members.add(bytes);
        }
        return members;
    }

    @Test
    void concatenatedGzipFilesAreOne() throws Exception {
        Path tar = Tars.plain(folder.resolve("cat.tar"), Tars.of(clips, ""));
        byte[] bytes = Files.readAllBytes(tar);
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (int from = 0; from < bytes.length; from += 3333) {
            Path part = folder.resolve("cat.gz");
            try (var out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(part))) {
                out.write(bytes, from, Math.min(3333, bytes.length - from));
            }
            joined.write(Files.readAllBytes(part));
        }
        joined.write(new byte[700]); // tapes are padded
        VideoList list = list(Files.write(folder.resolve("cat.tgz"), joined.toByteArray()));
        assertEquals(unpacked.fingerprint(), list.fingerprint());
        assertEquals(List.of(), list.report().lines());
        assertArrayEquals(bytes(unpacked.bytes(4)), bytes(list.bytes(4)));
    }

    @Test
    void whatIsNoPlainFileIsCountedAndHarmless() throws Exception {
        byte[] bytes = {1, 2, 3};
        Path archive = Tars.plain(folder.resolve("odd.tar"), tar -> {
            Tars.add(tar, "good1.mp4", bytes);
            Tars.add(tar, "/etc/evil.mp4", bytes);
            Tars.add(tar, "a/../../evil.mp4", bytes);
            Tars.addSpecial(tar, "link.mp4", TarConstants.LF_SYMLINK);
            Tars.addSpecial(tar, "hard.mp4", TarConstants.LF_LINK);
            Tars.addSpecial(tar, "null.mp4", TarConstants.LF_CHR);
            Tars.addSpecial(tar, "disk.mp4", TarConstants.LF_BLK);
            Tars.addSpecial(tar, "pipe.mp4", TarConstants.LF_FIFO);
            Tars.add(tar, "n".repeat(300) + "/good2.mp4", bytes);
            Tars.add(tar, "._good1.mp4", bytes);
        });
        VideoList list = list(archive);
        assertEquals(List.of("good1.mp4", "n".repeat(300) + "/good2.mp4"), Tars.names(list));
        assertEquals(List.of(archive + ": not used: 2 link, 3 device or pipe, 2 absolute or .. name"),
                list.report().lines());
    }

    @Test
    void aPartThatEndsEarlyKeepsItsWholeMembersAndSaysSo() throws Exception {
        Path whole = Tars.plain(folder.resolve("whole.tar"), Tars.of(clips, ""));
        Path gzip = Tars.gzipped(folder.resolve("whole.tgz"), 6, Tars.of(clips, ""));
        byte[] plain = Files.readAllBytes(whole);
        byte[] packed = Files.readAllBytes(gzip);
        SplittableRandom random = new SplittableRandom(7);
        long last = 0;
        int end = plain.length;
        while (plain[end - 1] == 0) {
            end--;
        }
        for (int cut = 600; cut < end; cut += 1 + random.nextInt(300)) {
            last = checkCut(Files.write(folder.resolve("cut.tar"), Arrays.copyOf(plain, cut)), last);
        }
        assertTrue(last >= CLIPS - 1, "members found: " + last);
        last = 0;
        for (int cut = 200; cut < packed.length; cut += 1 + random.nextInt(300)) {
            last = checkCut(Files.write(folder.resolve("cut.tgz"), Arrays.copyOf(packed, cut)), last);
        }
        assertTrue(last >= CLIPS - 1, "members found: " + last);
    }

    private static long checkCut(Path archive, long atLeast) throws Exception {
        VideoList list;
        try {
            list = list(archive);
        } catch (VideoException e) {
            assertTrue(e.getMessage().startsWith("no videos in " + archive) && e.getMessage().contains("early end"),
                    e.getMessage());
            return 0;
        }
        assertTrue(list.report().lines().getFirst().contains("1 early end"), list.report().lines().toString());
        assertTrue(list.size() >= atLeast);
        for (int i = 0; i < list.size(); i++) {
            assertArrayEquals(bytes(unpacked.bytes(i)), bytes(list.bytes(i)), "member " + i);
        }
        return list.size();
    }

    @Test
    void flippedBitsNeverStopTheScan() throws Exception {
        byte[][] originals = {Files.readAllBytes(Tars.plain(folder.resolve("flip.tar"), Tars.of(clips, ""))),
                Files.readAllBytes(Tars.gzipped(folder.resolve("flip.tgz"), 6, Tars.of(clips, "")))};
        SplittableRandom random = new SplittableRandom(11);
        int survivors = 0;
        for (int i = 0; i < 400; i++) {
            byte[] bytes = originals[i % 2].clone();
            // half of them where it hurts: the tar's headers, the gzip's first blocks
            int where = random.nextInt(i % 4 < 2 ? 1024 : bytes.length);
            bytes[where] ^= (byte) (1 << random.nextInt(8));
            try {
                survivors += list(Files.write(folder.resolve("flip" + i), bytes)).size();
            } catch (VideoException e) {
                assertEquals(1, e.getMessage().lines().count());
            }
        }
        assertTrue(survivors > 400, "members found in all: " + survivors);
    }

    @Test
    void aDamagedHeaderCostsOneMember() throws Exception {
        byte[] bytes = Files.readAllBytes(Tars.plain(folder.resolve("header.tar"), Tars.of(clips, "")));
        bytes[0] ^= 1;
        Path damaged = Files.write(folder.resolve("header.tar"), bytes);
        Path pair = Tars.plain(folder.resolve("a-good.tar"), tar -> Tars.add(tar, "x.mp4", new byte[] {1}));
        byte[] good = Files.readAllBytes(pair);
        byte[] joined = Arrays.copyOf(good, 1024 + bytes.length);
        System.arraycopy(bytes, 0, joined, 1024, bytes.length);
        Files.write(damaged, joined);
        VideoList list = list(damaged);
        assertEquals(CLIPS, list.size(), "x.mp4 and all but the first");
        assertEquals(List.of(damaged + ": not used: 1 damaged header"), list.report().lines());
        assertArrayEquals(bytes(unpacked.bytes(5)), bytes(list.bytes(4)));
    }

    @Test
    void bombsAreLeftAlone() throws Exception {
        Path bomb = Tars.gzipped(folder.resolve("bomb.tgz"), 9, tar -> {
            Tars.add(tar, "good.mp4", new byte[] {1, 2, 3});
            Tars.add(tar, "bomb.mp4", new byte[200_000_000]);
        });
        VideoList list = list(bomb);
        assertEquals(List.of("good.mp4"), Tars.names(list));
        assertEquals(List.of(bomb + ": not used: 1 decompression bomb"), list.report().lines());
    }

    @ParameterizedTest
    @CsvSource({"empty.tar,0", "empty.tgz,1"})
    void anEmptyArchiveIsSaidInOneLine(String name, int gzip) throws Exception {
        Path file = folder.resolve(name);
        Path archive = gzip == 1 ? Tars.gzipped(file, 6, _ -> {}) : Tars.plain(file, _ -> {});
        String message = assertThrows(VideoException.class, () -> list(archive)).getMessage();
        assertTrue(message.startsWith("no videos in " + archive) && message.contains("1 empty archive"), message);
        Path damaged = Files.write(folder.resolve("x" + name), new byte[] {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3});
        String other = assertThrows(VideoException.class, () -> list(damaged)).getMessage();
        assertEquals(1, other.lines().count(), other);
    }

    @Test
    void kineticsOwnListNamesMembersAndNumbersItsClasses() throws Exception {
        Path tar = Tars.gzipped(folder.resolve("k.tar.gz"), 6, archive -> {
            Tars.add(archive, "part/-aB_c1234567_000003_000013.mp4", new byte[] {1});
            Tars.add(archive, "part/zzzzzzzzzzz_000100_000110.mp4", new byte[] {2});
            Tars.add(archive, "part/unnamed0000_000100_000110.mp4", new byte[] {3});
        });
        Path csv = Files.writeString(folder.resolve("train.csv"), "label,youtube_id,time_start,time_end,split\n"
                + "zumba,-aB_c1234567,3,13,train\n\"abseiling\",zzzzzzzzzzz,100,110,train\n"
                + "yoga,gone0000000,1,11,train\n");
        VideoList list = list(csv + "," + tar);
        assertEquals(List.of("part/-aB_c1234567_000003_000013.mp4", "part/zzzzzzzzzzz_000100_000110.mp4"),
                Tars.names(list));
        assertEquals(List.of(2, 0), List.of(list.label(0), list.label(1)));
        assertEquals(List.of("1 videos annotated, but not in the data",
                "1 videos in the data, but not annotated (left out)"), list.report().lines());
        Files.writeString(csv, "label,youtube_id,time_start,time_end,split\nzumba,nobody,3,13,train\n");
        assertEquals("none of the 3 videos is named in " + csv + ", whose first name is nobody_000003_000013.mp4:"
                + " is it the list of other data?",
                assertThrows(VideoException.class, () -> list(csv + "," + tar)).getMessage());
        Files.writeString(csv, "label,youtube_id,time_start,time_end,split\nzumba,nobody,three,13,train\n");
        assertTrue(assertThrows(VideoException.class, () -> list(csv + "," + tar)).getMessage()
                .startsWith(csv + ":2: broken row"));
    }

    @Test
    void aListOfPathsLabelsTheMembersOfArchives() throws Exception {
        Path tar = Tars.plain(folder.resolve("labelled.tar"), Tars.of(clips, "deep/down/"));
        Path csv = Files.writeString(folder.resolve("val.csv"), "/elsewhere/clip-0004.mp4 7\nclip-0001.mp4 9\n");
        VideoList list = list(tar + "," + csv);
        assertEquals(List.of("deep/down/clip-0001.mp4", "deep/down/clip-0004.mp4"), Tars.names(list));
        assertEquals(List.of(9, 7), List.of(list.label(0), list.label(1)));
    }
}
