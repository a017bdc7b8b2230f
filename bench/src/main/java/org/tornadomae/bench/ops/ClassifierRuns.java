package org.tornadomae.bench.ops;

import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;

/// What a classifier's step has beside the encoder: pooling, drawn factors, cross entropy.
final class ClassifierRuns {
    private static final int CLASSES = 400; // Kinetics'

    private ClassifierRuns() {}

    private static TokenShape all(OpShapes s) {
        return new TokenShape(s.batch(), s.tokens(), s.tokens(), 1, s.config().encoder().embedDim());
    }

    static OpRun meanTokens(OpShapes s) {
        TokenShape shape = all(s);
        Tensor in = s.uniform(shape.rows(), shape.channels());
        return OpRun.whole("meanTokens", Work.floats(in.size()), shape.count(),
                (ops, w) -> ops.meanTokens(w[0], in, shape, 1), OpShapes.zeros(s.batch(), shape.channels()));
    }

    static OpRun meanTokensGradient(OpShapes s) {
        TokenShape shape = all(s);
        Tensor dOut = s.uniform(s.batch(), shape.channels());
        return OpRun.whole("meanTokensBackward", Work.floats((double) shape.rows() * shape.channels()), 1,
                (ops, w) -> ops.meanTokensBackward(w[0], dOut, shape, 1),
                OpShapes.zeros(shape.rows(), shape.channels()));
    }

    /// Stochastic depth: a factor for each clip.
    static OpRun scale(OpShapes s) {
        TokenShape shape = all(s);
        Tensor in = s.uniform(shape.rows(), shape.channels());
        Tensor factors = s.positive(s.batch());
        return OpRun.whole("scale", Work.floats(2.0 * in.size()), 1, (ops, w) -> ops.scale(w[0], in, factors),
                OpShapes.zeros(in.size()));
    }

    static OpRun crossEntropy(OpShapes s) {
        Tensor logits = s.uniform(s.batch(), CLASSES);
        Tensor target = s.positive(s.batch(), CLASSES);
        return OpRun.whole("crossEntropy", Work.floats(2.0 * logits.size()), CLASSES,
                (ops, w) -> ops.crossEntropy(w[0], logits, target, s.batch(), CLASSES), OpShapes.zeros(s.batch()));
    }

    static OpRun crossEntropyGradient(OpShapes s) {
        Tensor logits = s.uniform(s.batch(), CLASSES);
        Tensor target = s.positive(s.batch(), CLASSES);
        return OpRun.whole("crossEntropyBackward", Work.floats(3.0 * logits.size()), CLASSES,
                (ops, w) -> ops.crossEntropyBackward(w[0], logits, target, s.batch(), CLASSES, s.batch()),
                OpShapes.zeros(logits.size()));
    }
}
