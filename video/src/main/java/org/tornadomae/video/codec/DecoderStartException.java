package org.tornadomae.video.codec;

import java.io.IOException;
import org.tornadomae.video.VideoException;

/// The system does not let this process start a decoder process.
public final class DecoderStartException extends VideoException {

    private static final long serialVersionUID = 1L;

    /// @param problem what the system says
    DecoderStartException(IOException problem) {
        super("cannot start a decoder process: " + problem.getMessage().lines().findFirst().orElse("").strip()
                + "; use fewer workers, decode in threads, or allow more open files and processes (ulimit -n, -u)",
                problem);
    }
}
