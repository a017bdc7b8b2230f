package org.tornadomae.nn;

/// A mistake or a mishap that the user can do something about. The message is the one line to print: what, where, what
/// to do.
public final class UserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserException(String message) {
        super(message);
    }

    public UserException(String message, Throwable cause) {
        super(message, cause);
    }
}
