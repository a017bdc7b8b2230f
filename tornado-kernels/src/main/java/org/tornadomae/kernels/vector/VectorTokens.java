package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorMath.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;

/// The operations of [org.tornadomae.kernels.loop.TokenKernels], which states their formulas: they copy whole rows,
/// here those from `from` to `to` of what they write.
final class VectorTokens {
    private VectorTokens() {}

    private static void copy(Tensor from, int fromRow, Tensor to, int toRow, int channels) {
        System.arraycopy(from.floats(), from.at() + fromRow * channels, to.floats(), to.at() + toRow * channels,
                channels);
    }

    private static void clear(Tensor rows, int row, int channels) {
        int at = rows.at() + row * channels;
        Arrays.fill(rows.floats(), at, at + channels, 0f);
    }

    static void prependClass(Tensor out, Tensor in, Tensor classToken, TokenShape shape, int from, int to) {
        int clipRows = shape.cls() + shape.count();
        for (int row = from; row < to; row++) {
            if (row % clipRows < shape.cls()) {
                copy(classToken, 0, out, row, shape.channels());
            } else {
                copy(in, row - (row / clipRows + 1) * shape.cls(), out, row, shape.channels());
            }
        }
    }

    static void prependClassBackward(Tensor dIn, Tensor dOut, TokenShape shape, int from, int to) {
        for (int row = from; row < to; row++) {
            copy(dOut, row + (row / shape.count() + 1) * shape.cls(), dIn, row, shape.channels());
        }
    }

    static void unshuffle(Tensor out, Tensor in, Tensor slots, Tensor maskToken, Tensor classToken, TokenShape shape,
            int from, int to) {
        int cls = shape.cls();
        for (int row = from; row < to; row++) {
            int b = row / (cls + shape.tokens());
            int n = row % (cls + shape.tokens()) - cls;
            // the class token stands before the first kept one
            int slot = n < 0 ? -1 : slots.ints()[slots.at() + b * shape.tokens() + n];
            Tensor learned = n < 0 ? classToken : slot < shape.count() ? null : maskToken;
            if (learned == null) {
                copy(in, b * (cls + shape.count()) + cls + slot, out, row, shape.channels());
            } else {
                copy(learned, 0, out, row, shape.channels());
            }
        }
    }

    static void unshuffleBackward(Tensor dIn, Tensor dOut, Tensor ids, TokenShape shape, boolean carry, int from,
            int to) {
        int cls = shape.cls();
        for (int row = from; row < to; row++) {
            int b = row / (cls + shape.count());
            int slot = row % (cls + shape.count()) - cls;
            int n = slot < 0 ? -1 : ids.ints()[ids.at() + b * shape.count() + slot];
            if (slot < 0 && !carry) {
                clear(dIn, row, shape.channels());
            } else {
                copy(dOut, b * (cls + shape.tokens()) + cls + n, dIn, row, shape.channels());
            }
        }
    }

    /// The mask token's gradient += Σ of dOut over the removed tokens, for the channels from `c` to `end`: a vector at
    /// most.
    static void sumOfRemoved(Tensor dMaskToken, Tensor dOut, Tensor slots, TokenShape shape, int c, int end) {
        float[] d = dOut.floats();
        int[] slot = slots.ints();
        VectorMask<Float> mask = SPECIES.indexInRange(c, end);
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int b = 0; b < shape.batch(); b++) {
            int firstRow = b * (shape.cls() + shape.tokens()) + shape.cls();
            for (int n = 0; n < shape.tokens(); n++) {
                if (slot[slots.at() + b * shape.tokens() + n] >= shape.count()) {
                    int at = dOut.at() + (firstRow + n) * shape.channels() + c;
                    sum = FloatVector.fromArray(SPECIES, d, at, mask).add(sum);
                }
            }
        }
        float[] gradient = dMaskToken.floats();
        int at = dMaskToken.at() + c;
        FloatVector.fromArray(SPECIES, gradient, at, mask).add(sum).intoArray(gradient, at, mask);
    }

    static void gather(Tensor out, Tensor in, Tensor ids, TokenShape shape, int from, int to) {
        for (int row = from; row < to; row++) {
            int first = row / shape.count() * (shape.cls() + shape.tokens()) + shape.cls();
            copy(in, first + ids.ints()[ids.at() + row], out, row, shape.channels());
        }
    }

    static void gatherBackward(Tensor dIn, Tensor dOut, Tensor slots, TokenShape shape, int from, int to) {
        for (int row = from; row < to; row++) {
            int b = row / (shape.cls() + shape.tokens());
            int n = row % (shape.cls() + shape.tokens()) - shape.cls();
            int slot = n < 0 ? shape.count() : slots.ints()[slots.at() + b * shape.tokens() + n];
            if (slot < shape.count()) {
                copy(dOut, b * shape.count() + slot, dIn, row, shape.channels());
            } else {
                clear(dIn, row, shape.channels());
            }
        }
    }

    /// out`[b, c]` = mean over the rows from `skip` on, for one vector of channels from `c` on.
    static void mean(Tensor out, Tensor in, TokenShape shape, int skip, int b, int c) {
        int rows = shape.cls() + shape.count();
        int channels = shape.channels();
        VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
        int x = in.at() + (b * rows + skip) * channels + c;
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int n = skip; n < rows; n++) {
            sum = FloatVector.fromArray(SPECIES, in.floats(), x, mask).add(sum);
            x += channels;
        }
        sum.div(rows - skip).intoArray(out.floats(), out.at() + b * channels + c, mask);
    }

    /// Forward: out`[b]` = Σ_n in`[b, n]` / (rows − skip), so dIn`[b, n]` = dOut`[b]` / (rows − skip).
    static void meanBackward(Tensor dIn, Tensor dOut, TokenShape shape, int skip, int from, int to) {
        int rows = shape.cls() + shape.count();
        int channels = shape.channels();
        for (int row = from; row < to; row++) {
            int at = dIn.at() + row * channels;
            if (row % rows < skip) {
                Arrays.fill(dIn.floats(), at, at + channels, 0f);
                continue;
            }
            int d = dOut.at() + row / rows * channels;
            for (int c = 0; c < channels; c++) {
                dIn.floats()[at + c] = dOut.floats()[d + c] / (rows - skip);
            }
        }
    }
}
