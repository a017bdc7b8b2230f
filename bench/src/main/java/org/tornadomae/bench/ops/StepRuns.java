package org.tornadomae.bench.ops;

import java.util.Arrays;
import java.util.List;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.nn.Params;

/// What a step does once: loss, gradient norm, AdamW, and the sums and zeros around them.
final class StepRuns {
    private static final int PARTIALS = 4096;
    /// Parameters on each side of the border between decayed and other ones that a check of AdamW covers.
    private static final int CHECKED = 1 << 20;

    private StepRuns() {
    }

    static OpRun loss(OpShapes s) {
        int rows = s.batch() * s.predicted();
        int values = s.config().predValues();
        float[] pred = s.uniform(rows, values);
        float[] target = s.uniform(rows, values);
        MaskBatch masks = s.masks();
        return OpRun.whole("loss", Work.floats(2.0 * pred.length), values, List.of(pred, target, masks.idsPredict(), masks.mask()),
                (ops, w) -> ops.loss(w[0], pred, target, masks.idsPredict(), masks.mask(), s.batch(), s.predicted(), s.tokens(), values),
                new float[rows]);
    }

    static OpRun lossGradient(OpShapes s) {
        int rows = s.batch() * s.predicted();
        int values = s.config().predValues();
        float[] pred = s.uniform(rows, values);
        float[] target = s.uniform(rows, values);
        MaskBatch masks = s.masks();
        return OpRun.whole("lossBackward", Work.floats(3.0 * pred.length), 3, List.of(pred, target, masks.idsPredict(), masks.mask()),
                (ops, w) -> ops.lossBackward(w[0], pred, target, masks.idsPredict(), masks.mask(), s.batch(), s.predicted(), s.tokens(),
                        values, rows), new float[rows * values]);
    }

    static OpRun mean(OpShapes s) {
        int rows = s.batch() * s.predicted();
        float[] in = s.positive(rows);
        float[] partials = new float[256];
        return OpRun.whole("mean", Work.floats(rows), rows, List.of(in, partials),
                (ops, w) -> ops.mean(w[0], partials, in, rows, rows), new float[1]);
    }

    static OpRun norm(OpShapes s) {
        int n = parameters(s).values().length;
        float[] in = s.uniform(n);
        float[] partials = new float[PARTIALS];
        return OpRun.whole("norm", Work.floats(n), n / PARTIALS, List.of(in, partials),
                (ops, w) -> ops.norm(w[0], partials, in, n), new float[1]);
    }

    static OpRun zero(OpShapes s) {
        int n = parameters(s).values().length;
        return OpRun.whole("zero", Work.floats(n), 0, List.of(), (ops, w) -> ops.zero(w[0], n), s.uniform(n));
    }

    /// Reads parameters, both moments and gradients; writes all but the gradients.
    static OpRun adamW(OpShapes s) {
        Params model = parameters(s);
        int n = model.values().length;
        int decay = model.layout().decayed();
        float[] params = s.uniform(n);
        float[] m = s.uniform(n);
        float[] v = s.positive(n);
        float[] grads = s.uniform(n);
        float[] norm = {3};
        float[] hyper = {1e-4f, 0.9f, 0.95f, 1e-8f, 0.05f, 0.1f, 0.05f, 0.02f};
        int from = Math.max(0, decay - CHECKED);
        int to = Math.min(n, decay + CHECKED);
        float[] someParams = Arrays.copyOfRange(params, from, to);
        float[] someM = Arrays.copyOfRange(m, from, to);
        float[] someV = Arrays.copyOfRange(v, from, to);
        float[] someGrads = Arrays.copyOfRange(grads, from, to);
        Check check = new Check(ops -> ops.adamW(someParams, someM, someV, someGrads, norm, hyper, decay - from, to - from))
                .compare("params", someParams, params, i -> from + i, 3)
                .compare("m", someM, m, i -> from + i, 3)
                .compare("v", someV, v, i -> from + i, 3);
        return OpRun.sliced("adamW", Work.floats(7.0 * n), List.of(grads, norm, hyper),
                ops -> ops.adamW(params, m, v, grads, norm, hyper, decay, n), check, params, m, v);
    }

    private static Params parameters(OpShapes s) {
        return MaskedAutoencoder.forInference(s.config(), new MaskedAutoencoder.BatchShape(1, s.keep(), false, 1)).params();
    }
}
