package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.Out;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/// The residual connection. Its backward is the identity on both branches, so there is no kernel for it.
public final class ResidualKernels {
    private ResidualKernels() {}

    /// out`[i]` = stream`[i]` + branch`[i]`.
    ///
    /// @param out    `[n]` per layer
    /// @param stream `[n]` per layer
    /// @param branch `[n]`
    public static void residualForward(int[] layer, @Out float[] out, int outAt, int outStep,
            float[] stream, int streamAt, int streamStep, float[] branch, int branchAt, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            int l = layer[0];
            out[outAt + l * outStep + i] = stream[streamAt + l * streamStep + i] + branch[branchAt + i];
        }
    }
}
