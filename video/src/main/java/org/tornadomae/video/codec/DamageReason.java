package org.tornadomae.video.codec;

/// Why a video cannot be used.
public enum DamageReason {
    /// There is no such file.
    MISSING("missing"),
    /// The file has no bytes.
    EMPTY("empty"),
    /// Not a media file that FFmpeg knows.
    NOT_A_VIDEO("not a video"),
    /// A media file without a moving picture, such as sound with a cover.
    NO_VIDEO_STREAM("no video stream"),
    /// It begins as a video file but ends before its index or its first frame.
    TRUNCATED("truncated"),
    /// A complete file, of which not one frame can be decoded.
    NO_FRAMES("no frames"),
    /// FFmpeg has no decoder for it.
    UNSUPPORTED("unsupported codec"),
    /// The operating system does not let us read it, or it is no regular file.
    UNREADABLE("unreadable"),
    /// Its decoder, in a process of its own, gave no sign of life for too long.
    HANGS("hangs the decoder"),
    /// Its decoder, in a process of its own, crashed.
    CRASHES("crashes the decoder");

    private final String words;

    DamageReason(String words) {
        this.words = words;
    }

    /// The reason as reports print it.
    @Override
    public String toString() {
        return words;
    }
}
