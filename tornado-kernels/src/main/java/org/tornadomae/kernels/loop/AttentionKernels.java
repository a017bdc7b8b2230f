package org.tornadomae.kernels.loop;

import org.tornadomae.kernels.Clips;
import org.tornadomae.kernels.Out;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/// Multi-head scaled dot-product attention without an N×N matrix in memory (docs/spec.md, Model 3).
///
/// `qkv` is `[B, N, 3·C]`: q, then k, then v of a token, each `[NH, HS]` with C = NH·HS. The forward pass is one sweep
/// over the keys with a running maximum (Milakov and Gimelshein 2018; Dao et al. 2022) and keeps only the log-sum-exp
/// of each query; the backward pass computes the probabilities again from it.
public final class AttentionKernels {
    private AttentionKernels() {}

    /// out`[q]` = Σ_k softmax_k(q·k / √HS)·v`[k]`.
    ///
    /// A softmax subtracts the largest score m before exp, or exp would overflow, and divides by the sum of the
    /// exponentials: two passes over all scores before the third can weigh the values. Here the three are one. After
    /// some of the keys the thread holds what a softmax over just these would need:
    ///
    /// - `max`: m, their largest score;
    /// - `total`: Σ exp(score − m);
    /// - `sum`: Σ exp(score − m)·v, not yet divided.
    ///
    /// The next key brings a score s. If it is no larger than m, it adds exp(s − m) to the total and exp(s − m)·v to
    /// the sum. If it is larger, both were taken relative to a maximum that no longer is one; since exp(x − s) = exp(x
    /// − m)·exp(m − s), one factor `shrink` = exp(m − s) mends them. In the first case that factor is exp(0) = 1, so
    /// the loop multiplies always and does not branch. After the last key, sum / total is the result and m + log(total)
    /// = log Σ exp(score) is all that the backward pass needs to have any probability again.
    ///
    /// @param out `[B, N, C]` per layer, heads side by side
    /// @param lse `[B, NH, N]` per layer: log Σ_k exp(q·k / √HS)
    /// @param qkv `[B, N, 3·C]` per layer
    public static void attentionForward(int[] layer, @Out float[] out, int outAt, int outStep,
            @Out float[] lse, int lseAt, int lseStep, float[] qkv, int qkvAt, int qkvStep,
            @Clips int batch, int tokens, int heads, int headSize) {
        for (@Parallel int bh = 0; bh < batch * heads; bh++) {
            for (@Parallel int t = 0; t < tokens; t++) {
                int l = layer[0];
                int b = bh / heads;
                int h = bh % heads;
                int width = heads * headSize;
                int clip = qkvAt + l * qkvStep + b * tokens * 3 * width + h * headSize;
                int q = clip + t * 3 * width;
                int k0 = clip + width;
                float scale = 1f / TornadoMath.sqrt(headSize);
                float[] sum = new float[headSize];
                for (int c = 0; c < headSize; c++) {
                    sum[c] = 0f;
                }
                // No key has been seen: below every score, and so far below that exp(max − score) is 0.
                float max = -1e30f;
                float total = 0f;
                for (int j = 0; j < tokens; j++) {
                    int k = k0 + j * 3 * width;
                    // First pass of a plain softmax: the score of this key, and the largest so far.
                    float score = 0f;
                    for (int c = 0; c < headSize; c++) {
                        score += qkv[q + c] * qkv[k + c];
                    }
                    score = score * scale;
                    float newMax = TornadoMath.max(max, score);
                    float shrink = TornadoMath.exp(max - newMax);
                    float p = TornadoMath.exp(score - newMax);
                    // Second pass: the sum of the exponentials.
                    total = total * shrink + p;
                    // Third pass: the weighted values, which lie one width behind the keys.
                    for (int c = 0; c < headSize; c++) {
                        sum[c] = sum[c] * shrink + p * qkv[k + width + c];
                    }
                    max = newMax;
                }
                int o = outAt + l * outStep + (b * tokens + t) * width + h * headSize;
                for (int c = 0; c < headSize; c++) {
                    out[o + c] = sum[c] / total;
                }
                lse[lseAt + l * lseStep + bh * tokens + t] = max + TornadoMath.log(total);
            }
        }
    }

    /// dots`[q]` = Σ_c dOut`[q,c]`·out`[q,c]`, lse`[q]`: the term Σ_k p·dP that the softmax's gradient subtracts, and
    /// beside it this layer's log-sum-exp. The two kernels that follow would otherwise have more arguments than
    /// TornadoVM takes.
    ///
    /// @param dots `[B, NH, N, 2]`, overwritten
    /// @param dOut `[B, N, C]`
    /// @param out  `[B, N, C]` per layer
    /// @param lse  `[B, NH, N]` per layer
    public static void attentionBackwardDots(int[] layer, @Out float[] dots, int dotsAt, float[] dOut, int dOutAt,
            float[] out, int outAt, int outStep, float[] lse, int lseAt, int lseStep, @Clips int batch, int tokens,
            int heads, int headSize) {
        for (@Parallel int bh = 0; bh < batch * heads; bh++) {
            for (@Parallel int t = 0; t < tokens; t++) {
                int row = ((bh / heads) * tokens + t) * heads * headSize + (bh % heads) * headSize;
                float sum = 0f;
                for (int c = 0; c < headSize; c++) {
                    sum += dOut[dOutAt + row + c] * out[outAt + layer[0] * outStep + row + c];
                }
                int q = bh * tokens + t;
                dots[dotsAt + 2 * q] = sum;
                dots[dotsAt + 2 * q + 1] = lse[lseAt + layer[0] * lseStep + q];
            }
        }
    }

    /// Forward: s = q·k/√HS, p = exp(s − lse), so dS = p·(dOut·v − dot) and dQ = Σ_k dS·k/√HS.
    ///
    /// @param dQkv `[B, N, 3·C]`, its q part is overwritten
    /// @param dots `[B, NH, N, 2]` from [#attentionBackwardDots]
    /// @param qkv  `[B, N, 3·C]` per layer
    public static void attentionBackwardQuery(int[] layer, @Out float[] dQkv, int dQkvAt, float[] dOut, int dOutAt,
            float[] dots, int dotsAt, float[] qkv, int qkvAt, int qkvStep, @Clips int batch, int tokens, int heads,
            int headSize) {
        for (@Parallel int bh = 0; bh < batch * heads; bh++) {
            for (@Parallel int t = 0; t < tokens; t++) {
                int l = layer[0];
                int width = heads * headSize;
                int clip = (bh / heads) * tokens;
                int head = (bh % heads) * headSize;
                int q = qkvAt + l * qkvStep + (clip + t) * 3 * width + head;
                int o = dOutAt + (clip + t) * width + head;
                float scale = 1f / TornadoMath.sqrt(headSize);
                int query = dotsAt + 2 * (bh * tokens + t);
                float queryDot = dots[query];
                float logSum = dots[query + 1];
                float[] sum = new float[headSize];
                for (int c = 0; c < headSize; c++) {
                    sum[c] = 0f;
                }
                for (int j = 0; j < tokens; j++) {
                    int k = qkvAt + l * qkvStep + (clip + j) * 3 * width + width + head;
                    float score = 0f;
                    float dP = 0f;
                    for (int c = 0; c < headSize; c++) {
                        score += qkv[q + c] * qkv[k + c];
                        dP += dOut[o + c] * qkv[k + width + c];
                    }
                    float dS = TornadoMath.exp(score * scale - logSum) * (dP - queryDot) * scale;
                    for (int c = 0; c < headSize; c++) {
                        sum[c] = sum[c] + dS * qkv[k + c];
                    }
                }
                for (int c = 0; c < headSize; c++) {
                    dQkv[dQkvAt + (clip + t) * 3 * width + head + c] = sum[c];
                }
            }
        }
    }

    /// Forward: out = Σ_k p·v and s = q·k/√HS, so dV = Σ_q p·dOut and dK = Σ_q dS·q/√HS.
    ///
    /// @param dQkv `[B, N, 3·C]`, its k and v parts are overwritten
    /// @param dots `[B, NH, N, 2]` from [#attentionBackwardDots]
    /// @param qkv  `[B, N, 3·C]` per layer
    public static void attentionBackwardKeyValue(int[] layer, @Out float[] dQkv, int dQkvAt, float[] dOut, int dOutAt,
            float[] dots, int dotsAt, float[] qkv, int qkvAt, int qkvStep, @Clips int batch, int tokens, int heads,
            int headSize) {
        for (@Parallel int bh = 0; bh < batch * heads; bh++) {
            for (@Parallel int t = 0; t < tokens; t++) {
                int l = layer[0];
                int width = heads * headSize;
                int clip = (bh / heads) * tokens;
                int head = (bh % heads) * headSize;
                int k = qkvAt + l * qkvStep + (clip + t) * 3 * width + width + head;
                float scale = 1f / TornadoMath.sqrt(headSize);
                float[] sumK = new float[headSize];
                float[] sumV = new float[headSize];
                for (int c = 0; c < headSize; c++) {
                    sumK[c] = 0f;
                    sumV[c] = 0f;
                }
                for (int j = 0; j < tokens; j++) {
                    int q = qkvAt + l * qkvStep + (clip + j) * 3 * width + head;
                    int o = dOutAt + (clip + j) * width + head;
                    float score = 0f;
                    float dP = 0f;
                    for (int c = 0; c < headSize; c++) {
                        score += qkv[q + c] * qkv[k + c];
                        dP += dOut[o + c] * qkv[k + width + c];
                    }
                    int query = dotsAt + 2 * (bh * tokens + j);
                    float p = TornadoMath.exp(score * scale - dots[query + 1]);
                    float dS = p * (dP - dots[query]) * scale;
                    for (int c = 0; c < headSize; c++) {
                        sumK[c] = sumK[c] + dS * qkv[q + c];
                        sumV[c] = sumV[c] + p * dOut[o + c];
                    }
                }
                int d = dQkvAt + (clip + t) * 3 * width + width + head;
                for (int c = 0; c < headSize; c++) {
                    dQkv[d + c] = sumK[c];
                    dQkv[d + width + c] = sumV[c];
                }
            }
        }
    }
}
