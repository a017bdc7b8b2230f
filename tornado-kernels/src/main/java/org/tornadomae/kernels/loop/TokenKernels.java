package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.InOut;
import org.tornadomae.kernels.Out;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Rows of tokens: class token in front, un-shuffling with mask tokens, picking the tokens to predict.
///
/// `cls` is 1 when row 0 of a clip is the class token and 0 when there is none. Rows are found through index arrays;
/// backwards use the inverse index, so that every element has one owner.
public final class TokenKernels {
    private TokenKernels() {}

    /// out`[b]` = (class token, in`[b]`).
    ///
    /// @param out     `[B, cls + count, C]`
    /// @param in      `[B, count, C]`
    /// @param classAt start of the class token `[C]` in `params`
    public static void prependClassForward(@Out float[] out, int outAt, float[] in, int inAt, float[] params,
            int classAt,
            int batch, int count, int cls, int channels) {
        for (@Parallel int row = 0; row < batch * (cls + count); row++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int b = row / (cls + count);
                int t = row % (cls + count) - cls;
                float value;
                if (t < 0) {
                    value = params[classAt + c];
                } else {
                    value = in[inAt + (b * count + t) * channels + c];
                }
                out[outAt + row * channels + c] = value;
            }
        }
    }

    /// Forward: out`[b, cls + t]` = in`[b, t]`, so dIn`[b, t]` = dOut`[b, cls + t]`.
    ///
    /// @param dIn `[B, count, C]`, overwritten
    public static void prependClassBackward(@Out float[] dIn, int dInAt, float[] dOut, int dOutAt,
            int batch, int count, int cls, int channels) {
        for (@Parallel int row = 0; row < batch * count; row++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int b = row / count;
                dIn[dInAt + row * channels + c] = dOut[dOutAt + (row + (b + 1) * cls) * channels + c];
            }
        }
    }

    /// Row 0 of every clip came from one learned vector, so its gradient += Σ_b dOut`[b, 0]`.
    ///
    /// @param grads holds the gradient `[C]` at `at`
    /// @param dOut  `[B, rows, C]`
    public static void classTokenBackward(@InOut float[] grads, int at, float[] dOut, int dOutAt, int batch, int rows,
            int channels) {
        for (@Parallel int c = 0; c < channels; c++) {
            float sum = 0f;
            for (int b = 0; b < batch; b++) {
                sum += dOut[dOutAt + b * rows * channels + c];
            }
            grads[at + c] = grads[at + c] + sum;
        }
    }

    /// All tokens again: token n of a clip is in[slots`[n]`] where it was kept and the mask token where it was removed.
    ///
    /// @param out     `[B, cls + N, C]`
    /// @param in      `[B, cls + keep, C]`
    /// @param slots   `[B, N]`: idsRestore; below `keep` the token was kept
    /// @param classAt start of the decoder's own class token in `params`; -1 carries the encoder's over (row 0 of `in`)
    public static void unshuffleForward(@Out float[] out, int outAt, float[] in, int inAt, int[] slots, int slotsAt,
            float[] params, int maskTokenAt, int classAt, int batch, int keep, int tokens, int cls, int channels) {
        for (@Parallel int row = 0; row < batch * (cls + tokens); row++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int b = row / (cls + tokens);
                int n = row % (cls + tokens) - cls;
                int first = b * (cls + keep);
                float value = params[maskTokenAt + c];
                if (n < 0) {
                    if (classAt >= 0) {
                        value = params[classAt + c];
                    } else {
                        value = in[inAt + first * channels + c];
                    }
                } else {
                    int slot = slots[slotsAt + b * tokens + n];
                    if (slot < keep) {
                        value = in[inAt + (first + cls + slot) * channels + c];
                    }
                }
                out[outAt + row * channels + c] = value;
            }
        }
    }

    /// Forward: out[b, ids`[slot]`] = in`[b, slot]`, so dIn`[b, slot]` = dOut[b, ids`[slot]`].
    ///
    /// @param dIn   `[B, cls + keep, C]`, overwritten; the class row gets a gradient only when it was carried over
    /// @param ids   `[B, keep]`: idsKeep
    /// @param carry 1 when the encoder's class token was carried over, else 0
    public static void unshuffleBackward(@Out float[] dIn, int dInAt, float[] dOut, int dOutAt, int[] ids, int idsAt,
            int batch, int keep, int tokens, int cls, int carry, int channels) {
        for (@Parallel int row = 0; row < batch * (cls + keep); row++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int b = row / (cls + keep);
                int slot = row % (cls + keep) - cls;
                int first = b * (cls + tokens);
                float d = 0f;
                if (slot >= 0) {
                    d = dOut[dOutAt + (first + cls + ids[idsAt + b * keep + slot]) * channels + c];
                } else {
                    d = carry * dOut[dOutAt + first * channels + c];
                }
                dIn[dInAt + row * channels + c] = d;
            }
        }
    }

    /// Forward: every removed token is the mask token, so its gradient += Σ over removed tokens of dOut.
    ///
    /// @param grads holds the gradient `[C]` at `maskTokenAt`
    public static void maskTokenBackward(@InOut float[] grads, int maskTokenAt, float[] dOut, int dOutAt, int[] slots,
            int slotsAt,
            int batch, int keep, int tokens, int cls, int channels) {
        for (@Parallel int c = 0; c < channels; c++) {
            float sum = 0f;
            for (int b = 0; b < batch; b++) {
                for (int n = 0; n < tokens; n++) {
                    if (slots[slotsAt + b * tokens + n] >= keep) {
                        sum += dOut[dOutAt + (b * (cls + tokens) + cls + n) * channels + c];
                    }
                }
            }
            grads[maskTokenAt + c] = grads[maskTokenAt + c] + sum;
        }
    }

    /// out`[b, i]` = in[b, cls + ids`[i]`]: the rows of chosen tokens, without the class token.
    ///
    /// @param out `[B, count, C]`
    /// @param in  `[B, cls + N, C]`
    /// @param ids `[B, count]` token numbers
    public static void gatherTokensForward(@Out float[] out, int outAt, float[] in, int inAt, int[] ids, int idsAt,
            int batch, int count, int tokens, int cls, int channels) {
        for (@Parallel int row = 0; row < batch * count; row++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int b = row / count;
                out[outAt + row * channels + c] =
                        in[inAt + (b * (cls + tokens) + cls + ids[idsAt + row]) * channels + c];
            }
        }
    }

    /// Forward: out`[b, i]` = in[b, cls + ids`[i]`], so dIn`[b, cls + n]` = dOut[b, slots`[n]`], and 0 for rows that
    /// were not picked.
    ///
    /// @param dIn   `[B, cls + N, C]`, overwritten
    /// @param slots `[B, N]`: where token n stands among the picked ones; `count` or more when it does not
    public static void gatherTokensBackward(@Out float[] dIn, int dInAt, float[] dOut, int dOutAt, int[] slots,
            int slotsAt,
            int batch, int count, int tokens, int cls, int channels) {
        for (@Parallel int row = 0; row < batch * (cls + tokens); row++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int b = row / (cls + tokens);
                int n = row % (cls + tokens) - cls;
                float d = 0f;
                if (n >= 0) {
                    int slot = slots[slotsAt + b * tokens + n];
                    if (slot < count) {
                        d = dOut[dOutAt + (b * count + slot) * channels + c];
                    }
                }
                dIn[dInAt + row * channels + c] = d;
            }
        }
    }
}
