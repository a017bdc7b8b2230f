package org.tornadomae.video.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.video.Tars;
import org.tornadomae.video.VideoException;
import org.tornadomae.video.Videos;
import org.tornadomae.video.clip.ClipBatch;
import org.tornadomae.video.clip.ClipLoader;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.clip.LoaderConfig;
import org.tornadomae.video.clip.LoaderResources;
import org.tornadomae.video.source.VideoList;
import org.tornadomae.video.synthetic.SyntheticClips;

class ManifestTest {

    @TempDir
    private static Path folder;

    private static Path clips;
    private static VideoList list;
    private static Manifest manifest;
    private static Path file;

    @BeforeAll
    static void examine() throws Exception {
        clips = folder.resolve("clips");
        new SyntheticClips(48, 40, 20, 3).write(clips, 4);
        Videos.text(clips.resolve("a-text.mp4"));
        Videos.sound(clips.resolve("b-sound.mp4"));
        Files.copy(clips.resolve("clip-0001.mp4"), clips.resolve("copy.mp4"));
        list = VideoList.of(clips);
        AtomicInteger done = new AtomicInteger();
        manifest = Doctor.examine(list, 2, done::incrementAndGet);
        assertEquals(list.size(), done.get());
        file = folder.resolve("manifest.jsonl");
        manifest.write(file);
    }

    private static String refused(String lines) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jsonl"), lines);
        String message = assertThrows(VideoException.class, () -> Manifest.read(broken)).getMessage();
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void whatIsWrittenIsRead() {
        assertEquals(manifest, Manifest.read(file));
    }

    @Test
    void theSummaryCountsByReason() {
        assertEquals(List.of("7 videos: 5 usable with 100 frames, 2 damaged", "         1 no video stream",
                "         1 not a video", "1 are copies of others, byte for byte: copy.mp4"), Summary.of(manifest));
        Entry first = manifest.entries().get(2);
        assertEquals(List.of("clip-0000.mp4", clips.resolve("clip-0000.mp4").toString(), "h264", "20 48x40 30.0"),
                List.of(first.name(), first.source(), first.codec(),
                        first.frames() + " " + first.width() + "x" + first.height() + " " + first.fps()));
        assertEquals(List.of("2 are also in " + folder.resolve("val") + ": clip-0000.mp4, clip-0001.mp4"),
                Summary.overlap(manifest, valid()));
    }

    private static VideoList valid() {
        try {
            new SyntheticClips(48, 40, 20, 3).write(folder.resolve("val"), 2);
            return VideoList.of(folder.resolve("val"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void trainingTakesUsableVideosInTheManifestsOrderHoweverTheyArePacked() throws Exception {
        List<Entry> reversed = new ArrayList<>(manifest.entries()).reversed();
        VideoList chosen = new Manifest(reversed).choose(list, file);
        assertEquals(List.of("copy.mp4", "clip-0003.mp4", "clip-0002.mp4", "clip-0001.mp4", "clip-0000.mp4"),
                Tars.names(chosen));
        assertEquals(20, chosen.frames(0));
        Path tar = Tars.gzipped(folder.resolve("packed.tgz"), 6, Tars.of(clips, "elsewhere/"));
        VideoList packed = new Manifest(reversed).choose(VideoList.of(tar.toString(), folder), file);
        assertEquals(chosen.fingerprint(), packed.fingerprint());
        LoaderConfig config = new LoaderConfig(new ClipShape(4, 24, 32), 2, 2, 2, new LoaderResources(2));
        try (ClipLoader one = new ClipLoader(chosen, config, Videos.random(4), 0);
                ClipLoader other = new ClipLoader(packed, config, Videos.random(4), 0)) {
            for (int i = 0; i < 4; i++) {
                ClipBatch expected = one.next();
                ClipBatch batch = other.next();
                assertArrayEquals(expected.pixels(), batch.pixels());
                expected.release();
                batch.release();
            }
            assertTrue(other.skipped().isEmpty());
        }
    }

    @Test
    void theManifestOfOtherDataIsRefused() throws Exception {
        String head = file + " is the manifest of other data than ";
        Path less = folder.resolve("less");
        new SyntheticClips(48, 40, 20, 3).write(less, 4);
        assertEquals(head + less + ": a-text.mp4 is not in it; run bin/mae doctor again",
                assertThrows(VideoException.class, () -> manifest.choose(VideoList.of(less), file)).getMessage());
        Manifest short1 = new Manifest(manifest.entries().subList(0, 6));
        assertEquals(head + clips + ": it has no line for copy.mp4; run bin/mae doctor again",
                assertThrows(VideoException.class, () -> short1.choose(list, file)).getMessage());
        Path other = folder.resolve("other");
        new SyntheticClips(48, 40, 20, 4).write(other, 4);
        Manifest clipsOnly = new Manifest(manifest.entries().subList(2, 6));
        assertEquals(head + other + ": clip-0000.mp4 has another size in it; run bin/mae doctor again",
                assertThrows(VideoException.class, () -> clipsOnly.choose(VideoList.of(other), file)).getMessage());
        Manifest bad = new Manifest(manifest.entries().subList(0, 1));
        Path text = Files.createDirectories(folder.resolve("text"));
        Videos.text(text.resolve("a-text.mp4"));
        assertEquals("none of the 1 videos in " + file + " is usable",
                assertThrows(VideoException.class, () -> bad.choose(VideoList.of(text), file)).getMessage());
    }

    @Test
    void brokenManifestsAreRefusedInOneLine() throws Exception {
        assertTrue(refused("").endsWith("is an empty manifest; make it with bin/mae doctor"));
        assertTrue(refused("label path\n").contains("broken.jsonl:1: not a line of a manifest"));
        assertTrue(refused("null\n").contains("broken.jsonl:1: not a line of a manifest"));
        String line = Files.readAllLines(file).getFirst();
        for (String junk : List.of(" x", "}", " {}", ", null")) {
            assertTrue(refused(line + "\n" + line + junk + "\n").contains("broken.jsonl:2: not a line"), junk);
        }
        for (String wrong : List.of("\"bytes\":-2", "\"label\":-7", "\"fps\":\"NaN\"", "\"width\":-1",
                "\"frames\":99999999999", "\"name\":null")) {
            String field = wrong.replaceFirst(":.*", ":");
            String broken = line.replaceFirst(field + "(\"[^\"]*\"|[^,}]*)", wrong);
            assertTrue(refused(broken + "\n").contains("broken.jsonl:1: not a line"), wrong);
        }
        assertTrue(refused("{}\n").contains("broken.jsonl:1: not a line of a manifest"));
        assertTrue(refused(Files.readString(file) + "{\"name\":\"x\",\"verdict\":\"usable\"}\n").contains(":8: "));
        Path none = folder.resolve("none.jsonl");
        assertEquals("no such manifest: " + none,
                assertThrows(VideoException.class, () -> Manifest.read(none)).getMessage());
    }

    @Test
    void whatHasChangedIsNamed() {
        assertEquals(List.of(), Summary.changes(manifest, manifest));
        List<Entry> entries = new ArrayList<>(manifest.entries());
        entries.removeLast();
        Entry was = entries.get(2);
        entries.set(2, new Entry(was.name(), was.source(), 5, "0", 0, 0, 30, 0, 0, "h264", 8,
                Entry.DAMAGED, "truncated"));
        assertEquals(List.of("1 gone: copy.mp4", "1 now damaged: clip-0000.mp4",
                "1 with other content: clip-0000.mp4", "1 with another label: clip-0000.mp4",
                "1 with other frames: clip-0000.mp4"), Summary.changes(manifest, new Manifest(entries)));
        assertEquals("1 new: copy.mp4", Summary.changes(new Manifest(entries), manifest).getFirst());
    }
}
