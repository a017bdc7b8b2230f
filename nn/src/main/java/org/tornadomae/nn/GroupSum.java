package org.tornadomae.nn;

import java.util.Arrays;

/// Sums the gradients of a rank's groups, one group after the other, as a balanced tree: like a binary counter it keeps
/// one partial sum per level, log2(groups) arrays in all, none for a single group.
public final class GroupSum {
    private final float[][] partial;
    private final int groups;
    private int done;

    /// @param groups how many are summed, a power of two
    /// @param length elements of the gradients
    public GroupSum(int groups, int length) {
        this.groups = groups;
        this.partial = new float[Integer.numberOfTrailingZeros(groups)][length];
    }

    /// Takes the gradients of the next group. Afterwards they are zero, for the next group to accumulate into, or,
    /// after the last group, the sum of all.
    ///
    /// @return whether that was the last group
    public boolean next(float[] grads) {
        int level = 0;
        for (; (done >> level & 1) == 1; level++) {
            BalancedTree.add(grads, partial[level], grads.length);
        }
        done = (done + 1) % groups;
        if (done == 0) {
            return true;
        }
        System.arraycopy(grads, 0, partial[level], 0, grads.length);
        Arrays.fill(grads, 0f);
        return false;
    }
}
