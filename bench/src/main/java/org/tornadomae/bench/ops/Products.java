package org.tornadomae.bench.ops;

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

    private static Tensor rowsOf(Tensor from, int width, int[] picks) {
        Tensor rows = OpShapes.zeros(picks.length * width);
        for (int i = 0; i < picks.length; i++) {
            System.arraycopy(from.floats(), picks[i] * width, rows.floats(), i * width, width);
        }
        return rows;
    }

    private static Tensor columnsOf(Tensor from, int rows, int width, int[] picks) {
        Tensor columns = OpShapes.zeros(rows * picks.length);
        for (int i = 0; i < columns.size(); i++) {
            columns.floats()[i] = from.floats()[i / picks.length * width + picks[i % picks.length]];
        }
        return columns;
    }

    private static int place(int i, int width, int[] picks) {
        return picks[i / width] * width + i % width;
    }

    OpRun forward(OpShapes s) {
        Tensor in = s.uniform(rows, inC);
        Tensor params = s.uniform(outC * inC + outC); // weight, then bias
        Tensor weight = params.slice(0, outC * inC);
        Tensor bias = params.slice(outC * inC, outC);
        Tensor out = OpShapes.zeros(rows * outC);
        int[] picks = picks(rows, 2.0 * inC * outC);
        Tensor someIn = rowsOf(in, inC, picks);
        Tensor expected = OpShapes.zeros(picks.length * outC);
        Check check = new Check(ops -> ops.matmul(expected, someIn, weight, bias, picks.length, inC, outC))
                .compare("out", expected, out, i -> place(i, outC, picks), inC);
        return OpRun.sliced("matmul", work(),
                ops -> ops.matmul(out, in, weight, bias, rows, inC, outC), check, out);
    }

    OpRun inputGradient(OpShapes s) {
        Tensor dOut = s.uniform(rows, outC);
        Tensor weight = s.uniform(outC, inC);
        Tensor dIn = OpShapes.zeros(rows * inC);
        int[] picks = picks(rows, 2.0 * inC * outC);
        Tensor someOut = rowsOf(dOut, outC, picks);
        Tensor expected = OpShapes.zeros(picks.length * inC);
        Check check = new Check(ops -> ops.matmulBackwardInput(expected, someOut, weight, picks.length, inC, outC))
                .compare("dIn", expected, dIn, i -> place(i, inC, picks), outC);
        return OpRun.sliced("matmulBackwardInput", work(),
                ops -> ops.matmulBackwardInput(dIn, dOut, weight, rows, inC, outC), check, dIn);
    }

    OpRun weightGradient(OpShapes s) {
        Tensor dOut = s.uniform(rows, outC);
        Tensor in = s.uniform(rows, inC);
        Tensor dWeight = s.uniform(outC, inC);
        int[] picks = picks(outC, 2.0 * inC * rows);
        Tensor someOut = columnsOf(dOut, rows, outC, picks);
        Tensor expected = rowsOf(dWeight, inC, picks);
        Check check = new Check(ops -> ops.matmulBackwardWeight(expected, someOut, in, rows, inC, picks.length))
                .compare("dWeight", expected, dWeight, i -> place(i, inC, picks), rows);
        return OpRun.sliced("matmulBackwardWeight", work(),
                ops -> ops.matmulBackwardWeight(dWeight, dOut, in, rows, inC, outC), check, dWeight);
    }

    OpRun biasGradient(OpShapes s) {
        Tensor dOut = s.uniform(rows, outC);
        return OpRun.whole("matmulBackwardBias", Work.floats((double) rows * outC), rows,
                (ops, w) -> ops.matmulBackwardBias(w[0], dOut, rows, outC, 0, outC), s.uniform(outC));
    }
}
