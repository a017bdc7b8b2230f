package org.tornadomae.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every executor's loss must do.
interface LossContract extends OpsBench {
    /// A batch to predict: the removed tokens only, or all with the mask deciding.
    final class Batch {
        final OpFixture fixture;
        final int rows;
        final int removed;
        final Shuffle predicted;
        final OpFixture.Slot pred;
        final OpFixture.Slot target;
        final OpFixture.Slot mask;
        private final int values;

        Batch(OpFixture fixture, int batch, int tokens, int keep, boolean predictAll, int values) {
            this.fixture = fixture;
            this.values = values;
            this.predicted = Shuffle.of(fixture, batch, predictAll ? tokens : tokens - keep, tokens);
            this.rows = batch * predicted.count();
            this.removed = batch * (tokens - keep);
            this.pred = fixture.plain(rows * values);
            this.target = fixture.plain(rows * values);
            this.mask = fixture.plain(batch * tokens);
            double[] polarity = new double[batch * tokens];
            for (int i = 0; i < polarity.length; i++) { // 0 kept, 1 removed
                polarity[i] = predicted.slotOf()[i] < tokens - keep ? 1 : 0;
            }
            mask.set(0, polarity);
        }

        /// Σ over removed patches of mean (pred − target)² / number of removed patches, from the definition.
        double loss(double[] pred, double[] target) {
            double sum = 0;
            for (int b = 0; b < predicted.batch(); b++) {
                for (int n = 0; n < predicted.tokens(); n++) {
                    if (mask.values(0)[b * predicted.tokens() + n] == 1) {
                        int row = b * predicted.count() + predicted.slot(b, n);
                        double mean = 0;
                        for (int i = 0; i < values; i++) {
                            mean += Math.pow(pred[row * values + i] - target[row * values + i], 2) / values;
                        }
                        sum += mean;
                    }
                }
            }
            return sum / removed;
        }
    }

    /// Loss and its gradient against central differences, targets as they are and normalised: normalised targets are
    /// constants, the gradient is the prediction's alone.
    ///
    /// batch, tokens, keep, predictAll, values, partials
    @ParameterizedTest
    @CsvSource({"1,2,1,false,1,1", "1,6,2,true,13,4", "2,6,1,false,13,256", "3,13,6,true,6,7", "2,13,1,true,12,256",
            "1,23,3,false,27,5"})
    default void lossAndItsGradient(int batch, int tokens, int keep, boolean predictAll, int values, int partials) {
        for (boolean normalise : new boolean[] {false, true}) {
            if (normalise && values < 2) {
                continue;
            }
            Batch b = new Batch(fixture(tokens + values), batch, tokens, keep, predictAll, values);
            OpFixture.Slot rowLoss = b.fixture.plain(b.rows);
            OpFixture.Slot sums = b.fixture.plain(partials);
            TokenShape shape = new TokenShape(batch, b.predicted.count(), tokens, 0, values);
            OpFixture.Slot loss = b.fixture.plain(1);
            OpFixture.Slot dPred = b.fixture.plain(b.pred.n());
            int count = b.predicted.count();
            double[] target =
                    normalise ? PatchContract.normalised(b.target.values(0), b.rows, values) : b.target.values(0);
            b.fixture.run(ops -> {
                if (normalise) {
                    ops.normaliseTargets(b.target.tensor(), b.rows, values);
                }
                ops.loss(rowLoss.tensor(), b.pred.tensor(), b.target.tensor(), b.predicted.ids(), b.mask.tensor(),
                        shape);
                ops.mean(loss.tensor(), sums.tensor(), rowLoss.tensor(), b.removed);
                ops.lossBackward(dPred.tensor(), b.pred.tensor(), b.target.tensor(), b.predicted.ids(), b.mask.tensor(),
                        shape, b.removed);
            }, rowLoss, sums, loss, dPred, b.target);
            double[] pred = b.pred.values(0);
            OpFixture.close("loss", new double[] {b.loss(pred, target)}, loss.values(0), values + b.rows);
            double[] expected = Reference.gradient(pred, v -> b.loss(v, target));
            // gradients are of the size 2 / (values·removed), so their tolerance is scaled down to it
            OpFixture.close("dPred", expected, dPred.values(0), values,
                    2.0 / values / b.removed * (normalise ? 16 : 4));
            for (int i = 0; i < dPred.n(); i++) {
                boolean kept = b.mask.values(0)[i / values / count * tokens + b.predicted.idOf()[i / values]] == 0;
                assertEquals(kept, dPred.values(0)[i] == 0, "a kept token has no gradient, a removed one has: " + i);
            }
        }
    }
}
