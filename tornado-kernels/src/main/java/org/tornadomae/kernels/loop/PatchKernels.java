package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.InOut;
import org.tornadomae.kernels.Out;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/// From pixels to patches: the inputs of the visible tokens and the targets of the predicted ones.
public final class PatchKernels {
    private PatchKernels() {}

    /// The pixels of chosen patches in the order of the 3-D convolution's kernel, so that the tubelet embedding is one
    /// matrix product over them (docs/spec.md, Model 1). Pixels need no gradient, so this has no backward.
    ///
    /// @param patches `[B, count, 3·u·p·p]`, a row laid out (channel, frame, row, column)
    /// @param clip    `[B, 3, T, H, W]`
    /// @param ids     `[B, count]` token numbers in (t, h, w) order
    /// @param frames  T
    /// @param u       frames of a patch (tPatchSize)
    /// @param p       side of a patch in pixels
    public static void gatherPatches(@Out float[] patches, int patchesAt, float[] clip, int clipAt, int[] ids,
            int idsAt,
            int batch, int count, int frames, int height, int width, int u, int p) {
        for (@Parallel int row = 0; row < batch * count; row++) {
            for (@Parallel int i = 0; i < 3 * u * p * p; i++) {
                int id = ids[idsAt + row];
                int gridW = width / p;
                int gridH = height / p;
                int x = (id % gridW) * p + i % p;
                int y = ((id / gridW) % gridH) * p + (i / p) % p;
                int f = (id / (gridW * gridH)) * u + (i / (p * p)) % u;
                int channel = i / (u * p * p);
                int b = row / count;
                patches[patchesAt + row * 3 * u * p * p + i] =
                        clip[clipAt + (((b * 3 + channel) * frames + f) * height + y) * width + x];
            }
        }
    }

    /// The pixels that the decoder has to predict, a row laid out (frame, row, column, channel) (docs/spec.md, Model
    /// 5).
    ///
    /// @param target       `[B, count, u'·p·p·3]`
    /// @param clip         `[B, 3, T, H, W]`
    /// @param ids          `[B, count]` token numbers
    /// @param targetFrames `[predTDim]` which frames of the clip are predicted
    /// @param u            u', predicted frames of a patch
    public static void gatherTargets(@Out float[] target, int targetAt, float[] clip, int clipAt, int[] ids, int idsAt,
            int[] targetFrames, int targetFramesAt, int batch, int count, int frames, int height, int width, int u,
            int p) {
        for (@Parallel int row = 0; row < batch * count; row++) {
            for (@Parallel int i = 0; i < 3 * u * p * p; i++) {
                int id = ids[idsAt + row];
                int gridW = width / p;
                int gridH = height / p;
                int channel = i % 3;
                int x = (id % gridW) * p + (i / 3) % p;
                int y = ((id / gridW) % gridH) * p + (i / (3 * p)) % p;
                int f = targetFrames[targetFramesAt + (id / (gridW * gridH)) * u + i / (3 * p * p)];
                int b = row / count;
                target[targetAt + row * 3 * u * p * p + i] =
                        clip[clipAt + (((b * 3 + channel) * frames + f) * height + y) * width + x];
            }
        }
    }

    /// target = (target − mean) / sqrt(var + 1e-6) by each patch's own mean and unbiased variance (docs/spec.md, Model
    /// 5, norm_pix_loss).
    ///
    /// @param target `[rows, values]`, in place
    public static void normaliseTargets(@InOut float[] target, int targetAt, int rows, int values) {
        for (@Parallel int r = 0; r < rows; r++) {
            float sum = 0f;
            for (int i = 0; i < values; i++) {
                sum += target[targetAt + r * values + i];
            }
            float mean = sum / values;
            float squares = 0f;
            for (int i = 0; i < values; i++) {
                float d = target[targetAt + r * values + i] - mean;
                squares += d * d;
            }
            float rstd = 1f / TornadoMath.sqrt(squares / (values - 1) + 1e-6f);
            for (int i = 0; i < values; i++) {
                target[targetAt + r * values + i] = (target[targetAt + r * values + i] - mean) * rstd;
            }
        }
    }
}
