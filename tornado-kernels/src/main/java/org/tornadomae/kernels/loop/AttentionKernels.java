package org.tornadomae.kernels;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/// Multi-head scaled dot-product attention without an N×N matrix in memory (SPEC, Model 3).
///
/// `qkv` is [B, N, 3·C]: q, then k, then v of a token, each [NH, HS] with C = NH·HS. The forward pass is one sweep over
/// the keys with a running maximum (Milakov and Gimelshein 2018; Dao et al. 2022) and keeps only the log-sum-exp of
/// each query; the backward pass computes the probabilities again from it.
public final class AttentionKernels {
    private AttentionKernels() {
    }

    /// out[q] = Σ_k softmax_k(q·k / √HS)·v[k].
    ///
    /// @param out [B, N, C] per layer, heads side by side
    /// @param lse [B, NH, N] per layer: log Σ_k exp(q·k / √HS)
    /// @param qkv [B, N, 3·C] per layer
    public static void attentionForward(int[] layer, float[] out, int outStep, float[] lse, int lseStep,
            float[] qkv, int qkvStep, int batch, int tokens, int heads, int headSize) {
        for (@Parallel int bh = 0; bh < batch * heads; bh++) {
            for (@Parallel int t = 0; t < tokens; t++) {
                int l = layer[0];
                int b = bh / heads;
                int h = bh % heads;
                int width = heads * headSize;
                int q = l * qkvStep + (b * tokens + t) * 3 * width + h * headSize;
                int k0 = l * qkvStep + b * tokens * 3 * width + width + h * headSize;
                float scale = 1f / TornadoMath.sqrt(headSize);
                float[] sum = new float[headSize];
                for (int c = 0; c < headSize; c++) {
                    sum[c] = 0f;
                }
                float max = -1e30f;
                float total = 0f;
                for (int j = 0; j < tokens; j++) {
                    int k = k0 + j * 3 * width;
                    float score = 0f;
                    for (int c = 0; c < headSize; c++) {
                        score += qkv[q + c] * qkv[k + c];
                    }
                    score = score * scale;
                    float newMax = TornadoMath.max(max, score);
                    float shrink = TornadoMath.exp(max - newMax);
                    float p = TornadoMath.exp(score - newMax);
                    total = total * shrink + p;
                    for (int c = 0; c < headSize; c++) {
                        sum[c] = sum[c] * shrink + p * qkv[k + width + c];
                    }
                    max = newMax;
                }
                int o = l * outStep + (b * tokens + t) * width + h * headSize;
                for (int c = 0; c < headSize; c++) {
                    out[o + c] = sum[c] / total;
                }
                lse[l * lseStep + bh * tokens + t] = max + TornadoMath.log(total);
            }
        }
    }

    /// dot[q] = Σ_c dOut[q,c]·out[q,c], the term Σ_k p·dP that the softmax's gradient subtracts.
    ///
    /// @param dot  [B, NH, N], overwritten
    /// @param dOut [B, N, C]
    public static void attentionBackwardDot(int[] layer, float[] dot, float[] dOut, float[] out, int outStep,
            int batch, int tokens, int heads, int headSize) {
        for (@Parallel int bh = 0; bh < batch * heads; bh++) {
            for (@Parallel int t = 0; t < tokens; t++) {
                int row = ((bh / heads) * tokens + t) * heads * headSize + (bh % heads) * headSize;
                float sum = 0f;
                for (int c = 0; c < headSize; c++) {
                    sum += dOut[row + c] * out[layer[0] * outStep + row + c];
                }
                dot[bh * tokens + t] = sum;
            }
        }
    }

    /// Forward: s = q·k/√HS, p = exp(s − lse), so dS = p·(dOut·v − dot) and dQ = Σ_k dS·k/√HS.
    ///
    /// @param dQkv [B, N, 3·C], its q part is overwritten
    public static void attentionBackwardQuery(int[] layer, float[] dQkv, float[] dOut, float[] dot,
            float[] qkv, int qkvStep, float[] lse, int lseStep, int batch, int tokens, int heads, int headSize) {
        for (@Parallel int bh = 0; bh < batch * heads; bh++) {
            for (@Parallel int t = 0; t < tokens; t++) {
                int l = layer[0];
                int width = heads * headSize;
                int clip = (bh / heads) * tokens;
                int head = (bh % heads) * headSize;
                int q = l * qkvStep + (clip + t) * 3 * width + head;
                int o = (clip + t) * width + head;
                float scale = 1f / TornadoMath.sqrt(headSize);
                float logSum = lse[l * lseStep + bh * tokens + t];
                float queryDot = dot[bh * tokens + t];
                float[] sum = new float[headSize];
                for (int c = 0; c < headSize; c++) {
                    sum[c] = 0f;
                }
                for (int j = 0; j < tokens; j++) {
                    int k = l * qkvStep + (clip + j) * 3 * width + width + head;
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
                    dQkv[(clip + t) * 3 * width + head + c] = sum[c];
                }
            }
        }
    }

    /// Forward: out = Σ_k p·v and s = q·k/√HS, so dV = Σ_q p·dOut and dK = Σ_q dS·q/√HS.
    ///
    /// @param dQkv [B, N, 3·C], its k and v parts are overwritten
    public static void attentionBackwardKeyValue(int[] layer, float[] dQkv, float[] dOut, float[] dot,
            float[] qkv, int qkvStep, float[] lse, int lseStep, int batch, int tokens, int heads, int headSize) {
        for (@Parallel int bh = 0; bh < batch * heads; bh++) {
            for (@Parallel int t = 0; t < tokens; t++) {
                int l = layer[0];
                int width = heads * headSize;
                int clip = (bh / heads) * tokens;
                int head = (bh % heads) * headSize;
                int k = l * qkvStep + (clip + t) * 3 * width + width + head;
                float scale = 1f / TornadoMath.sqrt(headSize);
                float[] sumK = new float[headSize];
                float[] sumV = new float[headSize];
                for (int c = 0; c < headSize; c++) {
                    sumK[c] = 0f;
                    sumV[c] = 0f;
                }
                for (int j = 0; j < tokens; j++) {
                    int q = l * qkvStep + (clip + j) * 3 * width + head;
                    int o = (clip + j) * width + head;
                    float score = 0f;
                    float dP = 0f;
                    for (int c = 0; c < headSize; c++) {
                        score += qkv[q + c] * qkv[k + c];
                        dP += dOut[o + c] * qkv[k + width + c];
                    }
                    float p = TornadoMath.exp(score * scale - lse[l * lseStep + bh * tokens + j]);
                    float dS = p * (dP - dot[bh * tokens + j]) * scale;
                    for (int c = 0; c < headSize; c++) {
                        sumK[c] = sumK[c] + dS * qkv[q + c];
                        sumV[c] = sumV[c] + p * dOut[o + c];
                    }
                }
                int d = (clip + t) * 3 * width + width + head;
                for (int c = 0; c < headSize; c++) {
                    dQkv[d + c] = sumK[c];
                    dQkv[d + width + c] = sumV[c];
                }
            }
        }
    }
}
