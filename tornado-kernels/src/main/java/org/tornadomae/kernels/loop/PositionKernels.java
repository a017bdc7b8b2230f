package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.InOut;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Learned position embeddings of both kinds (docs/spec.md, Model 3): separable (space + time) and joint (one per
/// token).
///
/// `ids` `[B, count]` names the token in each row, `slots` `[B, N]` is its inverse (`count` or more when the token is
/// absent).
public final class PositionKernels {
    private PositionKernels() {}

    /// x`[b, cls + i]` += spatial`[id mod S]` + temporal`[id / S]`; the class row += classPosition.
    ///
    /// @param x          `[B, cls + count, C]`, in place
    /// @param spatialAt  start of `[S, C]` in `params`, S = h·w
    /// @param temporalAt start of `[t, C]`
    /// @param classAt    start of `[C]`
    public static void addSeparablePositions(@InOut float[] x, int xAt, int[] ids, int idsAt, float[] params,
            int spatialAt, int temporalAt, int classAt,
            int batch, int count, int spatial, int cls, int channels) {
        for (@Parallel int row = 0; row < batch * (cls + count); row++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int b = row / (cls + count);
                int i = row % (cls + count) - cls;
                float position;
                if (i < 0) {
                    position = params[classAt + c];
                } else {
                    int id = ids[idsAt + b * count + i];
                    position = params[spatialAt + (id % spatial) * channels + c]
                            + params[temporalAt + (id / spatial) * channels + c];
                }
                x[xAt + row * channels + c] = x[xAt + row * channels + c] + position;
            }
        }
    }

    /// x`[b, cls + i]` += joint`[cls + id]`; the class row += joint`[0]`.
    ///
    /// @param x       `[B, cls + count, C]`, in place
    /// @param jointAt start of `[cls + N, C]` in `params`
    public static void addJointPositions(@InOut float[] x, int xAt, int[] ids, int idsAt, float[] params, int jointAt,
            int batch, int count, int cls, int channels) {
        for (@Parallel int row = 0; row < batch * (cls + count); row++) {
            for (@Parallel int c = 0; c < channels; c++) {
                int b = row / (cls + count);
                int i = row % (cls + count) - cls;
                int position = 0;
                if (i >= 0) {
                    position = cls + ids[idsAt + b * count + i];
                }
                x[xAt + row * channels + c] = x[xAt + row * channels + c] + params[jointAt + position * channels + c];
            }
        }
    }

    /// Forward: every token of place s got spatial`[s]`, so its gradient += Σ_b Σ_t dX of the tokens t·S + s that are
    /// there.
    ///
    /// @param grads holds the gradient `[S, C]` at `spatialAt`
    /// @param dX    `[B, cls + count, C]`
    public static void spatialPositionsBackward(@InOut float[] grads, int spatialAt, float[] dX, int dXAt, int[] slots,
            int slotsAt,
            int batch, int count, int spatial, int times, int cls, int channels) {
        for (@Parallel int s = 0; s < spatial; s++) {
            for (@Parallel int c = 0; c < channels; c++) {
                float sum = 0f;
                for (int b = 0; b < batch; b++) {
                    for (int t = 0; t < times; t++) {
                        int slot = slots[slotsAt + (b * times + t) * spatial + s];
                        if (slot < count) {
                            sum += dX[dXAt + (b * (cls + count) + cls + slot) * channels + c];
                        }
                    }
                }
                int g = spatialAt + s * channels + c;
                grads[g] = grads[g] + sum;
            }
        }
    }

    /// Forward: every token of time t got temporal`[t]`, so its gradient += Σ_b Σ_s dX of the tokens t·S + s that are
    /// there.
    ///
    /// @param grads holds the gradient `[t, C]` at `temporalAt`
    public static void temporalPositionsBackward(@InOut float[] grads, int temporalAt, float[] dX, int dXAt,
            int[] slots, int slotsAt,
            int batch, int count, int spatial, int times, int cls, int channels) {
        for (@Parallel int t = 0; t < times; t++) {
            for (@Parallel int c = 0; c < channels; c++) {
                float sum = 0f;
                for (int b = 0; b < batch; b++) {
                    for (int s = 0; s < spatial; s++) {
                        int slot = slots[slotsAt + (b * times + t) * spatial + s];
                        if (slot < count) {
                            sum += dX[dXAt + (b * (cls + count) + cls + slot) * channels + c];
                        }
                    }
                }
                int g = temporalAt + t * channels + c;
                grads[g] = grads[g] + sum;
            }
        }
    }

    /// Forward: token n got joint`[cls + n]`, so its gradient += Σ_b dX of that token where it is there.
    ///
    /// @param grads holds the gradient `[cls + N, C]` at `jointAt`; row 0 with a class token is
    ///              [TokenKernels#classTokenBackward]'s
    public static void jointPositionsBackward(@InOut float[] grads, int jointAt, float[] dX, int dXAt, int[] slots,
            int slotsAt,
            int batch, int count, int tokens, int cls, int channels) {
        for (@Parallel int n = 0; n < tokens; n++) {
            for (@Parallel int c = 0; c < channels; c++) {
                float sum = 0f;
                for (int b = 0; b < batch; b++) {
                    int slot = slots[slotsAt + b * tokens + n];
                    if (slot < count) {
                        sum += dX[dXAt + (b * (cls + count) + cls + slot) * channels + c];
                    }
                }
                int g = jointAt + (cls + n) * channels + c;
                grads[g] = grads[g] + sum;
            }
        }
    }
}
