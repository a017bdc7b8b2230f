package org.tornadomae.mae.train;

import java.math.BigDecimal;
import org.tornadomae.nn.UserException;

/// What recipes demand of their numbers. Messages name a field as a configuration file does: `batch-size`.
final class Checks {
    private Checks() {}

    static void atLeast(String field, double value, double least) {
        if (!(value >= least) || Double.isInfinite(value)) {
            throw new UserException(field + " " + text(value) + " must be a number of at least " + text(least));
        }
    }

    private static String text(double value) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }
}
