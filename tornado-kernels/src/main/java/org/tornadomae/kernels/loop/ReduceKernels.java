package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.Elements;
import org.tornadomae.kernels.Out;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/// Sums over whole arrays in two stages of fixed order: strided partial sums, then one sum over the partials.
public final class ReduceKernels {
    private ReduceKernels() {}

    /// partials`[p]` = Σ in`[p]`, in`[p + P]`, in`[p + 2P]`, …
    public static void sumPartials(@Out float[] partials, int partialsAt, float[] in, int inAt, int parts, int n) {
        for (@Parallel int p = 0; p < parts; p++) {
            float sum = 0f;
            for (int i = p; i < n; i += parts) {
                sum += in[inAt + i];
            }
            partials[partialsAt + p] = sum;
        }
    }

    /// partials`[p]` = Σ in`[p]`², in`[p + P]`², …
    public static void squarePartials(@Out float[] partials, int partialsAt, float[] in, int inAt, int parts,
            @Elements int n) {
        for (@Parallel int p = 0; p < parts; p++) {
            float sum = 0f;
            for (int i = p; i < n; i += parts) {
                sum += in[inAt + i] * in[inAt + i];
            }
            partials[partialsAt + p] = sum;
        }
    }

    /// out`[0]` = Σ partials / divisor.
    public static void meanOfPartials(@Out float[] out, int outAt, float[] partials, int partialsAt, int parts,
            int divisor) {
        for (@Parallel int one = 0; one < 1; one++) {
            float sum = 0f;
            for (int p = 0; p < parts; p++) {
                sum += partials[partialsAt + p];
            }
            out[outAt] = sum / divisor;
        }
    }

    /// out`[0]` = sqrt(Σ partials): the global norm, from [#squarePartials].
    public static void rootOfPartials(@Out float[] out, int outAt, float[] partials, int partialsAt, int parts) {
        for (@Parallel int one = 0; one < 1; one++) {
            float sum = 0f;
            for (int p = 0; p < parts; p++) {
                sum += partials[partialsAt + p];
            }
            out[outAt] = TornadoMath.sqrt(sum);
        }
    }

    /// values`[i]` = 0.
    public static void zero(@Out float[] values, int valuesAt, @Elements int n) {
        for (@Parallel int i = 0; i < n; i++) {
            values[valuesAt + i] = 0f;
        }
    }
}
