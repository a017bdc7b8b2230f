package org.tornadomae.kernels;

import java.util.function.ToDoubleFunction;

/// The operations in double arithmetic, written from their definitions and not from the kernels: whole matrices in
/// memory, no running maxima, no saved statistics.
final class Reference {
    private Reference() {}

    /// The gradient of f at x by central differences.
    ///
    /// With h = 1e-5 the truncation is h²/6·f''' ≈ 1e-11 and the rounding 1e-16·|f|/h ≈ 1e-10 for the values of a few
    /// units to tens that the tests feed: both far below float's 6e-8, so the tolerances need no allowance for them.
    static double[] gradient(double[] x, ToDoubleFunction<double[]> f) {
        double h = 1e-5;
        double[] gradient = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double at = x[i];
            x[i] = at + h;
            double up = f.applyAsDouble(x);
            x[i] = at - h;
            double down = f.applyAsDouble(x);
            x[i] = at;
            gradient[i] = (up - down) / (2 * h);
        }
        return gradient;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /// a `[n, k]` times b `[k, m]`.
    static double[] product(double[] a, double[] b, int n, int k, int m) {
        double[] c = new double[n * m];
        for (int i = 0; i < n; i++) {
            for (int l = 0; l < k; l++) {
                for (int j = 0; j < m; j++) {
                    c[i * m + j] += a[i * k + l] * b[l * m + j];
                }
            }
        }
        return c;
    }

    static double[] transposed(double[] a, int n, int m) {
        double[] t = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            t[i % m * n + i / m] = a[i];
        }
        return t;
    }

    /// The sum of the rows of a `[n, m]`.
    static double[] columnSums(double[] a, int n, int m) {
        double[] ones = new double[n];
        java.util.Arrays.fill(ones, 1);
        return product(ones, a, 1, n, m);
    }

    static double[] linear(double[] in, double[] weight, double[] bias, int rows, int inC, int outC) {
        double[] out = product(in, transposed(weight, outC, inC), rows, inC, outC);
        for (int i = 0; bias != null && i < out.length; i++) {
            out[i] += bias[i % outC];
        }
        return out;
    }

    /// `[rows, 2]`: mean and 1 / sqrt(variance + 1e-6).
    static double[] rowStats(double[] in, int rows, int channels, double eps) {
        double[] stats = new double[2 * rows];
        for (int r = 0; r < rows; r++) {
            double mean = 0;
            for (int c = 0; c < channels; c++) {
                mean += in[r * channels + c] / channels;
            }
            double variance = 0;
            for (int c = 0; c < channels; c++) {
                variance += Math.pow(in[r * channels + c] - mean, 2) / channels;
            }
            stats[2 * r] = mean;
            stats[2 * r + 1] = Math.pow(variance + eps, -0.5);
        }
        return stats;
    }

    static double[] normalised(double[] in, int rows, int channels, double eps) {
        double[] stats = rowStats(in, rows, channels, eps);
        double[] out = new double[in.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (in[i] - stats[2 * (i / channels)]) * stats[2 * (i / channels) + 1];
        }
        return out;
    }

    static double[] layerNorm(double[] in, double[] weight, double[] bias, int rows, int channels, double eps) {
        double[] out = normalised(in, rows, channels, eps);
        for (int i = 0; i < out.length; i++) {
            out[i] = out[i] * weight[i % channels] + bias[i % channels];
        }
        return out;
    }

    /// Through the full Jacobian of a row: ∂xhat_c/∂x_j = rstd·(δ_cj − 1/C − xhat_c·xhat_j/C).
    static double[] layerNormGradient(double[] dOut, double[] in, double[] weight, int rows, int channels, double eps) {
        double[] stats = rowStats(in, rows, channels, eps);
        double[] xhat = normalised(in, rows, channels, eps);
        double[] dIn = new double[in.length];
        for (int r = 0; r < rows; r++) {
            int row = r * channels;
            for (int j = 0; j < channels; j++) {
                for (int c = 0; c < channels; c++) {
                    double jacobian = (c == j ? 1 : 0) - (1 + xhat[row + c] * xhat[row + j]) / channels;
                    dIn[row + j] += dOut[row + c] * weight[c] * stats[2 * r + 1] * jacobian;
                }
            }
        }
        return dIn;
    }

    /// The normal distribution function from erf's series with positive terms only, e^(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)!!.
    static double normalCdf(double x) {
        double z = Math.min(Math.abs(x), 12) / Math.sqrt(2);
        double term = z;
        double sum = 0;
        for (int n = 0; n < 400; n++) {
            sum += term;
            term *= 2 * z * z / (2 * n + 3);
        }
        double erf = 2 / Math.sqrt(Math.PI) * Math.exp(-z * z) * sum;
        return 0.5 * (1 + Math.signum(x) * erf);
    }

    static double gelu(double x) {
        return x * normalCdf(x);
    }

    /// The probabilities of one head, `[N, N]`, from q and k `[N, HS]`; `logSums` `[N]` is filled when given.
    private static double[] probabilities(double[] q, double[] k, double[] logSums, int n, int size) {
        double[] p = product(q, transposed(k, n, size), n, size, n);
        for (int i = 0; i < n; i++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < n; j++) {
                p[i * n + j] /= Math.sqrt(size);
                max = Math.max(max, p[i * n + j]);
            }
            double total = 0;
            for (int j = 0; j < n; j++) {
                p[i * n + j] = Math.exp(p[i * n + j] - max);
                total += p[i * n + j];
            }
            for (int j = 0; j < n; j++) {
                p[i * n + j] /= total;
            }
            if (logSums != null) {
                logSums[i] = max + Math.log(total);
            }
        }
        return p;
    }

    /// One head's rows `[N, HS]` out of `[B, N, width]`, from column `first`; or back into it.
    private static double[] head(double[] all, int b, int n, int width, int first, int size) {
        double[] rows = new double[n * size];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = all[(b * n + i / size) * width + first + i % size];
        }
        return rows;
    }

    private static void putHead(double[] all, double[] rows, int b, int n, int width, int first, int size) {
        for (int i = 0; i < rows.length; i++) {
            all[(b * n + i / size) * width + first + i % size] = rows[i];
        }
    }

    /// Sizes of an attention: clips, tokens, heads, head size.
    record Heads(int batch, int n, int heads, int size) {
        int width() {
            return heads * size;
        }
    }

    /// @param logSums `[B, NH, N]`, filled when given
    static double[] attention(double[] qkv, double[] logSums, Heads a) {
        double[] out = new double[a.batch * a.n * a.width()];
        for (int b = 0; b < a.batch; b++) {
            for (int h = 0; h < a.heads; h++) {
                int at = h * a.size;
                double[] q = head(qkv, b, a.n, 3 * a.width(), at, a.size);
                double[] k = head(qkv, b, a.n, 3 * a.width(), a.width() + at, a.size);
                double[] v = head(qkv, b, a.n, 3 * a.width(), 2 * a.width() + at, a.size);
                double[] sums = new double[a.n];
                putHead(out, product(probabilities(q, k, sums, a.n, a.size), v, a.n, a.n, a.size), b, a.n, a.width(),
                        at, a.size);
                if (logSums != null) {
                    System.arraycopy(sums, 0, logSums, (b * a.heads + h) * a.n, a.n);
                }
            }
        }
        return out;
    }

    /// dV = Pᵀ·dO, dP = dO·Vᵀ, dS = P∘(dP − rows of P∘dP), dQ = dS·K/√HS, dK = dSᵀ·Q/√HS.
    static double[] attentionGradient(double[] dOut, double[] qkv, Heads a) {
        double[] dQkv = new double[qkv.length];
        int wide = 3 * a.width();
        for (int b = 0; b < a.batch; b++) {
            for (int h = 0; h < a.heads; h++) {
                int at = h * a.size;
                double[] q = head(qkv, b, a.n, wide, at, a.size);
                double[] k = head(qkv, b, a.n, wide, a.width() + at, a.size);
                double[] v = head(qkv, b, a.n, wide, 2 * a.width() + at, a.size);
                double[] dO = head(dOut, b, a.n, a.width(), at, a.size);
                double[] p = probabilities(q, k, null, a.n, a.size);
                double[] dS = softmaxGradient(p, product(dO, transposed(v, a.n, a.size), a.n, a.size, a.n), a.n,
                        Math.sqrt(a.size));
                putHead(dQkv, product(dS, k, a.n, a.n, a.size), b, a.n, wide, at, a.size);
                putHead(dQkv, product(transposed(dS, a.n, a.n), q, a.n, a.n, a.size), b, a.n, wide, a.width() + at,
                        a.size);
                putHead(dQkv, product(transposed(p, a.n, a.n), dO, a.n, a.n, a.size), b, a.n, wide, 2 * a.width() + at,
                        a.size);
            }
        }
        return dQkv;
    }

    private static double[] softmaxGradient(double[] p, double[] dP, int n, double root) {
        double[] dS = new double[p.length];
        for (int i = 0; i < n; i++) {
            double mean = 0;
            for (int j = 0; j < n; j++) {
                mean += p[i * n + j] * dP[i * n + j];
            }
            for (int j = 0; j < n; j++) {
                dS[i * n + j] = p[i * n + j] * (dP[i * n + j] - mean) / root;
            }
        }
        return dS;
    }
}
