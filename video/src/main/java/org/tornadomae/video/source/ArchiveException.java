package org.tornadomae.video.source;

import java.io.IOException;

/** An archive cannot be read any further. */
final class ArchiveException extends IOException {

    private static final long serialVersionUID = 1L;

    private final ArchiveLoss loss;

    ArchiveException(ArchiveLoss loss) {
        super(loss.toString());
        this.loss = loss;
    }

    ArchiveLoss loss() {
        return loss;
    }
}
