package org.tornadomae.bench.ops;

import java.util.List;
import org.tornadomae.kernels.Tensor;

/// The matrix products of a layer, in all three orientations, and the sum that is its bias's gradient.
///
/// @param rows tokens of all clips
/// @param inC  width of the input
/// @param outC width of the output
record Products(int rows, int inC, int outC) {
    /// Operations that the loops may take for a check: about half a second.
    private static final double CHECKED = 3e8;

    private Work work() {
        return Work.flops(2.0 * rows * inC * outC);
    }

    /// Some of `n` rows, first and last among them, as many as the loops can check in time.
    private static int[] picks(int n, double flopsEach) {
        int count = (int) Math.clamp(CHECKED / flopsEach, Math.min(2, n), n);
        int[] picks = new int[count];
        for (int i = 0; i < count; i++) {
            picks[i] = count == 1 ? 0 : (int) ((long) i * (n - 1) / (count - 1));
        }
        return picks;
    }

    private static float[] rowsOf(float[] from, int width, int[] picks) {
        float[] rows = new float[picks.length * width];
        for (int i = 0; i < picks.length; i++) {
            System.arraycopy(from, picks[i] * width, rows, i * width, width);
        }
        return rows;
    }

    private static float[] columnsOf(float[] from, int rows, int width, int[] picks) {
        float[] columns = new float[rows * picks.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = from[i / picks.length * width + picks[i % picks.length]];
        }
        return columns;
    }

    private static int place(int i, int width, int[] picks) {
        return picks[i / width] * width + i % width;
    }

    OpRun forward(OpShapes s) {
        float[] in = s.uniform(rows, inC);
        float[] params = s.uniform(outC * inC + outC); // weight, then bias
        Tensor weight = Tensor.of(params);
        Tensor bias = new Tensor(params, outC * inC, 0, outC);
        float[] out = new float[rows * outC];
        int[] picks = picks(rows, 2.0 * inC * outC);
        float[] someIn = rowsOf(in, inC, picks);
        float[] expected = new float[picks.length * outC];
        Check check = new Check(ops -> ops.matmul(Tensor.of(expected), Tensor.of(someIn), weight, bias, picks.length, inC, outC))
                .compare("out", expected, out, i -> place(i, outC, picks), inC);
        return OpRun.sliced("matmul", work(), List.of(in, params),
                ops -> ops.matmul(Tensor.of(out), Tensor.of(in), weight, bias, rows, inC, outC), check, out);
    }

    OpRun inputGradient(OpShapes s) {
        float[] dOut = s.uniform(rows, outC);
        float[] weight = s.uniform(outC, inC);
        float[] dIn = new float[rows * inC];
        int[] picks = picks(rows, 2.0 * inC * outC);
        float[] someOut = rowsOf(dOut, outC, picks);
        float[] expected = new float[picks.length * inC];
        Check check = new Check(ops -> ops.matmulBackwardInput(expected, someOut, Tensor.of(weight), picks.length, inC, outC))
                .compare("dIn", expected, dIn, i -> place(i, inC, picks), outC);
        return OpRun.sliced("matmulBackwardInput", work(), List.of(dOut, weight),
                ops -> ops.matmulBackwardInput(dIn, dOut, Tensor.of(weight), rows, inC, outC), check, dIn);
    }

    OpRun weightGradient(OpShapes s) {
        float[] dOut = s.uniform(rows, outC);
        float[] in = s.uniform(rows, inC);
        float[] dWeight = s.uniform(outC, inC);
        int[] picks = picks(outC, 2.0 * inC * rows);
        float[] someOut = columnsOf(dOut, rows, outC, picks);
        float[] expected = rowsOf(dWeight, inC, picks);
        Check check = new Check(ops -> ops.matmulBackwardWeight(Tensor.of(expected), someOut, Tensor.of(in), rows, inC, picks.length))
                .compare("dWeight", expected, dWeight, i -> place(i, inC, picks), rows);
        return OpRun.sliced("matmulBackwardWeight", work(), List.of(dOut, in),
                ops -> ops.matmulBackwardWeight(Tensor.of(dWeight), dOut, Tensor.of(in), rows, inC, outC), check, dWeight);
    }

    OpRun biasGradient(OpShapes s) {
        float[] dOut = s.uniform(rows, outC);
        return OpRun.whole("matmulBackwardBias", Work.floats((double) rows * outC), rows, List.of(dOut),
                (ops, w) -> ops.matmulBackwardBias(Tensor.of(w[0]), dOut, rows, outC, 0, outC), s.uniform(outC));
    }
}
