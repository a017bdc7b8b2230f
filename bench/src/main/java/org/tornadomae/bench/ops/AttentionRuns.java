package org.tornadomae.bench.ops;

import java.util.Arrays;
import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.nn.BlockShape;

/// Attention of a stack. The check computes two heads: the first of the first clip and the last of the last one.
final class AttentionRuns {
    private static final int CHECKED = 2;

    private AttentionRuns() {}

    /// Scores and weighted values.
    static OpRun forward(OpShapes s, BlockShape b) {
        int headSize = b.attention().headSize();
        Tensor qkv = s.uniform(b.rows(), 3, b.channels());
        Tensor out = OpShapes.zeros(b.rows() * b.channels());
        Tensor logSumExp = OpShapes.zeros(b.rows() * b.attention().heads());
        Tensor someQkv = heads(b, qkv, 3);
        Tensor someOut = OpShapes.zeros(CHECKED * b.attention().tokens() * headSize);
        Tensor someSums = OpShapes.zeros(CHECKED * b.attention().tokens());
        Check check = new Check(ops -> ops.attention(someOut, someSums, someQkv,
                new AttentionShape(CHECKED, b.attention().tokens(), 1, headSize)))
                .compare("out", someOut, out, i -> place(b, i, 1), b.attention().tokens() + headSize)
                .compare("logSumExp", someSums, logSumExp, i -> sumPlace(b, i), b.attention().tokens() + headSize);
        return OpRun.sliced("attention", Work.flops(products(b, 2)),
                ops -> ops.attention(out, logSumExp, qkv, b.attention()),
                check, out, logSumExp);
    }

    /// Counted as two forward passes: that the scores are computed once more is the executor's own choice.
    static OpRun backward(OpShapes s, BlockShape b) {
        int headSize = b.attention().headSize();
        Tensor qkv = s.uniform(b.rows(), 3, b.channels());
        Tensor out = s.uniform(b.rows(), b.channels()); // the formulas hold for any output
        Tensor logSumExp = OpShapes.zeros(b.rows() * b.attention().heads());
        // and any sum, but one of the usual size
        Arrays.fill(logSumExp.floats(), (float) Math.log(b.attention().tokens()));
        Tensor dOut = s.uniform(b.rows(), b.channels());
        Tensor dQkv = OpShapes.zeros(b.rows() * 3 * b.channels());
        Tensor dots = OpShapes.zeros(b.rows(), b.attention().heads(), 2);
        Tensor someQkv = heads(b, qkv, 3);
        Tensor someOut = heads(b, out, 1);
        Tensor someDOut = heads(b, dOut, 1);
        Tensor someSums = Tensor.of(Arrays.copyOf(logSumExp.floats(), CHECKED * b.attention().tokens()));
        Tensor someDots = OpShapes.zeros(CHECKED, b.attention().tokens(), 2);
        Tensor expected = OpShapes.zeros(someQkv.size());
        Check check = new Check(ops -> ops.attentionBackward(expected, someDots, someDOut, someOut, someSums,
                someQkv, new AttentionShape(CHECKED, b.attention().tokens(), 1, headSize)))
                .compare("dQkv", expected, dQkv, i -> place(b, i, 3), b.attention().tokens() + headSize);
        return OpRun.sliced("attentionBackward", Work.flops(products(b, 4)),
                ops -> ops.attentionBackward(dQkv, dots, dOut, out, logSumExp, qkv,
                        b.attention()),
                check, dQkv);
    }

    private static double products(BlockShape b, int count) {
        return 2.0 * count * b.attention().batch() * b.attention().tokens() * b.attention().tokens() * b.channels();
    }

    /// The checked heads of `[B, N, parts, NH, HS]` as `[2, N, parts, 1, HS]`.
    private static Tensor heads(BlockShape b, Tensor from, int parts) {
        Tensor some = OpShapes.zeros(CHECKED * b.attention().tokens() * parts * (b.attention().headSize()));
        for (int i = 0; i < some.size(); i++) {
            some.floats()[i] = from.floats()[place(b, i, parts)];
        }
        return some;
    }

    private static int place(BlockShape b, int i, int parts) {
        int headSize = b.attention().headSize();
        int part = i / headSize % parts;
        int token = i / (headSize * parts) % b.attention().tokens();
        boolean last = i / (headSize * parts * b.attention().tokens()) == 1;
        int row = (last ? (b.attention().batch() - 1) * b.attention().tokens() : 0) + token;
        return (row * parts + part) * b.channels() + (last ? b.channels() - headSize : 0) + i % headSize;
    }

    private static int sumPlace(BlockShape b, int i) {
        return i < b.attention().tokens()
                ? i
                : (b.attention().batch() * b.attention().heads() - 1) * b.attention().tokens() + i
                        - b.attention().tokens();
    }
}
