package org.tornadomae.mae.picture;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// A white sheet of pixels to put frames and text on. It needs no fonts and no display, so that pictures are the same
/// on every machine, a bare container included.
final class Canvas {
    private final int width;
    private final int height;
    private final byte[] rgb; // [height, width, 3]

    Canvas(int width, int height) {
        this.width = width;
        this.height = height;
        this.rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        Arrays.fill(rgb, (byte) 0xff);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /// `[height, width, 3]` bytes 0..255
    byte[] rgb() {
        return rgb;
    }

    /// Puts one frame of several here, each of its pixels a square of `scale` pixels: nothing is smoothed away.
    ///
    /// @param frames `[·, side, side, 3]` in `[0, 1]`
    /// @param index  which of the frames
    void putFrame(int left, int top, int scale, float[] frames, int index, int side) {
        for (int y = 0; y < side * scale; y++) {
            for (int x = 0; x < side * scale; x++) {
                int from = ((index * side + y / scale) * side + x / scale) * 3;
                int to = ((top + y) * width + left + x) * 3;
                for (int channel = 0; channel < 3; channel++) {
                    rgb[to + channel] = (byte) Math.round(frames[from + channel] * 255);
                }
            }
        }
    }

    /// Mixes a colour into one pixel; what is outside of the sheet is not drawn.
    ///
    /// @param colour 0xRRGGBB
    /// @param cover  0 leaves the pixel, 255 replaces it
    void blend(int x, int y, int colour, int cover) {
        if (x < 0 || x >= width || y < 0 || y >= height) {
            return;
        }
        for (int channel = 0; channel < 3; channel++) {
            int at = (y * width + x) * 3 + channel;
            int ink = colour >> (16 - 8 * channel) & 0xff;
            rgb[at] = (byte) (((rgb[at] & 0xff) * (255 - cover) + ink * cover + 127) / 255);
        }
    }

    void writePng(Path file) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            int pixel = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | rgb[3 * i + 2] & 0xff;
            image.setRGB(i % width, i / width, pixel);
        }
        try (OutputStream out = Files.newOutputStream(file);
                ImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
            ImageIO.write(image, "png", png);
        }
    }
}
