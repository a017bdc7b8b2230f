package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorMath.SPECIES;
import static org.tornadomae.kernels.vector.VectorTile.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Patches of pixels and the loss on them, the rows from `from` to `to`: [org.tornadomae.kernels.PatchKernels] and
/// [org.tornadomae.kernels.LossKernels] state the formulas.
public final class VectorPatches {
    private static final float EPSILON = 1e-6f;

    private VectorPatches() {
    }

    /// Rows laid out (channel, frame, row, column): [org.tornadomae.kernels.PatchKernels#gatherPatches].
    public static void gather(float[] patches, float[] clip, int[] ids, int count, int frames, int height, int width, int u, int p,
            int from, int to) {
        int gridW = width / p;
        int places = gridW * (height / p);
        for (int row = from; row < to; row++) {
            int id = ids[row];
            int corner = (id % places / gridW * width + id % gridW) * p;
            for (int line = 0; line < 3 * u; line++) {
                int channel = row / count * 3 + line / u;
                int frame = channel * frames + id / places * u + line % u;
                for (int y = 0; y < p; y++) {
                    System.arraycopy(clip, corner + (frame * height + y) * width, patches, ((row * 3 * u + line) * p + y) * p, p);
                }
            }
        }
    }

    /// Rows laid out (frame, row, column, channel): [org.tornadomae.kernels.PatchKernels#gatherTargets].
    public static void gatherTargets(float[] target, float[] clip, int[] ids, int[] targetFrames, int count,
            int frames, int height, int width, int u, int p, int from, int to) {
        int gridW = width / p;
        int places = gridW * (height / p);
        int channel = frames * height * width;
        for (int row = from; row < to; row++) {
            int id = ids[row];
            int corner = row / count * 3 * channel + (id % places / gridW * width + id % gridW) * p;
            for (int line = 0; line < u * p; line++) {
                int frame = targetFrames[id / places * u + line / p];
                int source = corner + (frame * height + line % p) * width;
                int at = (row * u * p + line) * p * 3;
                for (int x = 0; x < p; x++) {
                    target[at + 3 * x] = clip[source + x];
                    target[at + 3 * x + 1] = clip[source + channel + x];
                    target[at + 3 * x + 2] = clip[source + 2 * channel + x];
                }
            }
        }
    }

    /// x = (x − mean) / sqrt(unbiased variance + 1e-6), row by row; `lanes` is scratch.
    public static void normalise(float[] x, int values, float[] lanes, int from, int to) {
        for (int at = from * values; at < to * values; at += values) {
            float mean = VectorMath.mean(x, at, values, lanes);
            float rstd = 1f / (float) Math.sqrt(VectorMath.squaredDeviations(x, at, values, mean, lanes) / (values - 1) + EPSILON);
            for (int i = 0; i < values; i += LANES) {
                VectorMask<Float> mask = SPECIES.indexInRange(i, values);
                FloatVector.fromArray(SPECIES, x, at + i, mask).sub(mean).mul(rstd).intoArray(x, at + i, mask);
            }
        }
    }

    /// rowLoss = mask·mean (pred − target)²; `lanes` is scratch.
    public static void loss(float[] rowLoss, float[] pred, float[] target, int[] ids, float[] mask, int count, int tokens, int values,
            float[] lanes, int from, int to) {
        for (int row = from; row < to; row++) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0; i < values; i += LANES) {
                VectorMask<Float> inside = SPECIES.indexInRange(i, values);
                FloatVector d = FloatVector.fromArray(SPECIES, pred, row * values + i, inside)
                        .sub(FloatVector.fromArray(SPECIES, target, row * values + i, inside));
                sum = d.fma(d, sum);
            }
            rowLoss[row] = mask[row / count * tokens + ids[row]] * VectorMath.sum(sum, lanes) / values;
        }
    }

    /// dPred = 2·mask·(pred − target) / (values·removed).
    public static void lossBackward(float[] dPred, float[] pred, float[] target, int[] ids, float[] mask, int count, int tokens, int values,
            int removed, int from, int to) {
        for (int row = from; row < to; row++) {
            float weight = mask[row / count * tokens + ids[row]] * 2f / values / removed;
            for (int i = 0; i < values; i += LANES) {
                VectorMask<Float> inside = SPECIES.indexInRange(i, values);
                FloatVector.fromArray(SPECIES, pred, row * values + i, inside)
                        .sub(FloatVector.fromArray(SPECIES, target, row * values + i, inside))
                        .mul(weight).intoArray(dPred, row * values + i, inside);
            }
        }
    }
}
