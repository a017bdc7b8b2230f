package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorMath.SPECIES;
import static org.tornadomae.kernels.vector.VectorTile.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Operations on single elements, each over a range of its arrays. The last lanes of a range are masked off.
///
/// A vector operation's receiver is always a value just loaded or computed, never a sum carried around the loop: of
/// such a sum C2 knows only that it is some vector, and calls instead of inlining.
public final class VectorElements {
    private static final float INV_SQRT_2PI = 0.39894228f;

    private VectorElements() {
    }

    /// out[i] = x·Φ(x) with x = in[i].
    public static void gelu(float[] out, float[] in, int inAt, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            gelu(FloatVector.fromArray(SPECIES, in, inAt + i)).intoArray(out, i);
        }
        VectorMask<Float> rest = SPECIES.indexInRange(i, to);
        gelu(FloatVector.fromArray(SPECIES, in, inAt + i, rest)).intoArray(out, i, rest);
    }

    private static FloatVector gelu(FloatVector x) {
        FloatVector tail = VectorMath.normalTail(x, VectorMath.exp(x.mul(x).mul(-0.5f)));
        return tail.neg().add(1f).blend(tail, x.compare(VectorOperators.LT, 0f)).mul(x);
    }

    /// Forward: out = x·Φ(x), so d becomes d·(Φ(x) + x·φ(x)), φ being the normal density.
    public static void geluBackward(float[] d, float[] in, int inAt, int from, int to) {
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector slope = geluSlope(FloatVector.fromArray(SPECIES, in, inAt + i));
            FloatVector.fromArray(SPECIES, d, i).mul(slope).intoArray(d, i);
        }
        VectorMask<Float> rest = SPECIES.indexInRange(i, to);
        FloatVector slope = geluSlope(FloatVector.fromArray(SPECIES, in, inAt + i, rest));
        FloatVector.fromArray(SPECIES, d, i, rest).mul(slope).intoArray(d, i, rest);
    }

    private static FloatVector geluSlope(FloatVector x) {
        FloatVector density = VectorMath.exp(x.mul(x).mul(-0.5f));
        FloatVector tail = VectorMath.normalTail(x, density);
        FloatVector cdf = tail.neg().add(1f).blend(tail, x.compare(VectorOperators.LT, 0f));
        return density.mul(INV_SQRT_2PI).fma(x, cdf);
    }

    /// out[i] = stream[i] + branch[i].
    public static void add(float[] out, int outAt, float[] stream, int streamAt, float[] branch, int from, int to) {
        for (int i = from; i < to; i++) {
            out[outAt + i] = stream[streamAt + i] + branch[i];
        }
    }

    /// Σ in[i]² in a fixed order; `lanes` is scratch.
    public static float squares(float[] in, int from, int to, float[] lanes) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = from; i < to; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, in, i, SPECIES.indexInRange(i, to));
            sum = x.fma(x, sum);
        }
        return VectorMath.sum(sum, lanes);
    }

    /// One step of AdamW over a range that is decayed throughout or not at all: [org.tornadomae.kernels.AdamWKernels#adamWStep].
    ///
    /// @param clip  factor of the gradients
    /// @param decay factor of the weights, 1 for none
    public static void adamW(float[] params, float[] m, float[] v, float[] grads, float[] hyper, float clip, float decay, int from, int to) {
        float beta1 = hyper[1];
        float beta2 = hyper[2];
        for (int i = from; i < to; i += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector g = FloatVector.fromArray(SPECIES, grads, i, mask).mul(clip);
            FloatVector m1 = FloatVector.fromArray(SPECIES, m, i, mask).mul(beta1).add(g.mul(1f - beta1));
            FloatVector v1 = FloatVector.fromArray(SPECIES, v, i, mask).mul(beta2).add(g.mul(1f - beta2).mul(g));
            FloatVector step = m1.mul(hyper[0] / hyper[5]).div(v1.mul(1f / hyper[6]).sqrt().add(hyper[3]));
            m1.intoArray(m, i, mask);
            v1.intoArray(v, i, mask);
            FloatVector.fromArray(SPECIES, params, i, mask).mul(decay).sub(step).intoArray(params, i, mask);
        }
    }
}
