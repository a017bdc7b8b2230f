package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.Out;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/// From tokens to one vector per clip (docs/finetune.md, Classifier).
public final class PoolKernels {
    private PoolKernels() {}

    /// out`[b]` = Σ_n in`[b, n]` / (rows − skip) over the rows from `skip` on.
    ///
    /// @param out  `[B, C]`
    /// @param in   `[B, rows, C]`
    /// @param skip leading rows of a clip that are left out: its class token
    public static void meanTokensForward(@Out float[] out, int outAt, float[] in, int inAt,
            int batch, int rows, int skip, int channels) {
        for (@Parallel int b = 0; b < batch; b++) {
            for (@Parallel int c = 0; c < channels; c++) {
                float sum = 0f;
                for (int n = skip; n < rows; n++) {
                    sum += in[inAt + (b * rows + n) * channels + c];
                }
                out[outAt + b * channels + c] = sum / (rows - skip);
            }
        }
    }

    /// Forward: out`[b]` = Σ_n in`[b, n]` / (rows − skip), so dIn`[b, n]` = dOut`[b]` / (rows − skip), and 0 for rows
    /// left out.
    ///
    /// @param dIn `[B, rows, C]`, overwritten
    public static void meanTokensBackward(@Out float[] dIn, int dInAt, float[] dOut, int dOutAt,
            int batch, int rows, int skip, int channels) {
        for (@Parallel int row = 0; row < batch * rows; row++) {
            for (@Parallel int c = 0; c < channels; c++) {
                float d = 0f;
                if (row % rows >= skip) {
                    d = dOut[dOutAt + (row / rows) * channels + c] / (rows - skip);
                }
                dIn[dInAt + row * channels + c] = d;
            }
        }
    }
}
