package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorMath.SPECIES;
import static org.tornadomae.kernels.vector.VectorTile.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.tornadomae.kernels.Tensor;

/// Learned positions, added to the rows from `from` to `to`, and their gradients: [org.tornadomae.kernels.PositionKernels] states the formulas.
public final class VectorPositions {
    private VectorPositions() {
    }

    public static void addSeparable(float[] x, int[] ids, Tensor spatial, Tensor temporal, Tensor classPosition,
            int count, int places, int cls, int channels, int from, int to) {
        for (int row = from; row < to; row++) {
            int i = row % (cls + count) - cls;
            if (i < 0) {
                add(x, row * channels, classPosition.data(), classPosition.at(), channels);
            } else {
                int id = ids[row / (cls + count) * count + i];
                add(x, row * channels, spatial.data(), spatial.at() + id % places * channels, channels);
                add(x, row * channels, temporal.data(), temporal.at() + id / places * channels, channels);
            }
        }
    }

    public static void addJoint(float[] x, int[] ids, Tensor joint, int count, int cls, int channels, int from, int to) {
        for (int row = from; row < to; row++) {
            int i = row % (cls + count) - cls;
            int position = i < 0 ? 0 : cls + ids[row / (cls + count) * count + i];
            add(x, row * channels, joint.data(), joint.at() + position * channels, channels);
        }
    }

    private static void add(float[] x, int at, float[] position, int positionAt, int channels) {
        for (int c = 0; c < channels; c += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
            FloatVector.fromArray(SPECIES, x, at + c, mask).add(FloatVector.fromArray(SPECIES, position, positionAt + c, mask))
                    .intoArray(x, at + c, mask);
        }
    }

    /// The gradient [C] at `gradsAt` += Σ of dX over the tokens `first`, `first + step`, … of each clip that are there.
    ///
    /// @param number tokens of a clip to sum
    public static void sum(float[] grads, int gradsAt, float[] dX, int[] slots, int batch, int count, int tokens, int cls,
            int first, int step, int number, int channels) {
        for (int c = 0; c < channels; c += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int b = 0; b < batch; b++) {
                for (int i = 0; i < number; i++) {
                    int slot = slots[b * tokens + first + i * step];
                    if (slot < count) {
                        sum = FloatVector.fromArray(SPECIES, dX, (b * (cls + count) + cls + slot) * channels + c, mask).add(sum);
                    }
                }
            }
            FloatVector.fromArray(SPECIES, grads, gradsAt + c, mask).add(sum).intoArray(grads, gradsAt + c, mask);
        }
    }
}
