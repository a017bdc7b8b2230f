package org.tornadomae.video.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.video.manifest.Doctor;
import org.tornadomae.video.manifest.Entry;
import org.tornadomae.video.manifest.Manifest;
import org.tornadomae.video.manifest.Summary;
import org.tornadomae.video.source.VideoList;

/// Videos as they come from phones, browsers and broken downloads. The right values are those of the ffmpeg command,
/// which is also asked again where it is installed.
class FieldCodecTest {

    @TempDir
    private static Path folder;

    @BeforeAll
    static void unpack() throws IOException {
        InputStream cases = FieldCodecTest.class.getResourceAsStream("/cases/field.tar");
        try (TarArchiveInputStream tar = new TarArchiveInputStream(cases)) {
            for (TarArchiveEntry member = tar.getNextEntry(); member != null; member = tar.getNextEntry()) {
                if (member.isFile() && member.getName().indexOf('/') < 0) {
                    Files.copy(tar, folder.resolve(member.getName()));
                }
            }
        }
    }

    /// What a decoder makes of a video.
    private record Decoded(int width, int height, int expected, List<byte[]> frames) {

        static Decoded of(Decoder decoder, Path video) throws DamagedVideoException {
            try (VideoFrames frames = decoder.open(ByteSource.of(video))) {
                List<byte[]> all = new ArrayList<>();
                while (frames.next()) {
                    byte[] rgb = new byte[frames.width() * frames.height() * 3];
                    frames.rgb(rgb);
                    all.add(rgb);
                }
                return new Decoded(frames.width(), frames.height(), frames.expected(), all);
            }
        }

        static Decoded of(String name) throws DamagedVideoException {
            return of(Decoder.IN_THREAD, folder.resolve(name));
        }

        int value(int frame, int row, int column, int channel) {
            return frames.get(frame)[(row * width + column) * 3 + channel] & 0xff;
        }
    }

    @ParameterizedTest
    @CsvSource({"vp9_601pc.webm,20,30,189,203,6", "av1_601pc.mp4,20,30,189,203,6", "h264_709tv.mp4,20,30,186,199,3",
            "h264_709tv.mp4,20,98,172,0,0"})
    void coloursAreWhatTheirTagsSay(String name, int row, int column, int red, int green, int blue) throws Exception {
        Decoded decoded = Decoded.of(name);
        int[] right = {red, green, blue};
        for (int channel = 0; channel < 3; channel++) {
            assertEquals(right[channel], decoded.value(0, row, column, channel), 1, "channel " + channel);
        }
        assertEquals(10, decoded.frames().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"vp9_601pc.webm", "av1_601pc.mp4", "h264_709tv.mp4", "mjpegfirst.mkv", "fs_half.mp4",
            "phone.mp4"})
    void theFfmpegCommandSeesTheSame(String name) throws Exception {
        assertLikeFfmpeg(folder.resolve(name));
    }

    /// Layouts, depths, matrices and ranges that the case set has no file of.
    @ParameterizedTest
    @CsvSource({"ffv1,yuv420p,bt709,pc,mkv", "ffv1,yuv444p,bt709,tv,mkv", "ffv1,yuv420p10le,bt2020nc,tv,mkv",
            "ffv1,yuv444p10le,bt709,pc,mkv", "ffv1,yuv422p,smpte170m,pc,mkv", "libx265,yuv420p,bt709,pc,mp4",
            "libx265,yuv420p10le,bt2020nc,tv,mp4", "libx264,yuv444p,bt709,pc,mp4", "libx264,yuv420p10le,bt709,tv,mp4",
            "libvpx-vp9,yuv420p,bt709,pc,webm", "ffv1,gray,bt709,tv,mkv", "ffv1,bgra,unknown,unknown,mkv",
            "mjpeg,yuvj422p,smpte170m,pc,avi"})
    void taggedVideosHaveTheColoursOfTheFfmpegCommand(String codec, String layout, String matrix, String range,
            String container) throws Exception {
        Path video = folder.resolve(String.join("-", codec, layout, matrix, range) + "." + container);
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                "testsrc2=size=128x72:rate=10:duration=0.5", "-c:v", codec, "-pix_fmt", layout));
        if (!matrix.equals("unknown")) {
            command.addAll(List.of("-colorspace", matrix, "-color_range", range));
        }
        command.add(video.toString());
        run(command);
        assertLikeFfmpeg(video);
    }

    private static byte[] run(List<String> command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            return org.junit.jupiter.api.Assumptions.abort("needs the ffmpeg command");
        }
        byte[] out = process.getInputStream().readAllBytes();
        int code = process.waitFor();
        assumeTrue(code == 0, () -> "this ffmpeg cannot do " + String.join(" ", command));
        return out;
    }

    private static void assertLikeFfmpeg(Path video) throws Exception {
        byte[] expected = run(List.of("ffmpeg", "-v", "error", "-i", video.toString(), "-f", "rawvideo", "-pix_fmt",
                "rgb24", "-fps_mode", "passthrough", "-"));
        Decoded decoded = Decoded.of(Decoder.IN_THREAD, video);
        int size = decoded.width() * decoded.height() * 3;
        assertEquals(expected.length, size * decoded.frames().size(), "size or number of the frames");
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.abs((expected[i] & 0xff) - (decoded.frames().get(i / size)[i % size] & 0xff));
        }
        assertEquals(0, difference / expected.length, 0.99, "mean difference of 255");
    }

    @Test
    void theStreamIsTheOneThatFfmpegTakes() throws Exception {
        Decoded decoded = Decoded.of("mjpegfirst.mkv");
        assertEquals(List.of(96, 64, 60), List.of(decoded.width(), decoded.height(), decoded.frames().size()));
    }

    @Test
    void aPhonesVideoIsUprightUnlessAskedOtherwise() throws Exception {
        Path phone = folder.resolve("phone.mp4");
        Decoded upright = Decoded.of(Decoder.inThread(true), phone);
        Decoded stored = Decoded.of(Decoder.inThread(false), phone);
        assertEquals(List.of(64, 128), List.of(upright.width(), upright.height()));
        assertEquals(List.of(128, 64), List.of(stored.width(), stored.height()));
        for (int y = 0; y < 128; y++) {
            for (int x = 0; x < 64; x++) { // a quarter turn, the left end down
                assertEquals(stored.value(5, x, 127 - y, 0), upright.value(5, y, x, 0), y + " " + x);
            }
        }
        assertTrue(upright.value(5, 127, 30, 0) > 200 && upright.value(5, 0, 30, 0) < 50, "red is below");
        for (boolean autorotate : new boolean[] {true, false}) {
            try (ProcessDecoder processes = new ProcessDecoder(ProcessDecoder.PATIENCE, autorotate)) {
                Decoded remote = Decoded.of(processes, phone);
                Decoded local = autorotate ? upright : stored;
                assertEquals(local.width(), remote.width());
                assertArrayEquals(local.frames().get(5), remote.frames().get(5));
            }
        }
    }

    /// A run must not go on with pictures that are turned in another way.
    @Test
    void turningBelongsToTheIdentityOfTheData() {
        VideoList videos = VideoList.of(folder.resolve("phone.mp4").getParent());
        String upright = videos.fingerprint();
        assertEquals(upright, videos.decodedBy(Decoder.inThread(true)).fingerprint());
        String stored = videos.decodedBy(Decoder.inThread(false)).fingerprint();
        assertNotEquals(upright, stored);
        try (ProcessDecoder processes = new ProcessDecoder(ProcessDecoder.PATIENCE, false)) {
            assertEquals(stored, videos.decodedBy(processes).fingerprint());
        }
    }

    @Test
    void doctorSaysWhichVideosEndEarly() throws Exception {
        Path broken = Files.createDirectories(folder.resolve("broken"));
        for (String name : List.of("fs_half.mp4", "phone.mp4", "vp9_601pc.webm")) {
            Files.copy(folder.resolve(name), broken.resolve(name));
        }
        try (ProcessDecoder processes = new ProcessDecoder()) {
            Manifest manifest = Doctor.examine(VideoList.of(broken).decodedBy(processes), 1, () -> {});
            Entry half = manifest.entries().getFirst();
            assertEquals(List.of("fs_half.mp4", 92, 180), List.of(half.name(), half.frames(), half.promised()));
            assertTrue(half.usable() && half.endsEarly());
            for (Entry whole : manifest.entries().subList(1, 3)) {
                assertEquals(whole.frames(), whole.promised());
                assertFalse(whole.endsEarly());
            }
            assertEquals(List.of("3 videos: 3 usable with 112 frames, 0 damaged",
                    "1 end early: fs_half.mp4 (92 of 180 frames)"), Summary.of(manifest));
        }
    }
}
