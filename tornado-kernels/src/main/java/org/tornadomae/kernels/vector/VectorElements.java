package org.tornadomae.kernels.vector;

import static org.tornadomae.kernels.vector.VectorMath.SPECIES;
import static org.tornadomae.kernels.vector.VectorTile.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.tornadomae.kernels.Hyper;
import org.tornadomae.kernels.Tensor;

/// Operations on single elements, each over a range of its arrays. The last lanes of a range are masked off.
///
/// A vector operation's receiver is always a value just loaded or computed, never a sum carried around the loop: of
/// such a sum C2 knows only that it is some vector, and calls instead of inlining.
final class VectorElements {
    private static final float INV_SQRT_2PI = 0.39894228f;

    private VectorElements() {}

    /// out`[i]` = x·Φ(x) with x = in`[i]`.
    static void gelu(Tensor out, Tensor in, int from, int to) {
        float[] x = in.floats();
        float[] y = out.floats();
        int xAt = in.at();
        int yAt = out.at();
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            gelu(FloatVector.fromArray(SPECIES, x, xAt + i)).intoArray(y, yAt + i);
        }
        VectorMask<Float> rest = SPECIES.indexInRange(i, to);
        gelu(FloatVector.fromArray(SPECIES, x, xAt + i, rest)).intoArray(y, yAt + i, rest);
    }

    private static FloatVector gelu(FloatVector x) {
        FloatVector tail = VectorMath.normalTail(x, VectorMath.exp(x.mul(x).mul(-0.5f)));
        return tail.neg().add(1f).blend(tail, x.compare(VectorOperators.LT, 0f)).mul(x);
    }

    /// Forward: out = x·Φ(x), so d becomes d·(Φ(x) + x·φ(x)), φ being the normal density.
    static void geluBackward(Tensor gradient, Tensor in, int from, int to) {
        float[] x = in.floats();
        float[] d = gradient.floats();
        int xAt = in.at();
        int dAt = gradient.at();
        int i = from;
        for (; i <= to - LANES; i += LANES) {
            FloatVector slope = geluSlope(FloatVector.fromArray(SPECIES, x, xAt + i));
            FloatVector.fromArray(SPECIES, d, dAt + i).mul(slope).intoArray(d, dAt + i);
        }
        VectorMask<Float> rest = SPECIES.indexInRange(i, to);
        FloatVector slope = geluSlope(FloatVector.fromArray(SPECIES, x, xAt + i, rest));
        FloatVector.fromArray(SPECIES, d, dAt + i, rest).mul(slope).intoArray(d, dAt + i, rest);
    }

    private static FloatVector geluSlope(FloatVector x) {
        FloatVector density = VectorMath.exp(x.mul(x).mul(-0.5f));
        FloatVector tail = VectorMath.normalTail(x, density);
        FloatVector cdf = tail.neg().add(1f).blend(tail, x.compare(VectorOperators.LT, 0f));
        return density.mul(INV_SQRT_2PI).fma(x, cdf);
    }

    /// out`[i]` = stream`[i]` + branch`[i]`.
    static void add(Tensor out, Tensor stream, Tensor branch, int from, int to) {
        float[] sum = out.floats();
        float[] a = stream.floats();
        float[] b = branch.floats();
        int sumAt = out.at();
        int aAt = stream.at();
        int bAt = branch.at();
        for (int i = from; i < to; i++) {
            sum[sumAt + i] = a[aAt + i] + b[bAt + i];
        }
    }

    /// out`[i]` = in`[i]`·factors`[i / each]`.
    static void scale(Tensor out, Tensor in, Tensor factors, int each, int from, int to) {
        float[] y = out.floats();
        float[] x = in.floats();
        int yAt = out.at();
        int xAt = in.at();
        for (int group = from / each; group * each < to; group++) {
            float factor = factors.floats()[factors.at() + group];
            int end = Math.min(to, (group + 1) * each);
            for (int i = Math.max(from, group * each); i < end; i++) {
                y[yAt + i] = x[xAt + i] * factor;
            }
        }
    }

    /// Σ in`[i]`² in a fixed order; `lanes` is scratch.
    static float squares(Tensor in, int from, int to, float[] lanes) {
        float[] values = in.floats();
        int at = in.at();
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = from; i < to; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, at + i, SPECIES.indexInRange(i, to));
            sum = x.fma(x, sum);
        }
        return VectorMath.sum(sum, lanes);
    }

    /// What an AdamW step reads and writes, and its factors: [org.tornadomae.kernels.loop.AdamWKernels#adamWStep].
    ///
    /// @param clip factor of the gradients
    record AdamW(Tensor params, Tensor m, Tensor v, Tensor grads, Tensor hyper, float clip) {
        /// A number of [org.tornadomae.kernels.Hyper].
        float hyper(int place) {
            return hyper.floats()[hyper.at() + place];
        }
    }

    /// One step of AdamW over a range that is decayed throughout or not at all.
    ///
    /// @param decay factor of the weights, 1 for none
    static void adamW(AdamW step, float decay, int from, int to) {
        float[] params = step.params.floats();
        float[] m = step.m.floats();
        float[] v = step.v.floats();
        float[] grads = step.grads.floats();
        int paramsAt = step.params.at();
        int mAt = step.m.at();
        int vAt = step.v.at();
        int gradsAt = step.grads.at();
        float beta1 = step.hyper(Hyper.BETA1);
        float beta2 = step.hyper(Hyper.BETA2);
        float rate = step.hyper(Hyper.LR) / step.hyper(Hyper.CORRECTION1);
        float correction2 = 1f / step.hyper(Hyper.CORRECTION2);
        float eps = step.hyper(Hyper.EPS);
        for (int i = from; i < to; i += LANES) {
            VectorMask<Float> mask = SPECIES.indexInRange(i, to);
            FloatVector g = FloatVector.fromArray(SPECIES, grads, gradsAt + i, mask).mul(step.clip);
            FloatVector m1 = FloatVector.fromArray(SPECIES, m, mAt + i, mask).mul(beta1).add(g.mul(1f - beta1));
            FloatVector v1 = FloatVector.fromArray(SPECIES, v, vAt + i, mask).mul(beta2).add(g.mul(1f - beta2).mul(g));
            FloatVector change = m1.mul(rate).div(v1.mul(correction2).sqrt().add(eps));
            m1.intoArray(m, mAt + i, mask);
            v1.intoArray(v, vAt + i, mask);
            FloatVector.fromArray(SPECIES, params, paramsAt + i, mask).mul(decay).sub(change)
                    .intoArray(params, paramsAt + i, mask);
        }
    }
}
