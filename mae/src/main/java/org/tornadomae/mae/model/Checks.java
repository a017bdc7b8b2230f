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

    static void divides(String part, int partValue, String whole, int wholeValue) {
        if (wholeValue % partValue != 0) {
            throw new UserException(whole + " " + wholeValue + " is not divisible by " + part + " " + partValue);
        }
    }
}
