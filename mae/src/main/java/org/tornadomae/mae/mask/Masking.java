package org.tornadomae.mae.mask;

import java.util.Arrays;
import java.util.Locale;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.UserException;

/// Draws masks. Every kind keeps exactly [#keep] tokens, so that shapes stay the same: where a kind's unit (a tube, a
/// frame, a block) does not fit the count, its last unit is kept in part.
///
/// @param kind  which tokens are removed
/// @param ratio share of the tokens that is removed
/// @param grid  the tokens
public record Masking(MaskKind kind, double ratio, PatchGrid grid) {
    public Masking {
        checkRatio(ratio);
        int tokens = grid.tokens();
        int keep = keepOf(tokens, ratio);
        if (keep == 0) {
            throw new UserException("mask ratio " + ratio + " leaves none of the " + tokens
                    + " tokens visible: lower it or use larger clips");
        }
        if (keep == tokens) {
            throw new UserException("mask ratio " + ratio + " removes none of the " + tokens
                    + " tokens, so there is nothing to learn from: raise it");
        }
    }

    static void checkRatio(double ratio) {
        if (!(ratio >= 0 && ratio < 1)) {
            throw new UserException("mask ratio " + ratio + " must be at least 0 and below 1; the paper uses 0.9");
        }
    }

    private static int keepOf(int tokens, double ratio) {
        return (int) (tokens * (1 - ratio));
    }

    /// The kind by its name, in small letters or capitals.
    public static MaskKind kind(String name) {
        try {
            return MaskKind.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new UserException("unknown mask '" + name + "': use random, tube, frame or block", e);
        }
    }

    /// Visible tokens of a clip: int(N·(1 − ratio)) in double arithmetic, as the official code computes it.
    public int keep() {
        return keepOf(grid.tokens(), ratio);
    }

    /// idsShuffle `[N]` of one clip: the kept tokens first, in random order, then the removed ones.
    public int[] shuffle(Rng rng) {
        int tokens = grid.tokens();
        boolean[] removed = switch (kind) {
            case RANDOM -> new boolean[tokens];
            case TUBE -> tubes(rng);
            case FRAME -> frames(rng);
            case BLOCK -> blocks(rng);
        };
        float[] noise = new float[tokens];
        for (int n = 0; n < tokens; n++) {
            noise[n] = rng.nextFloat() + (removed[n] ? 1 : 0);
        }
        return argsort(noise, 0, tokens);
    }

    /// Indices that sort n non-negative numbers in ascending order; equal ones keep their order (docs/spec.md, Model
    /// 2).
    public static int[] argsort(float[] values, int at, int n) {
        long[] keys = new long[n];
        for (int i = 0; i < n; i++) {
            keys[i] = (long) Float.floatToIntBits(values[at + i]) << 32 | i; // bits of floats >= 0 sort like the floats
        }
        Arrays.sort(keys);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }

    private boolean[] tubes(Rng rng) {
        int[] places = rng.permutation(grid.places());
        int[] times = rng.permutation(grid.times());
        boolean[] removed = allRemoved();
        for (int i = 0; i < keep(); i++) {
            removed[times[i % times.length] * places.length + places[i / times.length]] = false;
        }
        return removed;
    }

    private boolean[] frames(Rng rng) {
        int[] places = rng.permutation(grid.places());
        int[] times = rng.permutation(grid.times());
        boolean[] removed = allRemoved();
        for (int i = 0; i < keep(); i++) {
            removed[times[i / places.length] * places.length + places[i % places.length]] = false;
        }
        return removed;
    }

    private boolean[] allRemoved() {
        boolean[] removed = new boolean[grid.tokens()];
        Arrays.fill(removed, true);
        return removed;
    }

    /// Blocks of up to half of each side, each around a token that is still there, until enough are removed.
    private boolean[] blocks(Rng rng) {
        boolean[] removed = new boolean[grid.tokens()];
        int left = grid.tokens() - keep();
        int[] centres = rng.permutation(grid.tokens());
        for (int i = 0; left > 0; i++) {
            int centre = centres[i];
            if (removed[centre]) {
                continue;
            }
            int[] t = range(rng, centre / grid.places(), grid.times());
            int[] y = range(rng, centre / grid.columns() % grid.rows(), grid.rows());
            int[] x = range(rng, centre % grid.columns(), grid.columns());
            left = remove(removed, left, t, y, x);
        }
        return removed;
    }

    private static int[] range(Rng rng, int centre, int side) {
        int length = 1 + rng.nextInt((side + 1) / 2);
        int start = Math.clamp(centre - rng.nextInt(length), 0, side - length);
        return new int[] {start, start + length};
    }

    private int remove(boolean[] removed, int left, int[] t, int[] y, int[] x) {
        for (int i = t[0]; i < t[1]; i++) {
            for (int j = y[0]; j < y[1]; j++) {
                for (int k = x[0]; k < x[1]; k++) {
                    int n = (i * grid.rows() + j) * grid.columns() + k;
                    if (left > 0 && !removed[n]) {
                        removed[n] = true;
                        left--;
                    }
                }
            }
        }
        return left;
    }
}
