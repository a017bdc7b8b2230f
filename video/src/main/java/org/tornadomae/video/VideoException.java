package org.tornadomae.video;

/// A mistake the user can mend. Its message is the one clear line that the command line prints.
public class VideoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// @param message what is wrong, where, and what to do about it, in one line
    public VideoException(String message) {
        super(message);
    }

    /// @param message what is wrong, where, and what to do about it, in one line
    /// @param cause   what was underneath
    public VideoException(String message, Throwable cause) {
        super(message, cause);
    }
}
