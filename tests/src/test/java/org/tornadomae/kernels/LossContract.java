package org.tornadomae.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every executor's loss must do.
interface LossContract extends OpsBench {
    /// A batch to predict: the removed tokens only, or all with the mask deciding.
    final class Batch {
        final Bed bed;
        final int rows;
        final int removed;
        final Shuffle predicted;
        final Bed.Slot pred;
        final Bed.Slot target;
        final Bed.Slot mask;
        private final int values;

        Batch(Bed bed, int batch, int tokens, int keep, boolean predictAll, int values) {
            this.bed = bed;
            this.values = values;
            this.predicted = Shuffle.of(bed, batch, predictAll ? tokens : tokens - keep, tokens);
            this.rows = batch * predicted.count();
            this.removed = batch * (tokens - keep);
            this.pred = bed.plain(rows * values);
            this.target = bed.plain(rows * values);
            this.mask = bed.plain(batch * tokens);
            double[] polarity = new double[batch * tokens];
            for (int i = 0; i < polarity.length; i++) { // 0 kept, 1 removed
                polarity[i] = predicted.slots()[i] < tokens - keep ? 1 : 0;
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
    @CsvSource({"1,2,1,false,1,1", "1,6,2,true,13,4", "2,6,1,false,13,256", "3,13,6,true,6,7", "2,13,1,true,12,256", "1,23,3,false,27,5"})
    default void lossAndItsGradient(int batch, int tokens, int keep, boolean predictAll, int values, int partials) {
        for (boolean normalise : new boolean[] {false, true}) {
            if (normalise && values < 2) {
                continue;
            }
            Batch b = new Batch(bed(tokens + values), batch, tokens, keep, predictAll, values);
            Bed.Slot rowLoss = b.bed.plain(b.rows);
            float[] sums = new float[partials];
            Bed.Slot loss = b.bed.plain(1);
            Bed.Slot dPred = b.bed.plain(b.pred.n());
            int count = b.predicted.count();
            double[] target = normalise ? PatchContract.normalised(b.target.values(0), b.rows, values) : b.target.values(0);
            b.bed.run(ops -> {
                if (normalise) {
                    ops.normaliseTargets(b.target.data(), b.rows, values);
                }
                ops.loss(rowLoss.data(), b.pred.data(), b.target.data(), b.predicted.ids(), b.mask.data(), batch, count, tokens, values);
                ops.mean(loss.data(), sums, rowLoss.data(), b.rows, b.removed);
                ops.lossBackward(dPred.data(), b.pred.data(), b.target.data(), b.predicted.ids(), b.mask.data(), batch, count, tokens, values, b.removed);
            }, rowLoss, loss, dPred, b.target);
            double[] pred = b.pred.values(0);
            Bed.close("loss", new double[] {b.loss(pred, target)}, loss.values(0), values + b.rows);
            double[] expected = Reference.gradient(pred, v -> b.loss(v, target));
            // gradients are of the size 2 / (values·removed), so their tolerance is scaled down to it
            Bed.close("dPred", expected, dPred.values(0), values, 2.0 / values / b.removed * (normalise ? 16 : 4));
            for (int i = 0; i < dPred.n(); i++) {
                boolean kept = b.mask.data()[i / values / count * tokens + b.predicted.ids()[i / values]] == 0;
                assertEquals(kept, dPred.data()[i] == 0f, "a kept token has no gradient, a removed one has: " + i);
            }
        }
    }
}
