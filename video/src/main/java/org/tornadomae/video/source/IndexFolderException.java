package org.tornadomae.video.source;

import org.tornadomae.video.VideoException;

/// The index of a gzipped archive cannot be made, or not be kept where it was to be.
public final class IndexFolderException extends VideoException {

    private static final long serialVersionUID = 1L;

    IndexFolderException(String message, Throwable cause) {
        super(message, cause);
    }
}
