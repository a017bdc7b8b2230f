package org.tornadomae.kernels;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every executor's attention must do.
interface AttentionContract extends OpsBench {
    /// layers, batch, tokens, heads, head size
    @ParameterizedTest
    @CsvSource({"1,1,1,1,1", "2,2,6,3,1", "1,1,13,1,6", "3,2,13,2,13", "1,3,1,2,64", "2,1,207,2,5", "1,1,6,1,207",
            "1,1,33,3,64", "1,1,805,1,3"})
    default void attentionForward(int layers, int batch, int tokens, int heads, int headSize) {
        Reference.Heads a = new Reference.Heads(batch, tokens, heads, headSize);
        int n = batch * tokens * a.width();
        OpFixture fixture = fixture(tokens + headSize);
        OpFixture.Slot qkv = fixture.stacked(layers, 3 * n).scale(3);
        OpFixture.Slot out = fixture.stacked(layers, n);
        OpFixture.Slot logSumExp = fixture.stacked(layers, batch * heads * tokens);
        fixture.runLayers(layers, false, ops -> ops.attention(out.tensor(), logSumExp.tensor(), qkv.tensor(), shape(a)),
                out, logSumExp);
        for (int l = 0; l < layers; l++) {
            double[] logSums = new double[batch * heads * tokens];
            OpFixture.close("out", Reference.attention(qkv.values(l), logSums, a), out.values(l),
                    Math.max(tokens, headSize), GAIN);
            OpFixture.close("logSumExp", logSums, logSumExp.values(l), Math.max(tokens, headSize), GAIN);
        }
    }

    /// q, k and v are uniform in ±3, so a score q·k/√HS has a deviation of 3 and hardly passes 12, whose rounding
    /// (12·u) is a relative error of the probability behind exp. Backwards the values ±3 multiply once more.
    double GAIN = 12;

    /// Scores of a few hundred: exp of them overflows, exp of the difference from the maximum does not. Here every
    /// probability is 0 or 1 but for ties, and tokens attend to the largest key.
    @Test
    default void attentionOfLargeScores() {
        Reference.Heads a = new Reference.Heads(1, 13, 2, 4);
        OpFixture fixture = fixture(1);
        OpFixture.Slot qkv = fixture.plain(3 * 13 * 8).scale(40);
        OpFixture.Slot out = fixture.plain(13 * 8);
        OpFixture.Slot logSumExp = fixture.plain(2 * 13);
        fixture.run(ops -> ops.attention(out.tensor(), logSumExp.tensor(), qkv.tensor(), shape(a)), out, logSumExp);
        double[] logSums = new double[26];
        double[] expected = Reference.attention(qkv.values(0), logSums, a);
        double score = 40 * 40 * 4 / 2; // at most this large, and its rounding is what exp turns into a relative error
        OpFixture.close("out", expected, out.values(0), 13, score);
        OpFixture.close("logSumExp", logSums, logSumExp.values(0), 13, 1);
    }

    /// layers, batch, tokens, heads, head size
    @ParameterizedTest
    @CsvSource({"1,1,1,1,1", "2,2,6,3,1", "1,1,13,1,6", "3,2,13,2,13", "1,3,1,2,64", "2,1,207,2,5", "1,1,6,1,207",
            "1,1,33,3,64", "1,1,805,1,3"})
    default void attentionBackward(int layers, int batch, int tokens, int heads, int headSize) {
        for (boolean reversed : new boolean[] {false, true}) {
            backward(layers, new Reference.Heads(batch, tokens, heads, headSize), reversed, false);
        }
    }

    /// The gradients of q, k and v against central differences of Σ dOut·attention(qkv).
    @ParameterizedTest
    @CsvSource({"1,1,1,1", "2,5,2,3", "1,7,1,4"})
    default void attentionAgreesWithFiniteDifferences(int batch, int tokens, int heads, int headSize) {
        backward(1, new Reference.Heads(batch, tokens, heads, headSize), false, true);
    }

    private static AttentionShape shape(Reference.Heads a) {
        return new AttentionShape(a.batch(), a.n(), a.heads(), a.size());
    }

    private void backward(int layers, Reference.Heads a, boolean reversed, boolean differences) {
        int n = a.batch() * a.n() * a.width();
        OpFixture fixture = fixture(a.n() + a.size());
        OpFixture.Slot qkv = fixture.stacked(layers, 3 * n).scale(3);
        OpFixture.Slot out = fixture.stacked(layers, n);
        OpFixture.Slot logSumExp = fixture.stacked(layers, a.batch() * a.heads() * a.n());
        for (int l = 0; l < layers; l++) {
            double[] logSums = new double[logSumExp.n()];
            out.set(l, Reference.attention(qkv.values(l), logSums, a));
            logSumExp.set(l, logSums);
        }
        OpFixture.Slot dOut = fixture.plain(n);
        OpFixture.Slot dots = fixture.plain(2 * logSumExp.n());
        OpFixture.Slot dQkv = fixture.plain(3 * n);
        int last = fixture.runLayers(layers, reversed,
                ops -> ops.attentionBackward(dQkv.tensor(), dots.tensor(), dOut.tensor(),
                        out.tensor(), logSumExp.tensor(), qkv.tensor(), shape(a)),
                dQkv, dots);
        double[] d = dOut.values(0);
        double[] expected = differences
                ? Reference.gradient(qkv.values(last), v -> Reference.dot(d, Reference.attention(v, null, a)))
                : Reference.attentionGradient(d, qkv.values(last), a);
        OpFixture.close("dQkv", expected, dQkv.values(0), Math.max(a.n(), a.size()), 3 * GAIN);
    }
}
