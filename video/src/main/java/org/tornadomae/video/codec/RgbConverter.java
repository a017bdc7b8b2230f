package org.tornadomae.video.codec;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV411P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV440P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ411P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ440P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_DEFAULT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;

/// Makes RGB pictures of decoded frames, all of the size of the first one.
///
/// Each frame's tags say what its numbers mean: the matrix (BT.601, BT.709, BT.2020, ...) and whether they use the
/// full range. Without tags they are taken for BT.601 of limited range, as FFmpeg's programs do, whose filter for
/// smaller chroma planes this is, too.
final class RgbConverter implements AutoCloseable {

    private static final int UNITY = 1 << 16; // contrast and saturation, 16.16 fixed point

    /// What a conversion depends on.
    private record Look(int width, int height, int format, int matrix, boolean fullRange) {

        static Look of(AVFrame frame) {
            int format = withoutRange(frame.format());
            return new Look(frame.width(), frame.height(), format, frame.colorspace(),
                    frame.color_range() == AVCOL_RANGE_JPEG || format != frame.format());
        }

        /// FFmpeg has two names for the same layout where JPEG uses it, at full range.
        private static int withoutRange(int format) {
            return switch (format) {
                case AV_PIX_FMT_YUVJ411P -> AV_PIX_FMT_YUV411P;
                case AV_PIX_FMT_YUVJ420P -> AV_PIX_FMT_YUV420P;
                case AV_PIX_FMT_YUVJ422P -> AV_PIX_FMT_YUV422P;
                case AV_PIX_FMT_YUVJ440P -> AV_PIX_FMT_YUV440P;
                case AV_PIX_FMT_YUVJ444P -> AV_PIX_FMT_YUV444P;
                default -> format;
            };
        }
    }

    private final Orientation orientation;
    private final int width; // as stored
    private final int height;
    private final AVFrame picture;
    private final ByteBuffer pictureBytes;
    private final byte[] stored; // before it is turned
    private Look look; // that of the converter
    private SwsContext converter;

    /// @param width       columns of all pictures before they are turned
    /// @param height      rows
    /// @param orientation how they are turned
    RgbConverter(int width, int height, Orientation orientation) {
        this.orientation = orientation;
        this.width = width;
        this.height = height;
        this.stored = orientation.equals(Orientation.STORED) ? null : new byte[width * height * 3];
        this.picture = Native.allocated(av_frame_alloc());
        picture.format(AV_PIX_FMT_RGB24);
        picture.width(width);
        picture.height(height);
        if (av_frame_get_buffer(picture, 0) < 0) {
            av_frame_free(picture);
            throw new OutOfMemoryError("no native memory for a frame of " + width + "x" + height);
        }
        pictureBytes = picture.data(0).capacity((long) picture.linesize(0) * height).asByteBuffer();
    }

    /// Converts a frame.
    ///
    /// @param into receives the picture, `[height][width][3]` after turning
    /// @return false when FFmpeg cannot convert from its pixel format
    boolean convert(AVFrame frame, byte[] into) {
        if (!prepared(Look.of(frame))) {
            return false;
        }
        sws_scale(converter, frame.data(), frame.linesize(), 0, frame.height(), picture.data(), picture.linesize());
        byte[] rows = stored == null ? into : stored;
        int row = width * 3;
        for (int y = 0; y < height; y++) { // native rows are padded
            pictureBytes.get(y * picture.linesize(0), rows, y * row, row);
        }
        if (stored != null) {
            orientation.turn(stored, width, height, into);
        }
        return true;
    }

    private boolean prepared(Look next) {
        if (next.equals(look)) {
            return true;
        }
        sws_freeContext(converter);
        look = null;
        converter = sws_getContext(next.width(), next.height(), next.format(), width, height, AV_PIX_FMT_RGB24,
                SWS_BICUBIC, null, null, (DoublePointer) null);
        if (!Native.held(converter)) {
            return false;
        }
        // It fails for RGB and palettes, which have neither matrix nor range.
        sws_setColorspaceDetails(converter, sws_getCoefficients(next.matrix()), next.fullRange() ? 1 : 0,
                sws_getCoefficients(SWS_CS_DEFAULT), 0, 0, UNITY, UNITY);
        look = next;
        return true;
    }

    /// Frees all native memory.
    @Override
    public void close() {
        sws_freeContext(converter);
        converter = null;
        look = null;
        if (Native.held(picture)) {
            av_frame_free(picture);
        }
    }
}
