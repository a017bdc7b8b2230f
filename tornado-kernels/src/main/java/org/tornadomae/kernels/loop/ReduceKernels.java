package org.tornadomae.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/// Sums over whole arrays in two stages of fixed order: strided partial sums, then one sum over the partials.
public final class ReduceKernels {
    private ReduceKernels() {
    }

    /// partials[p] = Σ in[p], in[p + P], in[p + 2P], …
    public static void sumPartials(float[] partials, float[] in, int parts, int n) {
        for (@Parallel int p = 0; p < parts; p++) {
            float sum = 0f;
            for (int i = p; i < n; i += parts) {
                sum += in[i];
            }
            partials[p] = sum;
        }
    }

    /// partials[p] = Σ in[p]², in[p + P]², …
    public static void squarePartials(float[] partials, float[] in, int parts, int n) {
        for (@Parallel int p = 0; p < parts; p++) {
            float sum = 0f;
            for (int i = p; i < n; i += parts) {
                sum += in[i] * in[i];
            }
            partials[p] = sum;
        }
    }

    /// out[0] = Σ partials / divisor.
    public static void meanOfPartials(float[] out, float[] partials, int parts, int divisor) {
        for (@Parallel int one = 0; one < 1; one++) {
            float sum = 0f;
            for (int p = 0; p < parts; p++) {
                sum += partials[p];
            }
            out[0] = sum / divisor;
        }
    }

    /// out[0] = sqrt(Σ partials): the global norm, from [#squarePartials].
    public static void rootOfPartials(float[] out, float[] partials, int parts) {
        for (@Parallel int one = 0; one < 1; one++) {
            float sum = 0f;
            for (int p = 0; p < parts; p++) {
                sum += partials[p];
            }
            out[0] = TornadoMath.sqrt(sum);
        }
    }

    /// values[i] = 0.
    public static void zero(float[] values, int n) {
        for (@Parallel int i = 0; i < n; i++) {
            values[i] = 0f;
        }
    }
}
