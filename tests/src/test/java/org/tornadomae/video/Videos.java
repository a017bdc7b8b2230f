package org.tornadomae.video;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.tornadomae.video.clip.ClipRandom;
import org.tornadomae.video.codec.ByteSource;
import org.tornadomae.video.codec.FrameDecoder;
import org.tornadomae.video.codec.FrameEncoder;

/// Inputs of the video tests: made on the spot, good and bad.
public final class Videos {
    /// A collection of real clips that may lie beside the repository. No test needs it.
    public static final Path REAL = Path.of("..", "..", "shared", "data", "clips");

    private Videos() {}

    /// Keyed random numbers, as the trainer supplies them.
    public static ClipRandom random(long seed) {
        return (epoch, video, repeat, purpose) -> {
            long key = seed;
            for (long part : new long[] {epoch, video, repeat, purpose.ordinal()}) {
                key = new SplittableRandom(key * 31 + part).nextLong();
            }
            return new SplittableRandom(key);
        };
    }

    /// A generator whose doubles are always the same.
    public static RandomGenerator constant(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException("only doubles");
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }

    public static Path text(Path file) throws IOException {
        return Files.writeString(file, "This is no video.\nIt says so twice.\n".repeat(40));
    }

    public static Path empty(Path file) throws IOException {
        return Files.write(file, new byte[0]);
    }

    public static Path zeros(Path file) throws IOException {
        return Files.write(file, new byte[20_000]);
    }

    public static Path noise(Path file) throws IOException {
        byte[] bytes = new byte[50_000];
        new SplittableRandom(5).nextBytes(bytes);
        return Files.write(file, bytes);
    }

    /// The beginning of a video.
    public static Path head(Path video, int bytes, Path file) throws IOException {
        return Files.write(file, Arrays.copyOf(Files.readAllBytes(video), bytes));
    }

    /// An MP4 that is complete and has nothing in it.
    public static Path noTracks(Path file) throws IOException {
        FrameEncoder.mp4(file, 32, 32, 30).close();
        return file;
    }

    /// An MP4 whose index is whole but whose coded pictures are all zero bytes.
    public static Path wiped(Path video, Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(video);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Arrays.fill(bytes, text.indexOf("mdat") + 4, text.lastIndexOf("moov") - 4, (byte) 0);
        return Files.write(file, bytes);
    }

    /// A second of 8 kHz silence in a WAV file.
    public static Path sound(Path file) throws IOException {
        int rate = 8000;
        ByteBuffer wav = ByteBuffer.allocate(44 + 2 * rate).order(ByteOrder.LITTLE_ENDIAN);
        wav.put(ascii("RIFF")).putInt(36 + 2 * rate).put(ascii("WAVE")).put(ascii("fmt ")).putInt(16);
        wav.putShort((short) 1).putShort((short) 1).putInt(rate).putInt(2 * rate).putShort((short) 2)
                .putShort((short) 16).put(ascii("data")).putInt(2 * rate);
        return Files.write(file, wav.array());
    }

    /// The frames of a video as an animation and as an AVI beside it.
    public static List<Path> otherContainers(Path video, int width, int height, Path folder) throws Exception {
        byte[][] frames = frames(video);
        Path gif = folder.resolve("good.gif");
        try (FrameEncoder encoder = FrameEncoder.gif(gif, width, height, 10)) {
            for (byte[] frame : frames) {
                encoder.write(frame);
            }
        }
        return List.of(gif, Avi.write(folder.resolve("good.avi"), List.of(frames), width, height, frames.length));
    }

    /// Every decoded frame of a video.
    public static byte[][] frames(Path video) throws Exception {
        try (FrameDecoder decoder = FrameDecoder.open(ByteSource.of(video))) {
            List<byte[]> frames = new ArrayList<>();
            while (decoder.next()) {
                byte[] rgb = new byte[decoder.height() * decoder.width() * 3];
                decoder.rgb(rgb);
                frames.add(rgb);
            }
            return frames.toArray(byte[][]::new);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
