package org.tornadomae.mae.classify;

import org.tornadomae.nn.UserException;

/// Masked fine-tuning: some tokens are removed, fewer and fewer of them over the run (paper, B.3). The share follows
/// half a cosine and goes down in quarters of the way: a batch's shape changes with it, and each shape is another
/// program.
///
/// @param start share at the start; 0 removes nothing
/// @param end   share at the end
public record MaskAnnealing(double start, double end) {
    /// All tokens, always.
    public static final MaskAnnealing NONE = new MaskAnnealing(0, 0);

    private static final int LEVELS = 4;

    public MaskAnnealing {
        if (!(start >= 0 && start < 1 && end >= 0 && end <= start)) {
            throw new UserException("mask ratios from " + start + " to " + end
                    + ": the first must be below 1, the second from 0 to the first");
        }
    }

    /// Kept tokens of so many.
    ///
    /// @param progress from 0 to 1
    public int keep(int tokens, double progress) {
        double left = 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
        double ratio = end + (start - end) * Math.rint(left * LEVELS) / LEVELS;
        return Math.max(1, (int) (tokens * (1 - ratio)));
    }
}
