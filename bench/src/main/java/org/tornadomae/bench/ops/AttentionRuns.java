package org.tornadomae.bench.ops;

import java.util.Arrays;
import java.util.List;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.nn.BlockShape;

/// Attention of a stack. The check computes two heads: the first of the first clip and the last of the last one.
final class AttentionRuns {
    private static final int CHECKED = 2;

    private AttentionRuns() {
    }

    /// Scores and weighted values.
    static OpRun forward(OpShapes s, BlockShape b) {
        int headSize = b.channels() / b.heads();
        float[] qkv = s.uniform(b.rows(), 3, b.channels());
        float[] out = new float[b.rows() * b.channels()];
        float[] logSumExp = new float[b.rows() * b.heads()];
        float[] someQkv = heads(b, qkv, 3);
        float[] someOut = new float[CHECKED * b.tokens() * headSize];
        float[] someSums = new float[CHECKED * b.tokens()];
        Check check = new Check(ops -> ops.attention(Tensor.of(someOut), Tensor.of(someSums), Tensor.of(someQkv), CHECKED, b.tokens(), 1, headSize))
                .compare("out", someOut, out, i -> place(b, i, 1), b.tokens() + headSize)
                .compare("logSumExp", someSums, logSumExp, i -> sumPlace(b, i), b.tokens() + headSize);
        return OpRun.sliced("attention", Work.flops(products(b, 2)), List.of(qkv),
                ops -> ops.attention(Tensor.of(out), Tensor.of(logSumExp), Tensor.of(qkv), b.batch(), b.tokens(), b.heads(), headSize),
                check, out, logSumExp);
    }

    /// Counted as two forward passes: that the scores are computed once more is the executor's own choice.
    static OpRun backward(OpShapes s, BlockShape b) {
        int headSize = b.channels() / b.heads();
        float[] qkv = s.uniform(b.rows(), 3, b.channels());
        float[] out = s.uniform(b.rows(), b.channels()); // the formulas hold for any output
        float[] logSumExp = new float[b.rows() * b.heads()];
        Arrays.fill(logSumExp, (float) Math.log(b.tokens())); // and any sum, but one of the usual size
        float[] dOut = s.uniform(b.rows(), b.channels());
        float[] dQkv = new float[b.rows() * 3 * b.channels()];
        float[] dot = new float[b.rows() * b.heads()];
        float[] someQkv = heads(b, qkv, 3);
        float[] someOut = heads(b, out, 1);
        float[] someDOut = heads(b, dOut, 1);
        float[] someSums = Arrays.copyOf(logSumExp, CHECKED * b.tokens());
        float[] someDot = new float[CHECKED * b.tokens()];
        float[] expected = new float[someQkv.length];
        Check check = new Check(ops -> ops.attentionBackward(expected, someDot, someDOut, Tensor.of(someOut), Tensor.of(someSums),
                Tensor.of(someQkv), CHECKED, b.tokens(), 1, headSize))
                .compare("dQkv", expected, dQkv, i -> place(b, i, 3), b.tokens() + headSize);
        return OpRun.sliced("attentionBackward", Work.flops(products(b, 4)), List.of(qkv, out, logSumExp, dOut, dot),
                ops -> ops.attentionBackward(dQkv, dot, dOut, Tensor.of(out), Tensor.of(logSumExp), Tensor.of(qkv),
                        b.batch(), b.tokens(), b.heads(), headSize), check, dQkv);
    }

    private static double products(BlockShape b, int count) {
        return 2.0 * count * b.batch() * b.tokens() * b.tokens() * b.channels();
    }

    /// The checked heads of [B, N, parts, NH, HS] as [2, N, parts, 1, HS].
    private static float[] heads(BlockShape b, float[] from, int parts) {
        float[] some = new float[CHECKED * b.tokens() * parts * (b.channels() / b.heads())];
        for (int i = 0; i < some.length; i++) {
            some[i] = from[place(b, i, parts)];
        }
        return some;
    }

    private static int place(BlockShape b, int i, int parts) {
        int headSize = b.channels() / b.heads();
        int part = i / headSize % parts;
        int token = i / (headSize * parts) % b.tokens();
        boolean last = i / (headSize * parts * b.tokens()) == 1;
        int row = (last ? (b.batch() - 1) * b.tokens() : 0) + token;
        return (row * parts + part) * b.channels() + (last ? b.channels() - headSize : 0) + i % headSize;
    }

    private static int sumPlace(BlockShape b, int i) {
        return i < b.tokens() ? i : (b.batch() * b.heads() - 1) * b.tokens() + i - b.tokens();
    }
}
