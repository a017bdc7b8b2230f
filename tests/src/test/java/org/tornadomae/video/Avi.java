package org.tornadomae.video;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/// Writes AVI files with JPEG frames: a container without an index that decoding depends on, and one that can lie.
/// Chunks are a name, the number of bytes, the bytes (AVI RIFF File Reference, Microsoft).
public final class Avi {
    private static final int FPS = 25;

    private Avi() {}

    /// @param frames  packed RGB `[H, W, 3]`
    /// @param claimed how many frames the header says there are
    public static Path write(Path file, List<byte[]> frames, int width, int height, int claimed) throws IOException {
        List<byte[]> pictures = new ArrayList<>();
        for (byte[] frame : frames) {
            pictures.add(chunk("00dc", jpeg(frame, width, height)));
        }
        byte[] main = ints(1_000_000 / FPS, 0, 0, 0, claimed, 0, 1, 0, width, height, 0, 0, 0, 0);
        byte[] stream = join(name("vids"), name("MJPG"), ints(0, 0, 0, 1, FPS, 0, claimed, 0, -1, 0, 0, 0));
        byte[] format = join(ints(40, width, height, 24 << 16 | 1), name("MJPG"), ints(width * height * 3, 0, 0, 0, 0));
        byte[] streams = list("strl", chunk("strh", stream), chunk("strf", format));
        byte[] movie = list("movi", pictures.toArray(byte[][]::new));
        return Files.write(file, chunk("RIFF",
                join(name("AVI "), list("hdrl", chunk("avih", main), streams), movie)));
    }

    private static byte[] jpeg(byte[] rgb, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            int pixel = (rgb[3 * i] & 255) << 16 | (rgb[3 * i + 1] & 255) << 8 | rgb[3 * i + 2] & 255;
            image.setRGB(i % width, i / width, pixel);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", bytes);
        return bytes.toByteArray();
    }

    private static byte[] list(String name, byte[]... parts) {
        return chunk("LIST", join(name(name), join(parts)));
    }

    /// Padded to an even number of bytes, which the length leaves out.
    private static byte[] chunk(String name, byte[] bytes) {
        return join(name(name), ints(bytes.length), Arrays.copyOf(bytes, bytes.length + bytes.length % 2));
    }

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(values).forEach(buffer::putInt);
        return buffer.array();
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer buffer = ByteBuffer.allocate(Stream.of(parts).mapToInt(part -> part.length).sum());
        Stream.of(parts).forEach(buffer::put);
        return buffer.array();
    }
}
