package org.tornadomae.kernels.tornado;

import org.tornadomae.kernels.InOut;
import uk.ac.manchester.tornado.api.annotations.Parallel;

/// What the TornadoVM executor needs besides mathematics: the layer cursor and the ownership of arrays.
public final class DeviceKernels {
    /// Arrays that one call of [#pinFloats] or [#pinInts] takes.
    static final int PINNED = 10;

    private DeviceKernels() {}

    /// layer`[0]` = (layer`[0]` + by) mod layers.
    public static void moveLayer(@InOut int[] layer, int by, int layers) {
        for (@Parallel int i = 0; i < 1; i++) {
            layer[i] = (layer[i] + by) % layers;
        }
    }

    /// Does nothing, but looks as if it read and wrote every array: a graph allocates and uploads only what its tasks
    /// use, and a buffer is only as writable as the first task that names it. `never` holds 0.
    public static void pinFloats(int[] never, float[] a, float[] b, float[] c, float[] d, float[] e,
            float[] f, float[] g, float[] h, float[] k, float[] m) {
        for (@Parallel int i = 0; i < 1; i++) {
            if (never[0] == 1) {
                a[i] = a[i] + 1f;
                b[i] = b[i] + 1f;
                c[i] = c[i] + 1f;
                d[i] = d[i] + 1f;
                e[i] = e[i] + 1f;
                f[i] = f[i] + 1f;
                g[i] = g[i] + 1f;
                h[i] = h[i] + 1f;
                k[i] = k[i] + 1f;
                m[i] = m[i] + 1f;
                never[0] = 0;
            }
        }
    }

    /// The same for index arrays.
    public static void pinInts(int[] never, int[] a, int[] b, int[] c, int[] d, int[] e,
            int[] f, int[] g, int[] h, int[] k, int[] m) {
        for (@Parallel int i = 0; i < 1; i++) {
            if (never[0] == 1) {
                a[i] = a[i] + 1;
                b[i] = b[i] + 1;
                c[i] = c[i] + 1;
                d[i] = d[i] + 1;
                e[i] = e[i] + 1;
                f[i] = f[i] + 1;
                g[i] = g[i] + 1;
                h[i] = h[i] + 1;
                k[i] = k[i] + 1;
                m[i] = m[i] + 1;
                never[0] = 0;
            }
        }
    }
}
