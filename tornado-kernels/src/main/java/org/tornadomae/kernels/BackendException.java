package org.tornadomae.kernels;

/// A device that is not there, not able or not willing. The message is one line for the user: what, and what to do.
public final class BackendException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BackendException(String message) {
        super(message);
    }

    public BackendException(String message, Throwable cause) {
        super(message, cause);
    }
}
