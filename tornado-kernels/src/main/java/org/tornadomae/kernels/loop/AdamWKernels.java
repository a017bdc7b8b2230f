package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.Elements;
import org.tornadomae.kernels.Hyper;
import org.tornadomae.kernels.InOut;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/// AdamW with decoupled weight decay (Loshchilov and Hutter 2019) and clipping by the global norm.
public final class AdamWKernels {
    private AdamWKernels() {}

    /// One step: g is the clipped gradient, m and v its running moments; w −= lr·wd·w (decayed tensors only), then
    /// w −= lr·(m/c1) / (sqrt(v/c2) + eps), where c1, c2 correct the bias of the moments.
    ///
    /// @param hyper `[8]` in the order of [Hyper]; there, c1 and c2 are the corrections
    /// @param norm  `[1]` the global norm of `grads`
    /// @param decay how many leading parameters are decayed; the rest (biases, 1-D tensors) are not
    public static void adamWStep(@InOut float[] params, int paramsAt, @InOut float[] m, int mAt, @InOut float[] v,
            int vAt,
            float[] grads, int gradsAt, float[] norm, int normAt, float[] hyper, int hyperAt, int decay,
            @Elements int n) {
        for (@Parallel int i = 0; i < n; i++) {
            float clip = 1f;
            if (hyper[hyperAt + Hyper.MAX_NORM] > 0f) {
                clip = TornadoMath.min(1f, hyper[hyperAt + Hyper.MAX_NORM] / (norm[normAt] + 1e-6f));
            }
            float g = grads[gradsAt + i] * clip;
            float beta1 = hyper[hyperAt + Hyper.BETA1];
            float beta2 = hyper[hyperAt + Hyper.BETA2];
            float lr = hyper[hyperAt + Hyper.LR];
            float m1 = beta1 * m[mAt + i] + (1f - beta1) * g;
            float v1 = beta2 * v[vAt + i] + (1f - beta2) * g * g;
            float w = params[paramsAt + i];
            if (i < decay) {
                w = w - lr * hyper[hyperAt + Hyper.WEIGHT_DECAY] * w;
            }
            m[mAt + i] = m1;
            v[vAt + i] = v1;
            params[paramsAt + i] = w - lr * (m1 / hyper[hyperAt + Hyper.CORRECTION1])
                    / (TornadoMath.sqrt(v1 / hyper[hyperAt + Hyper.CORRECTION2]) + hyper[hyperAt + Hyper.EPS]);
        }
    }
}
