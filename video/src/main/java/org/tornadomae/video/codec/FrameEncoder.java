package org.tornadomae.video.codec;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_NONE;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_PAL8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.bytedeco.javacv.FFmpegFrameFilter;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;

/// Writes RGB frames to a video file or an animation. The same frames give the same bytes.
///
/// The file is made in memory and written by [#close]: until then, and after an error, it is empty.
public final class FrameEncoder implements AutoCloseable {

    /// Bytes of a pixel: red, green, blue.
    public static final int CHANNELS = 3;

    private static final double BITS_PER_PIXEL = 0.5; // generous: these files are looked at, not streamed
    private static final int MIN_BIT_RATE = 500_000;
    private static final int MIN_H264 = 16; // one macroblock

    // One palette for all frames: colours do not flicker.
    private static final String PALETTE = "split[a][b];[a]palettegen[p];[b][p]paletteuse";

    private final Path file;
    private final int width;
    private final int height;
    private final Frame picture;
    private final SeekableBytes bytes = new SeekableBytes();
    private final OutputStream out;
    private final FFmpegFrameRecorder recorder;
    private final FFmpegFrameFilter palette; // null where colours need none
    private boolean over; // closed or failed: nothing more is written

    /// Begins an MP4 (H.264, or MPEG-4 where this FFmpeg has no encoder for it). Odd sizes get a black column or row.
    ///
    /// @param file   is overwritten; its folder must exist
    /// @param width  columns of the frames, at least 16
    /// @param height rows of the frames, at least 16
    /// @param fps    frames per second
    /// @return an encoder waiting for the first frame
    /// @throws IOException when the file cannot be written
    public static FrameEncoder mp4(Path file, int width, int height, double fps) throws IOException {
        if (width < MIN_H264 || height < MIN_H264) {
            throw new IllegalArgumentException("an MP4 has at least 16x16 pixels, not " + width + "x" + height);
        }
        // 4:2:0 has half the colour resolution, so sizes must be even.
        Frame picture = new Frame(width + width % 2, height + height % 2, Frame.DEPTH_UBYTE, CHANNELS);
        return new FrameEncoder(file, width, height, fps, picture, false);
    }

    /// Begins an animated GIF that repeats forever, with one palette made for all of its frames; so all are held in
    /// memory until [#close]. GIF counts time in hundredths of a second.
    ///
    /// @param file   is overwritten; its folder must exist
    /// @param width  columns of the frames
    /// @param height rows of the frames
    /// @param fps    frames per second
    /// @return an encoder waiting for the first frame
    /// @throws IOException when the file cannot be written
    public static FrameEncoder gif(Path file, int width, int height, double fps) throws IOException {
        return new FrameEncoder(file, width, height, fps, new Frame(width, height, Frame.DEPTH_UBYTE, CHANNELS), true);
    }

    private FrameEncoder(Path file, int width, int height, double fps, Frame picture, boolean gif)
            throws IOException {
        Native.load();
        this.file = file;
        this.width = width;
        this.height = height;
        this.picture = picture;
        this.recorder = recorder(bytes, picture, fps);
        this.palette = gif ? palette(picture, fps) : null;
        recorder.setFormat(gif ? "gif" : "mp4");
        recorder.setPixelFormat(gif ? AV_PIX_FMT_PAL8 : AV_PIX_FMT_YUV420P);
        if (!gif) {
            recorder.setVideoCodecName(avcodec_find_encoder_by_name("libopenh264") == null ? "mpeg4" : "libopenh264");
        }
        this.out = open(file);
        try {
            recorder.start();
            if (gif) {
                palette.start();
            }
        } catch (IOException | RuntimeException | Error e) {
            over = true;
            close();
            throw e;
        }
    }

    private static OutputStream open(Path file) throws IOException {
        try {
            return new FileOutputStream(file.toFile());
        } catch (FileNotFoundException e) { // its message is the path and the system's words
            throw new IOException("cannot write " + e.getMessage(), e);
        }
    }

    private static FFmpegFrameRecorder recorder(OutputStream out, Frame picture, double fps) {
        FFmpegFrameRecorder recorder = new FFmpegFrameRecorder(out, picture.imageWidth, picture.imageHeight);
        recorder.setVideoCodec(AV_CODEC_ID_NONE); // the format's own, unless one is named
        recorder.setFrameRate(fps);
        recorder.setVideoBitrate(
                (int) Math.clamp(BITS_PER_PIXEL * picture.imageWidth * picture.imageHeight * fps, MIN_BIT_RATE, 1e9));
        recorder.setImageScalingFlags(SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT);
        // The same bytes on every machine: no version, no date, no threads.
        recorder.setOption("fflags", "+bitexact");
        recorder.setVideoOption("flags", "+bitexact");
        recorder.setVideoOption("threads", "1");
        return recorder;
    }

    private static FFmpegFrameFilter palette(Frame picture, double fps) {
        FFmpegFrameFilter filter = new FFmpegFrameFilter(PALETTE, picture.imageWidth, picture.imageHeight);
        filter.setPixelFormat(AV_PIX_FMT_RGB24);
        filter.setFrameRate(fps);
        return filter;
    }

    /// Adds a frame.
    ///
    /// @param pixels `[height][width][3]` bytes 0..255
    /// @throws IOException when it cannot be encoded
    public void write(byte[] pixels) throws IOException {
        if (pixels.length != width * height * CHANNELS) {
            throw new IllegalArgumentException(
                    "a frame has " + width * height * CHANNELS + " bytes, not " + pixels.length);
        }
        ByteBuffer rows = (ByteBuffer) picture.image[0];
        for (int y = 0; y < height; y++) {
            rows.put(y * picture.imageStride, pixels, y * width * CHANNELS, width * CHANNELS);
        }
        try {
            if (palette == null) {
                recorder.record(picture, AV_PIX_FMT_RGB24);
            } else {
                palette.push(picture, AV_PIX_FMT_RGB24);
            }
        } catch (IOException | RuntimeException | Error e) {
            over = true;
            throw e;
        }
    }

    /// Writes the file, unless encoding has failed before, and frees all native memory.
    ///
    /// @throws IOException when it cannot be written
    @Override
    public void close() throws IOException {
        try (out; recorder) {
            if (!over) {
                over = true;
                if (palette != null) {
                    recordWithPalette();
                }
                recorder.stop();
                writeOut();
            }
        } finally {
            if (palette != null) {
                palette.close();
            }
        }
    }

    private void recordWithPalette() throws IOException {
        palette.push(null);
        for (Frame frame = palette.pull(); frame != null; frame = palette.pull()) {
            recorder.record(frame, AV_PIX_FMT_PAL8);
        }
    }

    private void writeOut() throws IOException {
        try {
            bytes.writeTo(out);
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
