package org.tornadomae.kernels;

/// A device that is missing, cannot do what it is asked, or failed. Its message is one line for the user: what
/// happened, and what to do.
public final class BackendException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BackendException(String message) {
        super(message);
    }

    public BackendException(String message, Throwable cause) {
        super(message, cause);
    }
}
