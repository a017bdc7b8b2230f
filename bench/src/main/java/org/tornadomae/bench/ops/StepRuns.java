package org.tornadomae.bench.ops;

import java.util.Arrays;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.nn.Params;

/// What a step does once: loss, gradient norm, AdamW, and the sums and zeros around them.
final class StepRuns {
    private static final int PARTIALS = 4096;
    /// Parameters on each side of the border between decayed and other ones that a check of AdamW covers.
    private static final int CHECKED = 1 << 20;

    private StepRuns() {}

    static OpRun loss(OpShapes s) {
        int rows = s.batch() * s.predicted();
        int values = s.config().predValues();
        Tensor pred = s.uniform(rows, values);
        Tensor target = s.uniform(rows, values);
        MaskBatch masks = s.masks();
        return OpRun.whole("loss", Work.floats(2.0 * pred.size()), values,
                (ops, w) -> ops.loss(w[0], pred, target, masks.idsPredict(), masks.mask(), rows(s)),
                OpShapes.zeros(rows));
    }

    static OpRun lossGradient(OpShapes s) {
        int rows = s.batch() * s.predicted();
        int values = s.config().predValues();
        Tensor pred = s.uniform(rows, values);
        Tensor target = s.uniform(rows, values);
        MaskBatch masks = s.masks();
        return OpRun.whole("lossBackward", Work.floats(3.0 * pred.size()), 3,
                (ops, w) -> ops.lossBackward(w[0], pred, target, masks.idsPredict(), masks.mask(), rows(s), rows),
                OpShapes.zeros(rows * values));
    }

    static OpRun mean(OpShapes s) {
        int rows = s.batch() * s.predicted();
        Tensor in = s.positive(rows);
        Tensor partials = OpShapes.zeros(256);
        return OpRun.whole("mean", Work.floats(rows), rows,
                (ops, w) -> ops.mean(w[0], partials, in, rows), OpShapes.zeros(1));
    }

    static OpRun norm(OpShapes s) {
        int n = parameters(s).valueBuffer().size();
        Tensor in = s.uniform(n);
        Tensor partials = OpShapes.zeros(PARTIALS);
        return OpRun.whole("norm", Work.floats(n), n / PARTIALS,
                (ops, w) -> ops.norm(w[0], partials, in), OpShapes.zeros(1));
    }

    static OpRun zero(OpShapes s) {
        int n = parameters(s).valueBuffer().size();
        return OpRun.whole("zero", Work.floats(n), 0,
                (ops, w) -> ops.zero(w[0]), s.uniform(n));
    }

    /// Reads parameters, both moments and gradients; writes all but the gradients.
    static OpRun adamW(OpShapes s) {
        Params model = parameters(s);
        int n = model.valueBuffer().size();
        int decay = model.layout().decayed();
        Tensor params = s.uniform(n);
        Tensor m = s.uniform(n);
        Tensor v = s.positive(n);
        Tensor grads = s.uniform(n);
        Tensor norm = Tensor.of(new float[] {3});
        // in the order of Hyper
        Tensor hyper = Tensor.of(new float[] {1e-4f, 0.9f, 0.95f, 1e-8f, 0.05f, 0.1f, 0.05f, 0.02f});
        int from = Math.max(0, decay - CHECKED);
        int to = Math.min(n, decay + CHECKED);
        Tensor someParams = Tensor.of(Arrays.copyOfRange(params.floats(), from, to));
        Tensor someM = Tensor.of(Arrays.copyOfRange(m.floats(), from, to));
        Tensor someV = Tensor.of(Arrays.copyOfRange(v.floats(), from, to));
        Tensor someGrads = Tensor.of(Arrays.copyOfRange(grads.floats(), from, to));
        Check check = new Check(ops -> ops.adamW(someParams, someM, someV, someGrads, norm, hyper, decay - from))
                .compare("params", someParams, params, i -> from + i, 3)
                .compare("m", someM, m, i -> from + i, 3)
                .compare("v", someV, v, i -> from + i, 3);
        return OpRun.sliced("adamW", Work.floats(7.0 * n),
                ops -> ops.adamW(params, m, v, grads, norm, hyper, decay), check, params, m, v);
    }

    private static TokenShape rows(OpShapes s) {
        return new TokenShape(s.batch(), s.predicted(), s.tokens(), 1, s.config().predValues());
    }

    private static Params parameters(OpShapes s) {
        return MaskedAutoencoder.forInference(s.config(), new MaskedAutoencoder.BatchShape(1, s.keep(), false, 1))
                .params();
    }
}
