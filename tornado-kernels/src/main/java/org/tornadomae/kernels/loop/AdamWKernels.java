package org.tornadomae.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/// AdamW with decoupled weight decay (Loshchilov and Hutter 2019) and clipping by the global norm.
public final class AdamWKernels {
    private AdamWKernels() {
    }

    /// One step: g is the clipped gradient, m and v its running moments; w −= lr·wd·w (decayed tensors only), then
    /// w −= lr·(m/c1) / (sqrt(v/c2) + eps), where c1, c2 correct the bias of the moments.
    ///
    /// @param hyper [lr, beta1, beta2, eps, weightDecay, c1 = 1 − beta1^t, c2 = 1 − beta2^t, maxNorm], maxNorm 0 does not clip
    /// @param norm  [1] the global norm of `grads`
    /// @param decay how many leading parameters are decayed; the rest (biases, 1-D tensors) are not
    public static void adamWStep(float[] params, float[] m, float[] v, float[] grads, float[] norm, float[] hyper,
            int decay, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            float clip = 1f;
            if (hyper[7] > 0f) {
                clip = TornadoMath.min(1f, hyper[7] / (norm[0] + 1e-6f));
            }
            float g = grads[i] * clip;
            float m1 = hyper[1] * m[i] + (1f - hyper[1]) * g;
            float v1 = hyper[2] * v[i] + (1f - hyper[2]) * g * g;
            float w = params[i];
            if (i < decay) {
                w = w - hyper[0] * hyper[4] * w;
            }
            m[i] = m1;
            v[i] = v1;
            params[i] = w - hyper[0] * (m1 / hyper[5]) / (TornadoMath.sqrt(v1 / hyper[6]) + hyper[3]);
        }
    }
}
