package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorMath.SPECIES;
import static org.tornadomae.kernels.vector.VectorTile.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;

/// Patches of pixels and the loss on them, the rows from `from` to `to`: [org.tornadomae.kernels.loop.PatchKernels] and
/// [org.tornadomae.kernels.loop.LossKernels] state the formulas.
final class VectorPatches {
    private static final float EPSILON = 1e-6f;

    private VectorPatches() {}

    /// Where the first pixel of a token's patch lies in a frame.
    private static int corner(int id, PatchGrid grid) {
        int place = id % grid.places();
        return (place / grid.columns() * grid.width() + place % grid.columns()) * grid.patchSize();
    }

    /// Rows laid out (channel, frame, row, column): [org.tornadomae.kernels.loop.PatchKernels#gatherPatches].
    static void gather(Tensor patches, Tensor clip, Tensor ids, int count, PatchGrid grid, int from, int to) {
        int side = grid.patchSize();
        int deep = grid.tPatchSize();
        for (int row = from; row < to; row++) {
            int id = ids.ints()[ids.at() + row];
            int target = patches.at() + row * grid.patchValues();
            for (int line = 0; line < 3 * deep; line++) {
                int channel = row / count * 3 + line / deep;
                int frame = channel * grid.frames() + id / grid.places() * deep + line % deep;
                int source = clip.at() + frame * grid.height() * grid.width() + corner(id, grid);
                for (int y = 0; y < side; y++) {
                    System.arraycopy(clip.floats(), source + y * grid.width(), patches.floats(), target, side);
                    target += side;
                }
            }
        }
    }

    /// Rows laid out (frame, row, column, channel): [org.tornadomae.kernels.loop.PatchKernels#gatherTargets].
    static void gatherTargets(Tensor target, Tensor clip, Tensor ids, Tensor targetFrames, int count, PatchGrid grid,
            int framesPerPatch, int from, int to) {
        int side = grid.patchSize();
        int channel = grid.frames() * grid.height() * grid.width();
        int lines = framesPerPatch * side;
        for (int row = from; row < to; row++) {
            int id = ids.ints()[ids.at() + row];
            int first = clip.at() + row / count * 3 * channel + corner(id, grid);
            for (int line = 0; line < lines; line++) {
                int predicted = id / grid.places() * framesPerPatch + line / side;
                int frame = targetFrames.ints()[targetFrames.at() + predicted];
                interleave(target.floats(), target.at() + (row * lines + line) * side * 3,
                        clip.floats(), first + (frame * grid.height() + line % side) * grid.width(), channel, side);
            }
        }
    }

    /// A line of pixels from three planes, `channel` floats apart.
    private static void interleave(float[] target, int at, float[] clip, int source, int channel, int side) {
        for (int x = 0; x < side; x++) {
            target[at + 3 * x] = clip[source + x];
            target[at + 3 * x + 1] = clip[source + channel + x];
            target[at + 3 * x + 2] = clip[source + 2 * channel + x];
        }
    }

    /// x = (x − mean) / sqrt(unbiased variance + 1e-6), row by row; `lanes` is scratch.
    static void normalise(Tensor target, int values, float[] lanes, int from, int to) {
        float[] x = target.floats();
        for (int row = from; row < to; row++) {
            int at = target.at() + row * values;
            float mean = VectorMath.mean(x, at, values, lanes);
            float variance = VectorMath.squaredDeviations(x, at, values, mean, lanes) / (values - 1);
            float rstd = 1f / (float) Math.sqrt(variance + EPSILON);
            for (int i = 0; i < values; i += LANES) {
                VectorMask<Float> mask = SPECIES.indexInRange(i, values);
                FloatVector.fromArray(SPECIES, x, at + i, mask).sub(mean).mul(rstd).intoArray(x, at + i, mask);
            }
        }
    }

    private static float masked(Tensor mask, Tensor ids, int row, TokenShape shape) {
        return mask.floats()[mask.at() + row / shape.count() * shape.tokens() + ids.ints()[ids.at() + row]];
    }

    /// rowLoss = mask·mean (pred − target)²; `lanes` is scratch.
    static void loss(Tensor rowLoss, Tensor pred, Tensor target, Tensor ids, Tensor mask, TokenShape shape,
            float[] lanes, int from, int to) {
        int values = shape.channels();
        float[] p = pred.floats();
        float[] t = target.floats();
        for (int row = from; row < to; row++) {
            int pAt = pred.at() + row * values;
            int tAt = target.at() + row * values;
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0; i < values; i += LANES) {
                VectorMask<Float> inside = SPECIES.indexInRange(i, values);
                FloatVector d = FloatVector.fromArray(SPECIES, p, pAt + i, inside)
                        .sub(FloatVector.fromArray(SPECIES, t, tAt + i, inside));
                sum = d.fma(d, sum);
            }
            rowLoss.floats()[rowLoss.at() + row] = masked(mask, ids, row, shape) * VectorMath.sum(sum, lanes) / values;
        }
    }

    /// dPred = 2·mask·(pred − target) / (values·removed).
    static void lossBackward(Tensor dPred, Tensor pred, Tensor target, Tensor ids, Tensor mask, TokenShape shape,
            int removed, int from, int to) {
        int values = shape.channels();
        float[] d = dPred.floats();
        float[] p = pred.floats();
        float[] t = target.floats();
        for (int row = from; row < to; row++) {
            float weight = masked(mask, ids, row, shape) * 2f / values / removed;
            int at = row * values;
            for (int i = 0; i < values; i += LANES) {
                VectorMask<Float> inside = SPECIES.indexInRange(i, values);
                FloatVector.fromArray(SPECIES, p, pred.at() + at + i, inside)
                        .sub(FloatVector.fromArray(SPECIES, t, target.at() + at + i, inside))
                        .mul(weight).intoArray(d, dPred.at() + at + i, inside);
            }
        }
    }
}
