package org.tornadomae.bench.ops;

import java.util.List;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.nn.BlockShape;

/// What stands between the products of a block: normalisation, GELU, residual.
final class BlockRuns {
    private BlockRuns() {
    }

    static OpRun norm(OpShapes s, BlockShape b) {
        int n = b.rows() * b.channels();
        float[] in = s.uniform(n);
        float[] params = s.uniform(2, b.channels());
        return OpRun.whole("layerNorm", Work.floats(2.0 * n), b.channels(), List.of(in, params),
                (ops, w) -> ops.layerNorm(w[0], Tensor.of(w[1]), Tensor.of(in), Tensor.of(params),
                        new Tensor(params, b.channels(), 0, b.channels()), b.rows(), b.channels()), new float[n], new float[2 * b.rows()]);
    }

    static OpRun normAgain(OpShapes s, BlockShape b) {
        int n = b.rows() * b.channels();
        float[] in = s.uniform(n);
        float[] stats = s.positive(b.rows(), 2);
        float[] params = s.uniform(2, b.channels());
        return OpRun.whole("layerNormAgain", Work.floats(2.0 * n), 3, List.of(in, stats, params),
                (ops, w) -> ops.layerNormAgain(w[0], Tensor.of(stats), Tensor.of(in), Tensor.of(params),
                        new Tensor(params, b.channels(), 0, b.channels()), b.rows(), b.channels()), new float[n]);
    }

    static OpRun normInputGradient(OpShapes s, BlockShape b) {
        int n = b.rows() * b.channels();
        float[] in = s.uniform(n);
        float[] dOut = s.uniform(n);
        float[] stats = s.positive(b.rows(), 2);
        float[] weight = s.uniform(b.channels());
        float[] sums = new float[2 * b.rows()];
        return OpRun.whole("layerNormBackwardInput", Work.floats(4.0 * n), b.channels(), List.of(in, dOut, stats, weight, sums),
                (ops, w) -> ops.layerNormBackwardInput(w[0], sums, dOut, Tensor.of(stats), Tensor.of(in), Tensor.of(weight),
                        b.rows(), b.channels()), s.uniform(n));
    }

    static OpRun normParamsGradient(OpShapes s, BlockShape b) {
        int n = b.rows() * b.channels();
        float[] in = s.uniform(n);
        float[] dOut = s.uniform(n);
        float[] stats = s.positive(b.rows(), 2);
        return OpRun.whole("layerNormBackwardParams", Work.floats(2.0 * n), b.rows(), List.of(in, dOut, stats),
                (ops, w) -> ops.layerNormBackwardParams(Tensor.of(w[0]), new Tensor(w[0], b.channels(), 0, b.channels()), dOut, Tensor.of(stats),
                        Tensor.of(in), b.rows(), b.channels()), s.uniform(2, b.channels()));
    }

    static OpRun gelu(OpShapes s, BlockShape b) {
        int n = b.rows() * b.mlpWidth();
        float[] in = spread(s, n);
        return OpRun.whole("gelu", Work.floats(2.0 * n), 3, List.of(in), (ops, w) -> ops.gelu(w[0], Tensor.of(in), n), new float[n]);
    }

    static OpRun geluGradient(OpShapes s, BlockShape b) {
        int n = b.rows() * b.mlpWidth();
        float[] in = spread(s, n);
        float[] d = s.uniform(n);
        return OpRun.whole("geluBackward", Work.floats(3.0 * n), 3, List.of(in),
                (ops, w) -> ops.geluBackward(w[0], Tensor.of(in), n), d).restoring(d);
    }

    /// Numbers over all of GELU's curve.
    private static float[] spread(OpShapes s, int n) {
        float[] values = s.uniform(n);
        for (int i = 0; i < n; i++) {
            values[i] *= 4;
        }
        return values;
    }

    static OpRun residual(OpShapes s, BlockShape b) {
        int n = b.rows() * b.channels();
        float[] stream = s.uniform(n);
        float[] branch = s.uniform(n);
        return OpRun.whole("residual", Work.floats(3.0 * n), 1, List.of(stream, branch),
                (ops, w) -> ops.residual(Tensor.of(w[0]), Tensor.of(stream), branch, n), new float[n]);
    }
}
