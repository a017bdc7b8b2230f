package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorMath.SPECIES;
import static org.tornadomae.kernels.vector.VectorTile.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;

/// Learned positions, added to the rows from `from` to `to`, and their gradients:
/// [org.tornadomae.kernels.loop.PositionKernels] states the formulas.
final class VectorPositions {
    private VectorPositions() {}

    static void addSeparable(Tensor x, Tensor ids, Tensor spatial, Tensor temporal, Tensor classPosition,
            TokenShape shape, int places, int from, int to) {
        int clipRows = shape.cls() + shape.count();
        for (int row = from; row < to; row++) {
            int i = row % clipRows - shape.cls();
            if (i < 0) {
                add(x, row, classPosition, 0, shape.channels());
            } else {
                int id = ids.ints()[ids.at() + row / clipRows * shape.count() + i];
                add(x, row, spatial, id % places, shape.channels());
                add(x, row, temporal, id / places, shape.channels());
            }
        }
    }

    static void addJoint(Tensor x, Tensor ids, Tensor joint, TokenShape shape, int from, int to) {
        int clipRows = shape.cls() + shape.count();
        for (int row = from; row < to; row++) {
            int i = row % clipRows - shape.cls();
            int position = i < 0 ? 0 : shape.cls() + ids.ints()[ids.at() + row / clipRows * shape.count() + i];
            add(x, row, joint, position, shape.channels());
        }
    }

    private static void add(Tensor x, int row, Tensor positions, int positionRow, int channels) {
        float[] to = x.floats();
        float[] position = positions.floats();
        int at = x.at() + row * channels;
        int positionAt = positions.at() + positionRow * channels;
        for (int c = 0; c < channels; c += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
            FloatVector.fromArray(SPECIES, to, at + c, mask)
                    .add(FloatVector.fromArray(SPECIES, position, positionAt + c, mask)).intoArray(to, at + c, mask);
        }
    }

    /// Which tokens of a clip share a position: `first`, `first + step`, …
    ///
    /// @param number of tokens
    record Sharers(int first, int step, int number) {
    }

    /// Row `row` of the gradient += Σ of dX over the tokens of each clip that share the position and are there, for the
    /// channels from `from` to `to`.
    static void sum(Tensor gradient, int row, Tensor dX, Tensor slots, Sharers sharers, TokenShape shape, int from,
            int to) {
        float[] grads = gradient.floats();
        float[] d = dX.floats();
        int[] slot = slots.ints();
        int at = gradient.at() + row * shape.channels();
        for (int c = from; c < to; c += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(c, to);
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int b = 0; b < shape.batch(); b++) {
                int clip = dX.at() + (b * (shape.cls() + shape.count()) + shape.cls()) * shape.channels() + c;
                int firstSlot = slots.at() + b * shape.tokens() + sharers.first;
                for (int i = 0; i < sharers.number; i++) {
                    int place = slot[firstSlot + i * sharers.step];
                    if (place < shape.count()) {
                        sum = FloatVector.fromArray(SPECIES, d, clip + place * shape.channels(), mask).add(sum);
                    }
                }
            }
            FloatVector.fromArray(SPECIES, grads, at + c, mask).add(sum).intoArray(grads, at + c, mask);
        }
    }
}
