package org.tornadomae.video.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.video.Videos;
import org.tornadomae.video.clip.ClipBatch;
import org.tornadomae.video.clip.ClipLoader;
import org.tornadomae.video.clip.ClipShape;
import org.tornadomae.video.clip.LoaderConfig;
import org.tornadomae.video.clip.LoaderResources;
import org.tornadomae.video.source.VideoList;
import org.tornadomae.video.synthetic.SyntheticClips;

class ProcessDecoderTest {

    @TempDir
    private static Path folder;

    private static Path video;
    private static ProcessDecoder processes;

    @BeforeAll
    static void start() throws Exception {
        video = new SyntheticClips(64, 48, 20, 1).write(folder, 1).getFirst();
        processes = new ProcessDecoder();
    }

    @AfterAll
    static void stop() {
        processes.close();
    }

    private static void assertSame(Decoder decoder, ByteSource bytes) throws Exception {
        byte[][] expected = Videos.frames(video);
        try (VideoFrames frames = decoder.open(bytes)) {
            byte[] rgb = new byte[64 * 48 * 3];
            for (byte[] frame : expected) {
                assertTrue(frames.next());
                frames.rgb(rgb);
                assertArrayEquals(frame, rgb);
            }
            assertFalse(frames.next());
            assertEquals(List.of(64, 48, 20), List.of(frames.width(), frames.height(), frames.decoded()));
            assertEquals(30, frames.fps());
            assertEquals("h264", frames.codec());
        }
    }

    @Test
    void anotherProcessDecodesTheSame() throws Exception {
        assertSame(Decoder.IN_THREAD, ByteSource.of(video));
        assertSame(processes, ByteSource.of(video));
        byte[] bytes = Files.readAllBytes(video);
        assertSame(processes, ByteSource.of(bytes, "in memory"));
        Path padded = folder.resolve("padded");
        byte[] around = new byte[bytes.length + 2000];
        System.arraycopy(bytes, 0, around, 1000, bytes.length);
        Files.write(padded, around);
        assertSame(processes, ByteSource.of(new ByteSource.Region(padded, 1000, bytes.length), "part"));
    }

    @Test
    void damageHasTheSameReasonsAndTheProcessGoesOn() throws Exception {
        Path text = Videos.text(folder.resolve("text.mp4"));
        assertEquals(DamageReason.NOT_A_VIDEO,
                assertThrows(DamagedVideoException.class, () -> processes.open(ByteSource.of(text))).reason());
        Path gone = folder.resolve("gone.mp4");
        assertEquals(gone + ": missing",
                assertThrows(DamagedVideoException.class, () -> processes.open(ByteSource.of(gone))).getMessage());
        assertSame(processes, ByteSource.of(video));
    }

    /// A pipe that nobody writes to: opening it blocks for ever.
    @Test
    void aDecoderThatHangsIsEnded() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        try (ProcessDecoder impatient = new ProcessDecoder(Duration.ofMillis(500))) {
            ByteSource hanging = ByteSource.of(new ByteSource.Region(pipe, 0, 100), "pipe");
            DamagedVideoException hangs = assertThrows(DamagedVideoException.class, () -> impatient.open(hanging));
            assertEquals("pipe: hangs the decoder", hangs.getMessage());
        }
        assertSame(processes, ByteSource.of(video));
    }

    private static ProcessHandle youngestChild() {
        return ProcessHandle.current().children()
                .max(Comparator.comparing(process -> process.info().startInstant().orElseThrow())).orElseThrow();
    }

    /// As Ctrl-C does, which all processes of a terminal get: the trainer wants to finish its step.
    @Test
    void aSignalDoesNotCostAVideo() throws Exception {
        try (ProcessDecoder own = new ProcessDecoder(); VideoFrames frames = own.open(ByteSource.of(video))) {
            youngestChild().destroy();
            while (frames.next()) {
                assertTrue(frames.decoded() <= 20);
            }
            assertEquals(20, frames.decoded());
            assertSame(own, ByteSource.of(video));
        }
    }

    @Test
    void aDecoderThatCrashesCostsOneVideo() throws Exception {
        try (ProcessDecoder own = new ProcessDecoder(); VideoFrames frames = own.open(ByteSource.of(video))) {
            ProcessHandle child = youngestChild();
            child.destroyForcibly();
            child.onExit().join();
            assertEquals(DamageReason.CRASHES, assertThrows(DamagedVideoException.class, frames::next).reason());
            assertSame(own, ByteSource.of(video));
        }
    }

    @Test
    void batchesAreTheSame() throws Exception {
        Path clips = folder.resolve("clips");
        new SyntheticClips(48, 40, 20, 3).write(clips, 4);
        VideoList here = VideoList.of(clips);
        LoaderConfig config = new LoaderConfig(new ClipShape(4, 24, 32), 2, 2, 2, new LoaderResources(2));
        try (ClipLoader one = new ClipLoader(here, config, Videos.random(4), 0);
                ClipLoader other = new ClipLoader(here.decodedBy(processes), config, Videos.random(4), 0)) {
            for (int i = 0; i < 4; i++) {
                ClipBatch expected = one.next();
                ClipBatch batch = other.next();
                assertArrayEquals(expected.pixels(), batch.pixels());
                expected.release();
                batch.release();
            }
        }
    }
}
