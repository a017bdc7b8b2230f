package org.tornadomae.video.codec;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_max_alloc;

import org.bytedeco.javacpp.Pointer;

/// What the decoder and the encoder share: settings of FFmpeg, and checks of its pointers.
final class Native {

    private static final long MAX_ALLOCATION = 1L << 30; // a hostile header asks for more

    private static volatile boolean loaded;

    private Native() {}

    /// Initialises FFmpeg; to be called before its first use. Any number of threads may do so at once.
    ///
    /// @throws org.tornadomae.video.VideoException when there is no folder for its libraries
    static void load() {
        if (!loaded) {
            LibraryFolder.choose();
            // Damaged clips are normal in K400; FFmpeg's complaints about each would bury the progress bar.
            av_log_set_level(AV_LOG_QUIET);
            av_max_alloc(MAX_ALLOCATION);
            loaded = true;
        }
    }

    /// Passes an allocation on, or throws when there was no memory for it.
    static <T extends Pointer> T allocated(T pointer) {
        if (pointer == null || pointer.isNull()) {
            throw new OutOfMemoryError("FFmpeg could not allocate native memory");
        }
        return pointer;
    }

    /// Whether there is something to free: FFmpeg sets a pointer to null as it frees it, or when it could not open.
    static boolean held(Pointer pointer) {
        return pointer != null && !pointer.isNull();
    }
}
