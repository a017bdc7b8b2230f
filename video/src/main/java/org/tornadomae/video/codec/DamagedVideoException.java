package org.tornadomae.video.codec;

/// A video cannot be used; training skips it and goes on.
public final class DamagedVideoException extends Exception {

    private static final long serialVersionUID = 1L;

    private final DamageReason reason;

    /// @param reason what is wrong
    /// @param video  the video
    public DamagedVideoException(DamageReason reason, ByteSource video) {
        super(video + ": " + reason);
        this.reason = reason;
    }

    /// What is wrong with the video.
    public DamageReason reason() {
        return reason;
    }
}
