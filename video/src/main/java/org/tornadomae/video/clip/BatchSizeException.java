package org.tornadomae.video.clip;

import org.tornadomae.video.VideoException;

/// A batch is too large: for the data, or for one array.
public final class BatchSizeException extends VideoException {

    private static final long serialVersionUID = 1L;

    BatchSizeException(String message) {
        super(message);
    }
}
