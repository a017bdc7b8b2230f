package org.tornadomae.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Which tokens of each clip are kept, as the kernels read it.
///
/// @param idOf   `[B, count]` token numbers, in the order of the rows
/// @param slotOf `[B, N]` where each token stands; `count` or more where it is absent
/// @param ids    `idOf` for operations
/// @param slots  `slotOf` for operations
record Shuffle(int batch, int count, int tokens, int[] idOf, int[] slotOf, Tensor ids, Tensor slots) {

    static Shuffle of(OpFixture fixture, int batch, int count, int tokens) {
        Random random = fixture.random();
        int[] ids = new int[batch * count];
        int[] slots = new int[batch * tokens];
        for (int b = 0; b < batch; b++) {
            List<Integer> order = new ArrayList<>();
            for (int n = 0; n < tokens; n++) {
                order.add(n);
            }
            Collections.shuffle(order, random);
            for (int i = 0; i < tokens; i++) {
                slots[b * tokens + order.get(i)] = i;
                if (i < count) {
                    ids[b * count + i] = order.get(i);
                }
            }
        }
        return new Shuffle(batch, count, tokens, ids, slots, fixture.ints(ids), fixture.ints(slots));
    }

    boolean has(int b, int n) {
        return slotOf[b * tokens + n] < count;
    }

    int slot(int b, int n) {
        return slotOf[b * tokens + n];
    }

    /// Copies row `from` of `in` to row `to` of `out`.
    static void copy(double[] out, int to, double[] in, int from, int channels) {
        System.arraycopy(in, from * channels, out, to * channels, channels);
    }

    /// Adds row `from` of `in` to row `to` of `out`.
    static void add(double[] out, int to, double[] in, int from, int channels) {
        for (int c = 0; c < channels; c++) {
            out[to * channels + c] += in[from * channels + c];
        }
    }

    /// (class token, in) for every clip.
    double[] prepended(double[] in, double[] classToken, int channels) {
        int cls = classToken.length / channels;
        double[] out = new double[batch * (cls + count) * channels];
        for (int b = 0; b < batch; b++) {
            System.arraycopy(classToken, 0, out, b * (cls + count) * channels, classToken.length);
            System.arraycopy(in, b * count * channels, out, (b * (cls + count) + cls) * channels, count * channels);
        }
        return out;
    }

    /// All tokens in place; `ownClass` null carries row 0 of `in` over when `cls` is 1.
    double[] unshuffled(double[] in, double[] maskToken, double[] ownClass, int cls) {
        int channels = maskToken.length;
        double[] out = new double[batch * (cls + tokens) * channels];
        for (int b = 0; b < batch; b++) {
            int first = b * (cls + tokens);
            for (int n = 0; n < tokens; n++) {
                copy(out, first + cls + n, maskToken, 0, channels);
            }
            for (int i = 0; i < count; i++) {
                copy(out, first + cls + idOf[b * count + i], in, b * (cls + count) + cls + i, channels);
            }
            if (cls == 1) {
                copy(out, first, ownClass == null ? in : ownClass, ownClass == null ? b * (cls + count) : 0, channels);
            }
        }
        return out;
    }

    /// The rows of the tokens that are there.
    double[] gathered(double[] in, int cls, int channels) {
        double[] out = new double[batch * count * channels];
        for (int b = 0; b < batch; b++) {
            for (int n = 0; n < tokens; n++) {
                if (has(b, n)) {
                    copy(out, b * count + slot(b, n), in, b * (cls + tokens) + cls + n, channels);
                }
            }
        }
        return out;
    }

    /// x plus separable positions; `classPosition` empty without a class token.
    double[] separable(double[] x, double[] spatial, double[] temporal, double[] classPosition, int channels) {
        double[] out = x.clone();
        int places = spatial.length / channels;
        int cls = classPosition.length / channels;
        for (int b = 0; b < batch; b++) {
            for (int n = 0; n < tokens; n++) {
                if (has(b, n)) {
                    int row = b * (cls + count) + cls + slot(b, n);
                    add(out, row, spatial, n % places, channels);
                    add(out, row, temporal, n / places, channels);
                }
            }
            if (cls == 1) {
                add(out, b * (cls + count), classPosition, 0, channels);
            }
        }
        return out;
    }

    /// x plus joint positions `[cls + N, C]`.
    double[] joint(double[] x, double[] positions, int cls, int channels) {
        double[] out = x.clone();
        for (int b = 0; b < batch; b++) {
            for (int n = 0; n < tokens; n++) {
                if (has(b, n)) {
                    add(out, b * (cls + count) + cls + slot(b, n), positions, cls + n, channels);
                }
            }
            if (cls == 1) {
                add(out, b * (cls + count), positions, 0, channels);
            }
        }
        return out;
    }

    @Override
    public String toString() {
        return "Shuffle " + Arrays.toString(idOf);
    }
}
