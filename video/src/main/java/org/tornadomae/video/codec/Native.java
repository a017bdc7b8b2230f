package org.tornadomae.video.codec;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.bytedeco.javacpp.Pointer;

/** What the decoder and the encoder share: the log, and error codes as exceptions. */
final class Native {

    private static final int MESSAGE_BYTES = 128;

    static {
        // Damaged clips are normal in K400; FFmpeg's complaints about each would bury the progress bar.
        av_log_set_level(AV_LOG_QUIET);
    }

    private Native() {
    }

    /** Runs the static part; to be called before the first use of FFmpeg. */
    static void load() {
    }

    /** FFmpeg's own words for an error code. */
    static String words(int error) {
        byte[] text = new byte[MESSAGE_BYTES];
        av_strerror(error, text, text.length);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.UTF_8);
    }

    /** Passes a result on, or throws when it is an error code. */
    static int check(int result, String doing) throws IOException {
        if (result < 0) {
            throw new IOException(doing + ": " + words(result));
        }
        return result;
    }

    /** Passes an allocation on, or throws when there was no memory for it. */
    static <T extends Pointer> T allocated(T pointer) {
        if (pointer == null || pointer.isNull()) {
            throw new OutOfMemoryError("FFmpeg could not allocate native memory");
        }
        return pointer;
    }

    /** Whether there is something to free: FFmpeg sets a pointer to null as it frees it, or when it could not open. */
    static boolean held(Pointer pointer) {
        return pointer != null && !pointer.isNull();
    }
}
