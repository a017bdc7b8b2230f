package org.tornadomae.video.codec;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXTERNAL;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/// Lets FFmpeg read from a Java channel. All videos are read this way, so that none is judged by its name.
final class ChannelInput implements AutoCloseable {

    private static final int BUFFER = 1 << 16;
    private static final int WHENCE = 3; // FFmpeg adds flags of its own above C's 0, 1, 2

    // JavaCPP has few native entry points per class, so one pair of callbacks serves all and looks up its reader here.
    private static final Map<Long, ChannelInput> OPEN = new ConcurrentHashMap<>();
    private static final Read READ = new Read().retainReference();
    private static final Seek SEEK = new Seek().retainReference();

    private static final class Read extends Read_packet_Pointer_BytePointer_int {
        @Override
        public int call(Pointer opaque, BytePointer buffer, int length) {
            return OPEN.get(opaque.address()).read(buffer.capacity(length).asByteBuffer());
        }
    }

    private static final class Seek extends Seek_Pointer_long_int {
        @Override
        public long call(Pointer opaque, long offset, int whence) {
            return OPEN.get(opaque.address()).seek(offset, whence);
        }
    }

    private final SeekableByteChannel channel;
    private final Pointer key = Native.allocated(av_malloc(1)); // an address that no other open input has
    private final AVIOContext context;
    private boolean failed;
    private long nanos;

    ChannelInput(SeekableByteChannel channel) {
        this.channel = channel;
        OPEN.put(key.address(), this);
        BytePointer buffer = new BytePointer(Native.allocated(av_malloc(BUFFER)));
        context = Native.allocated(avio_alloc_context(buffer, BUFFER, 0, key, READ, null, SEEK));
    }

    AVIOContext context() {
        return context;
    }

    /// Whether the channel could not be read; FFmpeg itself takes that for the end of the file.
    boolean failed() {
        return failed;
    }

    /// Time spent on reading so far.
    long nanos() {
        return nanos;
    }

    /// To be called after FFmpeg has let go of the context.
    @Override
    public void close() {
        OPEN.remove(key.address());
        av_free(context.buffer()); // not the one from the start: FFmpeg replaces it
        avio_context_free(context);
        av_free(key);
        try {
            channel.close();
        } catch (IOException e) {
            failed = true; // it was only read
        }
    }

    private int read(ByteBuffer into) {
        long start = System.nanoTime();
        try {
            int read = channel.read(into);
            return read > 0 ? read : AVERROR_EOF;
        } catch (IOException e) {
            failed = true;
            return AVERROR_EXTERNAL;
        } finally {
            nanos += System.nanoTime() - start;
        }
    }

    private long seek(long offset, int whence) {
        try {
            if ((whence & AVSEEK_SIZE) != 0) {
                return channel.size();
            }
            long origin = switch (whence & WHENCE) {
                case 0 -> 0;
                case 1 -> channel.position();
                default -> channel.size();
            };
            if (origin + offset < 0) {
                return AVERROR_EXTERNAL;
            }
            return channel.position(origin + offset).position();
        } catch (IOException e) {
            failed = true;
            return AVERROR_EXTERNAL;
        }
    }
}
