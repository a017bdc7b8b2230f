package org.tornadomae.bench.ops;

/// An executor computed something else than the plain loops, so its speed is of no interest.
public final class WrongResultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongResultException(String message) {
        super(message);
    }
}
