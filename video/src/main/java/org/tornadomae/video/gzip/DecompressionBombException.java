package org.tornadomae.video.gzip;

import java.io.IOException;

/// Compressed data grows out of all proportion; it is not read any further.
public final class DecompressionBombException extends IOException {

    private static final long serialVersionUID = 1L;

    DecompressionBombException() {
        super("decompression bomb");
    }
}
