package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.Out;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/// Multiplication by factors that the host draws: stochastic depth, where a factor belongs to a clip, and dropout,
/// where it belongs to an element. Linear, so the backward is the same multiplication.
public final class ScaleKernels {
    private ScaleKernels() {}

    /// out`[g, i]` = in`[g, i]`·factors`[g]`.
    ///
    /// @param out     `[groups, each]`
    /// @param in      `[groups, each]`
    /// @param factors `[groups]` per layer
    public static void scaleGroups(int[] layer, @Out float[] out, int outAt, float[] in, int inAt,
            float[] factors, int factorsAt, int factorsStep, int groups, int each) {
        for (@Parallel int g = 0; g < groups; g++) {
            for (@Parallel int i = 0; i < each; i++) {
                float factor = factors[factorsAt + layer[0] * factorsStep + g];
                out[outAt + g * each + i] = in[inAt + g * each + i] * factor;
            }
        }
    }
}
