package org.tornadomae.mae.model;

import org.tornadomae.nn.UserException;

/// What configurations demand of their numbers. Messages name the field in words.
final class Checks {
    private Checks() {}

    static void positive(String what, int value) {
        if (value <= 0) {
            throw new UserException(what + " " + value + " must be at least 1");
        }
    }

    /// Of a layer norm: it is a float on every device, and must not round to zero there.
    static void eps(double eps) {
        if (!(eps >= Float.MIN_NORMAL && eps <= 1)) {
            throw new UserException("LayerNorm eps " + eps + " is out of range: 1e-6 is usual");
        }
    }

    static void divides(String part, int partValue, String whole, int wholeValue) {
        if (wholeValue % partValue != 0) {
            throw new UserException(whole + " " + wholeValue + " is not divisible by " + part + " " + partValue);
        }
    }
}
