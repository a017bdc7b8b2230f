package org.tornadomae.bench.ops;

import org.tornadomae.kernels.Tensor;
import org.tornadomae.nn.BlockShape;

/// What stands between the products of a block: normalisation, GELU, residual.
final class BlockRuns {
    private BlockRuns() {}

    static OpRun norm(OpShapes s, BlockShape b) {
        int n = b.rows() * b.channels();
        Tensor in = s.uniform(n);
        Tensor params = s.uniform(2, b.channels());
        return OpRun.whole("layerNorm", Work.floats(2.0 * n), b.channels(),
                (ops, w) -> ops.layerNorm(w[0], w[1], in, params,
                        params.slice(b.channels(), b.channels()), b.rows(), b.channels(), (float) b.normEps()),
                OpShapes.zeros(n), OpShapes.zeros(2 * b.rows()));
    }

    static OpRun normRecompute(OpShapes s, BlockShape b) {
        int n = b.rows() * b.channels();
        Tensor in = s.uniform(n);
        Tensor stats = s.positive(b.rows(), 2);
        Tensor params = s.uniform(2, b.channels());
        return OpRun.whole("layerNormRecompute", Work.floats(2.0 * n), 3,
                (ops, w) -> ops.layerNormRecompute(w[0], stats, in, params,
                        params.slice(b.channels(), b.channels()), b.rows(), b.channels()),
                OpShapes.zeros(n));
    }

    static OpRun normInputGradient(OpShapes s, BlockShape b) {
        int n = b.rows() * b.channels();
        Tensor in = s.uniform(n);
        Tensor dOut = s.uniform(n);
        Tensor stats = s.positive(b.rows(), 2);
        Tensor weight = s.uniform(b.channels());
        Tensor sums = OpShapes.zeros(4 * b.rows());
        return OpRun.whole("layerNormBackwardInput", Work.floats(4.0 * n), b.channels(),
                (ops, w) -> ops.layerNormBackwardInput(w[0], sums, dOut, stats, in, weight,
                        b.rows(), b.channels()),
                s.uniform(n));
    }

    static OpRun normParamsGradient(OpShapes s, BlockShape b) {
        int n = b.rows() * b.channels();
        Tensor in = s.uniform(n);
        Tensor dOut = s.uniform(n);
        Tensor stats = s.positive(b.rows(), 2);
        return OpRun.whole("layerNormBackwardParams", Work.floats(2.0 * n), b.rows(),
                (ops, w) -> ops.layerNormBackwardParams(w[0], w[0].slice(b.channels(), b.channels()), dOut, stats,
                        in, b.rows(), b.channels()),
                s.uniform(2, b.channels()));
    }

    static OpRun gelu(OpShapes s, BlockShape b) {
        int n = b.rows() * b.mlpWidth();
        Tensor in = spread(s, n);
        return OpRun.whole("gelu", Work.floats(2.0 * n), 3,
                (ops, w) -> ops.gelu(w[0], in), OpShapes.zeros(n));
    }

    static OpRun geluGradient(OpShapes s, BlockShape b) {
        int n = b.rows() * b.mlpWidth();
        Tensor in = spread(s, n);
        Tensor d = s.uniform(n);
        return OpRun.whole("geluBackward", Work.floats(3.0 * n), 3,
                (ops, w) -> ops.geluBackward(w[0], in), d).restoring(d);
    }

    /// Numbers over all of GELU's curve.
    private static Tensor spread(OpShapes s, int n) {
        Tensor values = s.uniform(n);
        for (int i = 0; i < n; i++) {
            values.floats()[i] *= 4;
        }
        return values;
    }

    static OpRun residual(OpShapes s, BlockShape b) {
        int n = b.rows() * b.channels();
        Tensor stream = s.uniform(n);
        Tensor branch = s.uniform(n);
        return OpRun.whole("residual", Work.floats(3.0 * n), 1,
                (ops, w) -> ops.residual(w[0], stream, branch), OpShapes.zeros(n));
    }
}
