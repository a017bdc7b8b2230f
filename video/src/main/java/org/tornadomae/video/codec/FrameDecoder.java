package org.tornadomae.video.codec;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_DEFAULT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_TIME_BASE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_q2d;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/// Reads the frames of one video from first to last.
///
/// It never seeks and never believes a header: a video has the frames that decode. Damaged packets are skipped, as
/// players do. A frame is converted to RGB only when [#rgb] asks for it, so passing over frames is cheap.
/// Of several streams it takes the one that FFmpeg takes. Native memory is that of one decoder and one RGB frame,
/// whatever the length of the file. One thread uses it at a time; the decoder itself runs on the calling thread.
public final class FrameDecoder implements VideoFrames {

    /// Frame rate assumed when a file gives none, or an absurd one.
    public static final double FALLBACK_FPS = 30;

    private static final double MAX_FPS = 1000; // higher values are time bases, not frame rates
    private static final long MAX_PIXELS = 1L << 26; // twice 8K; a hostile header asks for more
    private static final int MAX_DRAIN_ERRORS = 64; // frames that a decoder may hold back at the end

    private final ByteSource video;
    private final boolean autorotate;
    private ChannelInput input;
    private long openNanos; // members of gzipped archives are decompressed here
    private AVFormatContext format;
    private AVStream stream;
    private AVCodecContext codec;
    private AVPacket packet;
    private AVFrame frame;
    private Orientation orientation;
    private RgbConverter converter; // for the size of the first frame
    private int width; // of the first frame, turned
    private int height;
    private long firstTime; // in the stream's time base
    private long lastTime;
    private boolean draining;
    private int packets;
    private int decoded;

    private FrameDecoder(ByteSource video, boolean autorotate) {
        this.video = video;
        this.autorotate = autorotate;
    }

    /// Opens a video, whose pictures come upright.
    ///
    /// @param video where it is
    /// @return a decoder before its first frame
    /// @throws DamagedVideoException when it cannot be used, with the reason
    public static FrameDecoder open(ByteSource video) throws DamagedVideoException {
        return open(video, true);
    }

    /// Opens a video.
    ///
    /// @param video      where it is
    /// @param autorotate whether pictures are turned as the container asks players to, or come as they are stored
    /// @return a decoder before its first frame
    /// @throws DamagedVideoException when it cannot be used, with the reason
    public static FrameDecoder open(ByteSource video, boolean autorotate) throws DamagedVideoException {
        Native.load();
        FrameDecoder decoder = new FrameDecoder(video, autorotate);
        try {
            decoder.openInput();
            decoder.openFormat();
            decoder.openStream();
            decoder.openCodec();
        } catch (DamagedVideoException | RuntimeException | Error e) {
            decoder.close();
            throw e;
        }
        return decoder;
    }

    @Override
    public boolean next() throws DamagedVideoException {
        int drainErrors = 0;
        while (true) {
            int result = avcodec_receive_frame(codec, frame);
            if (result >= 0 && frame.width() > 0 && frame.height() > 0) {
                count();
                return true;
            }
            if (result == AVERROR_EOF || draining && ++drainErrors > MAX_DRAIN_ERRORS) {
                return end();
            }
            if (!draining) { // the decoder needs another packet, or failed on a damaged one
                feed();
            }
        }
    }

    private void count() {
        long time = frame.best_effort_timestamp();
        if (decoded++ == 0) {
            width = orientation.transposed() ? frame.height() : frame.width();
            height = orientation.transposed() ? frame.width() : frame.height();
            firstTime = time;
        }
        lastTime = time;
    }

    @Override
    public void rgb(byte[] into) throws DamagedVideoException {
        if (converter == null) {
            converter = orientation.transposed()
                    ? new RgbConverter(height, width, orientation)
                    : new RgbConverter(width, height, orientation);
        }
        if (!converter.convert(frame, into)) {
            throw damaged(DamageReason.UNSUPPORTED);
        }
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public int decoded() {
        return decoded;
    }

    @Override
    public int promised() {
        return (int) Math.clamp(stream.nb_frames(), 0L, Integer.MAX_VALUE);
    }

    @Override
    public int expected() {
        double seconds = stream.duration() > 0
                ? stream.duration() * av_q2d(stream.time_base())
                : (double) format.duration() / AV_TIME_BASE;
        double shown = (lastTime - firstTime) * av_q2d(stream.time_base()); // without the last frame
        boolean timed = firstTime != AV_NOPTS_VALUE && lastTime != AV_NOPTS_VALUE && shown > 0;
        return Math.clamp(Math.round(seconds * (timed ? (decoded - 1) / shown : fps())), 0, Integer.MAX_VALUE);
    }

    @Override
    public double fps() {
        if (video.fps() > 0) {
            return video.fps();
        }
        for (AVRational rate : new AVRational[] {stream.avg_frame_rate(), stream.r_frame_rate()}) {
            double fps = rate.den() == 0 ? 0 : (double) rate.num() / rate.den();
            if (fps > 0 && fps <= MAX_FPS) {
                return fps;
            }
        }
        return FALLBACK_FPS;
    }

    @Override
    public long readNanos() {
        return openNanos + input.nanos();
    }

    @Override
    public ByteSource source() {
        return video;
    }

    @Override
    public String codec() {
        return avcodec_get_name(stream.codecpar().codec_id()).getString();
    }

    /// Frees all native memory and closes the video.
    @Override
    public void close() {
        if (converter != null) {
            converter.close();
        }
        if (Native.held(frame)) {
            av_frame_free(frame);
        }
        if (Native.held(packet)) {
            av_packet_free(packet);
        }
        if (Native.held(codec)) {
            avcodec_free_context(codec);
        }
        if (Native.held(format)) {
            avformat_close_input(format);
        }
        if (input != null) {
            input.close();
            input = null;
        }
    }

    private void openInput() throws DamagedVideoException {
        long start = System.nanoTime();
        SeekableByteChannel channel = video.open();
        openNanos = System.nanoTime() - start;
        input = new ChannelInput(channel);
        try {
            if (channel.size() == 0) {
                throw damaged(DamageReason.EMPTY);
            }
        } catch (IOException e) {
            throw damaged(DamageReason.UNREADABLE);
        }
    }

    private void openFormat() throws DamagedVideoException {
        AVDictionary options = new AVDictionary(null);
        // Playlists must not lead to other files or machines.
        av_dict_set(options, "protocol_whitelist", "none", 0);
        format = Native.allocated(avformat_alloc_context());
        format.pb(input.context());
        int result = avformat_open_input(format, (String) null, null, options);
        av_dict_free(options);
        if (result < 0 || avformat_find_stream_info(format, (AVDictionary) null) < 0) {
            throw damaged(input.failed() ? DamageReason.UNREADABLE : unrecognised());
        }
    }

    private void openStream() throws DamagedVideoException {
        int best = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
        for (int i = 0; i < format.nb_streams(); i++) {
            AVStream candidate = format.streams(i);
            boolean cover = (candidate.disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0;
            boolean moving = candidate.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO && !cover;
            if (moving && (stream == null || i == best)) { // the first one where FFmpeg's choice is a cover
                stream = candidate;
            }
            candidate.discard(AVDISCARD_ALL);
        }
        if (stream == null) {
            throw damaged(DamageReason.NO_VIDEO_STREAM);
        }
        stream.discard(AVDISCARD_DEFAULT);
        orientation = autorotate ? Orientation.of(stream.codecpar()) : Orientation.STORED;
    }

    private void openCodec() throws DamagedVideoException {
        AVCodec decoder = avcodec_find_decoder(stream.codecpar().codec_id());
        if (decoder == null) {
            throw damaged(DamageReason.UNSUPPORTED);
        }
        codec = Native.allocated(avcodec_alloc_context3(decoder));
        packet = Native.allocated(av_packet_alloc());
        frame = Native.allocated(av_frame_alloc());
        avcodec_parameters_to_context(codec, stream.codecpar());
        codec.thread_count(1); // the loader's workers are the parallelism
        codec.max_pixels(MAX_PIXELS);
        if (avcodec_open2(codec, decoder, (AVDictionary) null) < 0) {
            throw damaged(DamageReason.UNSUPPORTED);
        }
    }

    /// Gives the decoder the next packet of the stream, or tells it that there are no more.
    private void feed() {
        while (av_read_frame(format, packet) >= 0) {
            boolean ours = packet.stream_index() == stream.index();
            if (ours) {
                packets++;
                avcodec_send_packet(codec, packet); // an error here is this packet's damage: go on with the next
            }
            av_packet_unref(packet);
            if (ours) {
                return;
            }
        }
        draining = true;
        avcodec_send_packet(codec, null);
    }

    private boolean end() throws DamagedVideoException {
        if (input.failed()) { // what was decoded may be only a part of the video
            throw damaged(DamageReason.UNREADABLE);
        }
        if (decoded > 0) {
            return false;
        }
        boolean promised = stream.nb_frames() > 0 || stream.duration() > 0 || format.duration() > 0;
        throw damaged(packets == 0 && promised ? DamageReason.TRUNCATED : DamageReason.NO_FRAMES);
    }

    private DamagedVideoException damaged(DamageReason reason) {
        return new DamagedVideoException(reason, video);
    }

    private DamageReason unrecognised() throws DamagedVideoException {
        try (SeekableByteChannel channel = video.open()) {
            return Container.begins(channel) ? DamageReason.TRUNCATED : DamageReason.NOT_A_VIDEO;
        } catch (IOException e) {
            return DamageReason.UNREADABLE;
        }
    }
}
