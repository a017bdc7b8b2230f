package org.tornadomae.video.codec;

import java.nio.file.Path;

/** A file cannot be used as a video; training skips it and goes on. */
public final class DamagedClipException extends Exception {

    private static final long serialVersionUID = 1L;

    private final DamageReason reason;

    /**
     * @param reason what is wrong
     * @param file with which file
     */
    public DamagedClipException(DamageReason reason, Path file) {
        super(file + ": " + reason);
        this.reason = reason;
    }

    /** What is wrong with the file. */
    public DamageReason reason() {
        return reason;
    }
}
