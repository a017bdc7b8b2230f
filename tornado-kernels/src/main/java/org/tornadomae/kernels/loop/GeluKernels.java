package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.InOut;
import org.tornadomae.kernels.Out;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/// GELU in its exact form, x·Φ(x) = x·(1 + erf(x/√2))/2 (docs/spec.md, Model 3); not the tanh approximation.
public final class GeluKernels {
    private static final float INV_SQRT_2 = 0.70710678f;
    private static final float INV_SQRT_2PI = 0.39894228f;

    private GeluKernels() {}

    /// out`[i]` = in`[i]`·Φ(in`[i]`).
    ///
    /// @param out `[n]`
    /// @param in  `[n]` per layer
    public static void geluForward(int[] layer, @Out float[] out, int outAt, float[] in, int inAt, int inStep, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            float x = in[inAt + layer[0] * inStep + i];
            out[outAt + i] = 0.5f * x * (1f + erfLoop(x * INV_SQRT_2));
        }
    }

    /// Forward: out = x·Φ(x), so d becomes d·(Φ(x) + x·φ(x)), φ being the normal density.
    ///
    /// @param d  `[n]`, the gradient of the output on entry and of the input on return
    /// @param in `[n]` per layer, the input of the forward pass
    public static void geluBackward(int[] layer, @InOut float[] d, int dAt, float[] in, int inAt, int inStep, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            float x = in[inAt + layer[0] * inStep + i];
            float cdf = 0.5f * (1f + erfLoop(x * INV_SQRT_2));
            float density = INV_SQRT_2PI * TornadoMath.exp(-0.5f * x * x);
            d[dAt + i] = d[dAt + i] * (cdf + x * density);
        }
    }

    /// The error function to float accuracy (1.2e-7 absolute).
    ///
    /// Two polynomials, and 1 beyond 4.2, where erf is 1 in float:
    ///
    /// - |x| < 1: x·p(x²), where p of degree 6 fits erf(√s)/√s for s in `[0, 1]`;
    /// - 1 ≤ |x| ≤ 4.2: 1 − exp(−x²)·q(t) with t = 1/(1 + |x|/2), where q of degree 5 fits exp(x²)·erfc(x) for t in
    ///   `[1/3.1, 1/1.5]`. This falls slowly and smoothly where erfc itself falls by a factor of 10⁷.
    ///
    /// Both are least-squares fits at 400 Chebyshev nodes x = mid + half·cos(π(k + ½)/400) of their interval, by
    /// NumPy's `Chebyshev.fit(x, f(x), degree, domain=interval).convert(kind=Polynomial).coef`, rounded to float.
    static float erfLoop(float x) {
        float a = TornadoMath.abs(x);
        float s = x * x;
        if (a < 1f) {
            float p = 7.8824974e-5f;
            p = p * s - 8.0188555e-4f;
            p = p * s + 5.1893122e-3f;
            p = p * s - 2.6854329e-2f;
            p = p * s + 1.1283597e-1f;
            p = p * s - 3.7612626e-1f;
            p = p * s + 1.1283791f;
            return x * p;
        }
        float t = 1f / (1f + 0.5f * a);
        float q = -0.21578749f;
        q = q * t + 0.59679759f;
        q = q * t - 0.022443982f;
        q = q * t + 0.37486351f;
        q = q * t + 0.26537663f;
        q = q * t + 0.0012404524f;
        float erf = 1f - TornadoMath.exp(-s) * q;
        if (a > 4.2f) {
            erf = 1f;
        }
        return x < 0f ? -erf : erf;
    }
}
