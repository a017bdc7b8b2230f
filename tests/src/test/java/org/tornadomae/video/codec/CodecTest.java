package org.tornadomae.video.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.video.Avi;
import org.tornadomae.video.Videos;
import org.tornadomae.video.synthetic.SyntheticClips;

class CodecTest {

    @TempDir
    private static Path folder;

    private static DamageReason damage(Path file) {
        return assertThrows(DamagedVideoException.class, () -> Videos.frames(file), file::toString).reason();
    }

    private static Path synthetic(String name) throws IOException {
        return new SyntheticClips(64, 48, 20, 1).write(folder.resolve(name), 1).getFirst();
    }

    @Test
    void whatIsNoVideoIsNamed() throws IOException {
        assertEquals(DamageReason.NOT_A_VIDEO, damage(Videos.text(folder.resolve("text.mp4"))));
        assertEquals(DamageReason.NOT_A_VIDEO, damage(Videos.text(folder.resolve("text.avi"))));
        assertEquals(DamageReason.NOT_A_VIDEO, damage(Videos.zeros(folder.resolve("zeros.mp4"))));
        assertEquals(DamageReason.NOT_A_VIDEO, damage(Videos.noise(folder.resolve("noise.mkv"))));
        assertEquals(DamageReason.EMPTY, damage(Videos.empty(folder.resolve("empty.mp4"))));
        assertEquals(DamageReason.NO_VIDEO_STREAM, damage(Videos.sound(folder.resolve("sound.mp4"))));
        assertEquals(DamageReason.MISSING, damage(folder.resolve("missing.mp4")));
        assertEquals(DamageReason.UNREADABLE, damage(folder));
        assertEquals(DamageReason.NO_VIDEO_STREAM, damage(Videos.noTracks(folder.resolve("none.mp4"))));
        assertEquals(DamageReason.NO_FRAMES, damage(Videos.wiped(synthetic("wiped"), folder.resolve("wiped.mp4"))));
    }

    @Test
    void playListsOpenNothingElse() throws Exception {
        Path video = synthetic("listed");
        for (String list : List.of("ffconcat version 1.0\nfile '" + video + "'\n",
                "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n")) {
            assertEquals(DamageReason.NOT_A_VIDEO, damage(Files.writeString(folder.resolve("list.mp4"), list)));
        }
    }

    @Test
    void anMp4CutOffBeforeItsIndexIsTruncated() throws Exception {
        Path video = synthetic("cut");
        int size = (int) Files.size(video);
        for (int bytes : new int[] {8, 12, 40, 100, size / 2}) { // the index of an MP4 comes last
            assertEquals(DamageReason.TRUNCATED, damage(Videos.head(video, bytes, folder.resolve("cut.mp4"))),
                    bytes + " bytes");
        }
        Path noTags = Videos.head(video, size - 40, folder.resolve("cut.mp4"));
        assertEquals(20, Videos.frames(noTags).length, "only tags follow the index");
    }

    @Test
    void anAviCutOffKeepsTheFramesItHas() throws Exception {
        Path avi = avi("whole.avi", 30, 30);
        int size = (int) Files.size(avi);
        int whole = Videos.frames(avi).length;
        int half = Videos.frames(Videos.head(avi, size / 2, folder.resolve("half.avi"))).length;
        assertTrue(half > 0 && half < whole, half + " of " + whole);
        assertEquals(DamageReason.TRUNCATED, damage(Videos.head(avi, 228, folder.resolve("head.avi"))));
    }

    private static Path avi(String name, int frames, int claimed) throws Exception {
        Path clip =
                new SyntheticClips(64, 48, frames, 3).write(Files.createDirectories(folder.resolve(name + "-of")), 1)
                        .getFirst();
        return Avi.write(folder.resolve(name), List.of(Videos.frames(clip)), 64, 48, claimed);
    }

    /// The header is not asked how many frames there are.
    @ParameterizedTest
    @ValueSource(ints = {26, 444, 3})
    void aVideoHasTheFramesThatDecode(int claimed) throws Exception {
        hasFrames(avi("claims-" + claimed + ".avi", 26, claimed), 26, 64, 48);
    }

    /// More of the same where the project's collection of real clips lies beside the repository; its licences do not
    /// let it lie inside.
    @TestFactory
    Stream<DynamicTest> realVideosHaveTheFramesThatDecode() {
        return Stream.of("tree.avi,68,320,240", "Force_constante.avi,26,400,300", "retroMars2018.avi,25,1024,768",
                "box.mp4,455,640,480").map(line -> line.split(","))
                .filter(words -> Files.exists(Videos.REAL.resolve(words[0])))
                .map(words -> DynamicTest.dynamicTest(words[0], () -> hasFrames(Videos.REAL.resolve(words[0]),
                        Integer.parseInt(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]))));
    }

    private static void hasFrames(Path video, int frames, int width, int height) throws Exception {
        try (FrameDecoder decoder = FrameDecoder.open(ByteSource.of(video))) {
            while (decoder.next()) {
                assertTrue(decoder.decoded() <= frames, "more frames than expected");
            }
            assertEquals(frames, decoder.decoded());
            assertEquals(width, decoder.width());
            assertEquals(height, decoder.height());
            assertFalse(decoder.next(), "the end stays the end");
        }
    }

    @Test
    void anMp4GivesBackWhatWasWritten() throws Exception {
        Path file = folder.resolve("bars.mp4");
        int width = 65;
        int height = 33;
        byte[] rgb = new byte[height * width * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i / 3 % width * 255 / width); // grey ramp to the right
        }
        try (FrameEncoder encoder = FrameEncoder.mp4(file, width, height, 12.5)) {
            for (int i = 0; i < 7; i++) {
                encoder.write(rgb);
            }
        }
        byte[][] frames = Videos.frames(file);
        assertEquals(7, frames.length);
        try (FrameDecoder decoder = FrameDecoder.open(ByteSource.of(file))) {
            assertTrue(decoder.next());
            assertEquals(12.5, decoder.fps(), 1e-6);
            assertEquals(66, decoder.width(), "odd sizes are padded");
            assertEquals(34, decoder.height());
        }
        for (byte[] frame : frames) {
            assertEquals(0, meanError(frame, 66, rgb, width, height), 4, "mean absolute error in grey levels");
        }
    }

    private static double meanError(byte[] frame, int stride, byte[] rgb, int width, int height) {
        double error = 0;
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < width * 3; i++) {
                error += Math.abs((frame[y * stride * 3 + i] & 0xff) - (rgb[y * width * 3 + i] & 0xff));
            }
        }
        return error / (width * height * 3);
    }

    @Test
    void aGifGivesBackWhatWasWritten() throws Exception {
        Path file = folder.resolve("clip.gif");
        byte[][] frames = Videos.frames(synthetic("gif"));
        try (FrameEncoder encoder = FrameEncoder.gif(file, 64, 48, 10)) {
            for (byte[] frame : frames) {
                encoder.write(frame);
            }
        }
        byte[][] back = Videos.frames(file);
        assertEquals(frames.length, back.length);
        for (int i = 0; i < frames.length; i++) {
            assertEquals(0, meanError(back[i], 64, frames[i], 64, 48), 6, "256 colours, dithered; frame " + i);
        }
        try (FrameDecoder decoder = FrameDecoder.open(ByteSource.of(file))) {
            assertEquals(10, decoder.fps(), 0.01);
        }
    }

    @Test
    void whatCannotBeWrittenIsSaid() throws IOException {
        Path nowhere = folder.resolve("nowhere/x.mp4");
        assertEquals("cannot write " + nowhere + " (No such file or directory)",
                assertThrows(IOException.class, () -> FrameEncoder.mp4(nowhere, 32, 32, 30)).getMessage());
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full));
        IOException noSpace = assertThrows(IOException.class, () -> {
            try (FrameEncoder encoder = FrameEncoder.gif(full, 32, 32, 30)) {
                encoder.write(new byte[32 * 32 * 3]);
            }
        });
        assertEquals("cannot write /dev/full: No space left on device", noSpace.getMessage());
        assertThrows(IllegalArgumentException.class, () -> FrameEncoder.mp4(nowhere, 8, 32, 30));
        try (FrameEncoder encoder = FrameEncoder.mp4(folder.resolve("size.mp4"), 32, 32, 30)) {
            assertThrows(IllegalArgumentException.class, () -> encoder.write(new byte[32]));
        }
    }

    @Test
    void syntheticClipsAreTheSameEveryTime() throws Exception {
        List<Path> two = new SyntheticClips(64, 48, 20, 1).write(folder.resolve("two"), 2);
        assertArrayEquals(Files.readAllBytes(synthetic("one")), Files.readAllBytes(two.get(0)));
        assertTrue(Files.mismatch(two.get(0), two.get(1)) >= 0, "two scenes");
        Path other = new SyntheticClips(64, 48, 20, 2).write(folder.resolve("other"), 1).getFirst();
        assertTrue(Files.mismatch(two.get(0), other) >= 0, "two seeds");
        byte[][] frames = Videos.frames(two.get(0));
        assertEquals(20, frames.length);
        assertTrue(meanError(frames[0], 64, frames[19], 64, 48) > 1, "something moves");
    }
}
