package org.tornadomae.video.codec;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_GLOBALHEADER;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_close;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_d2q;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * Writes RGB frames to a video file or an animation. The same frames give the same bytes.
 *
 * <p>A file is complete when {@link #close} has returned; until then, and after an error, it is not playable.
 */
public final class FrameEncoder implements AutoCloseable {

    /** A kind of file: FFmpeg's muxer, what is done to RGB frames, and the encoders to try. */
    private record Kind(String muxer, String filter, List<String> encoders) {
    }

    // 4:2:0 has half the colour resolution, so sizes must be even.
    private static final Kind MP4 = new Kind("mp4", "pad=ceil(iw/2)*2:ceil(ih/2)*2,format=yuv420p",
            List.of("libopenh264", "mpeg4"));
    // One palette for all frames: colours do not flicker.
    private static final Kind GIF = new Kind("gif", "split[a][b];[a]palettegen[p];[b][p]paletteuse", List.of("gif"));

    private static final double BITS_PER_PIXEL = 0.5; // generous: these files are looked at, not streamed
    private static final long MIN_BIT_RATE = 500_000;
    private static final int MAX_RATE_TERM = 100_000;
    private static final int MIN_H264 = 16; // one macroblock

    private final Path file;
    private final int width;
    private final int height;
    private final AVFrame rgb = Native.allocated(av_frame_alloc());
    private final AVFrame filtered = Native.allocated(av_frame_alloc());
    private final AVPacket packet = Native.allocated(av_packet_alloc());
    private FilterGraph filter;
    private AVCodecContext codec;
    private AVFormatContext format;
    private AVStream stream;
    private long frames;
    private boolean over; // closed or failed: nothing more is written

    /**
     * Begins an MP4 (H.264, or MPEG-4 where this FFmpeg has no encoder for it). Odd sizes get a black column or row.
     *
     * @param file is overwritten; its folder must exist
     * @param width columns of the frames, at least 16
     * @param height rows of the frames, at least 16
     * @param fps frames per second
     * @return an encoder waiting for the first frame
     * @throws IOException when the file cannot be written
     */
    public static FrameEncoder mp4(Path file, int width, int height, double fps) throws IOException {
        if (width < MIN_H264 || height < MIN_H264) {
            throw new IllegalArgumentException("an MP4 has at least 16x16 pixels, not " + width + "x" + height);
        }
        return new FrameEncoder(MP4, file, width, height, fps);
    }

    /**
     * Begins an animated GIF that repeats for ever, with one palette made for all of its frames; so all are held in
     * memory until {@link #close}. GIF counts time in hundredths of a second.
     *
     * @param file is overwritten; its folder must exist
     * @param width columns of the frames
     * @param height rows of the frames
     * @param fps frames per second
     * @return an encoder waiting for the first frame
     * @throws IOException when the file cannot be written
     */
    public static FrameEncoder gif(Path file, int width, int height, double fps) throws IOException {
        return new FrameEncoder(GIF, file, width, height, fps);
    }

    private FrameEncoder(Kind kind, Path file, int width, int height, double fps) throws IOException {
        Native.load();
        this.file = file;
        this.width = width;
        this.height = height;
        try {
            AVRational rate = av_d2q(fps, MAX_RATE_TERM);
            allocateFrame();
            filter = new FilterGraph(kind.filter(), width, height, rate);
            openFormat(kind);
            openCodec(kind, rate, fps);
            openStream(rate);
        } catch (IOException | RuntimeException | Error e) {
            over = true;
            close();
            throw e;
        }
    }

    /**
     * Adds a frame.
     *
     * @param pixels [height][width][3] bytes 0..255
     * @throws IOException when it cannot be written
     */
    public void write(byte[] pixels) throws IOException {
        if (pixels.length != width * height * 3) {
            throw new IllegalArgumentException("a frame has " + width * height * 3 + " bytes, not " + pixels.length);
        }
        try {
            // The filter keeps what it was given, so each frame needs its own memory.
            allocateFrame();
            ByteBuffer rows = rgb.data(0).capacity((long) rgb.linesize(0) * height).asByteBuffer();
            for (int y = 0; y < height; y++) {
                rows.put(y * rgb.linesize(0), pixels, y * width * 3, width * 3);
            }
            rgb.pts(frames++);
            filter.push(rgb);
            encodeFiltered();
        } catch (IOException | RuntimeException | Error e) {
            over = true;
            throw e;
        }
    }

    /**
     * Completes the file, unless writing has failed before, and frees all native memory.
     *
     * @throws IOException when the rest cannot be written
     */
    @Override
    public void close() throws IOException {
        try {
            if (!over) {
                over = true;
                filter.push(null);
                encodeFiltered();
                encode(null);
                check(av_write_trailer(format));
                check(format.pb().error());
                AVIOContext output = format.pb();
                format.pb(null);
                check(avio_close(output));
            }
        } finally {
            free();
        }
    }

    private void allocateFrame() throws IOException {
        av_frame_unref(rgb);
        rgb.format(AV_PIX_FMT_RGB24);
        rgb.width(width);
        rgb.height(height);
        check(av_frame_get_buffer(rgb, 0));
    }

    private void openFormat(Kind kind) throws IOException {
        format = new AVFormatContext(null);
        check(avformat_alloc_output_context2(format, null, kind.muxer(), null));
        format.flags(format.flags() | AVFormatContext.AVFMT_FLAG_BITEXACT); // no version, no date
        AVIOContext output = new AVIOContext(null);
        check(avio_open(output, "file:" + file.toAbsolutePath(), AVIO_FLAG_WRITE));
        format.pb(output);
    }

    private void openCodec(Kind kind, AVRational rate, double fps) throws IOException {
        AVCodec encoder = kind.encoders().stream().map(name -> avcodec_find_encoder_by_name(name))
                .filter(found -> found != null).findFirst()
                .orElseThrow(() -> new IOException("this FFmpeg has none of the encoders " + kind.encoders()));
        codec = Native.allocated(avcodec_alloc_context3(encoder));
        codec.width(filter.width());
        codec.height(filter.height());
        codec.pix_fmt(filter.pixelFormat());
        codec.time_base(filter.timeBase());
        codec.framerate(rate);
        codec.bit_rate(Math.max((long) (BITS_PER_PIXEL * width * height * fps), MIN_BIT_RATE));
        codec.thread_count(1); // the same bytes on every machine
        if ((format.oformat().flags() & AVFMT_GLOBALHEADER) != 0) {
            codec.flags(codec.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
        }
        check(avcodec_open2(codec, encoder, (AVDictionary) null));
    }

    private void openStream(AVRational rate) throws IOException {
        stream = Native.allocated(avformat_new_stream(format, null));
        check(avcodec_parameters_from_context(stream.codecpar(), codec));
        stream.time_base(codec.time_base());
        stream.avg_frame_rate(rate);
        check(avformat_write_header(format, (AVDictionary) null));
    }

    private void encodeFiltered() throws IOException {
        while (filter.pull(filtered)) {
            filtered.pict_type(0); // the encoder decides
            encode(filtered);
            av_frame_unref(filtered);
        }
    }

    private void encode(AVFrame frame) throws IOException {
        check(avcodec_send_frame(codec, frame));
        while (avcodec_receive_packet(codec, packet) >= 0) {
            packet.duration(1);
            av_packet_rescale_ts(packet, codec.time_base(), stream.time_base());
            packet.stream_index(stream.index());
            check(av_interleaved_write_frame(format, packet));
        }
    }

    private void check(int result) throws IOException {
        Native.check(result, "cannot write " + file);
    }

    private void free() {
        if (filter != null) {
            filter.close();
            filter = null;
        }
        if (Native.held(rgb)) {
            av_frame_free(rgb);
            av_frame_free(filtered);
            av_packet_free(packet);
        }
        if (Native.held(codec)) {
            avcodec_free_context(codec);
        }
        if (Native.held(format)) {
            if (Native.held(format.pb())) {
                avio_close(format.pb());
            }
            avformat_free_context(format);
            format = null;
        }
    }
}
