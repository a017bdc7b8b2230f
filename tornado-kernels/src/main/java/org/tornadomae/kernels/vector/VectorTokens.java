package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorMath.SPECIES;
import static org.tornadomae.kernels.vector.VectorTile.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.tornadomae.kernels.Tensor;

/// The operations of [org.tornadomae.kernels.TokenKernels], which states their formulas: they copy whole rows, here those
/// from `from` to `to` of what they write.
public final class VectorTokens {
    private VectorTokens() {
    }

    public static void prependClass(float[] out, float[] in, Tensor classToken, int count, int cls, int channels, int from, int to) {
        for (int row = from; row < to; row++) {
            int b = row / (cls + count);
            if (row % (cls + count) < cls) {
                System.arraycopy(classToken.data(), classToken.at(), out, row * channels, channels);
            } else {
                System.arraycopy(in, (row - (b + 1) * cls) * channels, out, row * channels, channels);
            }
        }
    }

    public static void prependClassBackward(float[] dIn, float[] dOut, int count, int cls, int channels, int from, int to) {
        for (int row = from; row < to; row++) {
            System.arraycopy(dOut, (row + (row / count + 1) * cls) * channels, dIn, row * channels, channels);
        }
    }

    public static void unshuffle(float[] out, float[] in, int[] slots, Tensor maskToken, Tensor classToken,
            int keep, int tokens, int cls, int channels, int from, int to) {
        for (int row = from; row < to; row++) {
            int b = row / (cls + tokens);
            int n = row % (cls + tokens) - cls;
            int slot = n < 0 ? -1 : slots[b * tokens + n]; // the class token stands before the first kept one
            Tensor learned = n < 0 ? classToken : slot < keep ? null : maskToken;
            if (learned == null) {
                System.arraycopy(in, (b * (cls + keep) + cls + slot) * channels, out, row * channels, channels);
            } else {
                System.arraycopy(learned.data(), learned.at(), out, row * channels, channels);
            }
        }
    }

    public static void unshuffleBackward(float[] dIn, float[] dOut, int[] ids, int keep, int tokens, int cls, boolean carry, int channels,
            int from, int to) {
        for (int row = from; row < to; row++) {
            int b = row / (cls + keep);
            int slot = row % (cls + keep) - cls;
            int n = slot < 0 ? -1 : ids[b * keep + slot];
            if (slot < 0 && !carry) {
                Arrays.fill(dIn, row * channels, (row + 1) * channels, 0f);
            } else {
                System.arraycopy(dOut, (b * (cls + tokens) + cls + n) * channels, dIn, row * channels, channels);
            }
        }
    }

    /// The mask token's gradient += Σ of dOut over the removed tokens, for one vector of channels from `c` on.
    public static void sumOfRemoved(Tensor dMaskToken, float[] dOut, int[] slots, int batch, int keep, int tokens, int cls, int channels, int c) {
        VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int b = 0; b < batch; b++) {
            for (int n = 0; n < tokens; n++) {
                if (slots[b * tokens + n] >= keep) {
                    sum = FloatVector.fromArray(SPECIES, dOut, (b * (cls + tokens) + cls + n) * channels + c, mask).add(sum);
                }
            }
        }
        int at = dMaskToken.at() + c;
        FloatVector.fromArray(SPECIES, dMaskToken.data(), at, mask).add(sum).intoArray(dMaskToken.data(), at, mask);
    }

    public static void gather(float[] out, float[] in, int inAt, int[] ids, int count, int tokens, int cls, int channels, int from, int to) {
        for (int row = from; row < to; row++) {
            int b = row / count;
            System.arraycopy(in, inAt + (b * (cls + tokens) + cls + ids[row]) * channels, out, row * channels, channels);
        }
    }

    public static void gatherBackward(float[] dIn, float[] dOut, int[] slots, int count, int tokens, int cls, int channels, int from, int to) {
        for (int row = from; row < to; row++) {
            int b = row / (cls + tokens);
            int n = row % (cls + tokens) - cls;
            int slot = n < 0 ? count : slots[b * tokens + n];
            if (slot < count) {
                System.arraycopy(dOut, (b * count + slot) * channels, dIn, row * channels, channels);
            } else {
                Arrays.fill(dIn, row * channels, (row + 1) * channels, 0f);
            }
        }
    }
}
