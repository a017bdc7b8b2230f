package org.tornadomae.kernels;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every executor's matrix products must do.
interface MatmulContract extends OpsBench {
    /// layers, rows, inC, outC
    @ParameterizedTest
    @CsvSource({"1,1,1,1", "1,1,6,13", "1,6,1,13", "1,13,6,1", "3,13,13,6", "1,1,207,1", "2,6,207,13", "2,13,6,207",
            "1,207,13,6", "1,207,207,207",
            // the last two: more than one block of a cache-sized cut in each direction
            "1,1601,401,33", "1,401,33,3105"})
    default void matmulForward(int layers, int rows, int inC, int outC) {
        for (boolean withBias : new boolean[] {true, false}) {
            OpFixture fixture = fixture(rows + inC + outC);
            List<OpFixture.Slot> params = fixture.flat(layers, outC * inC, outC);
            OpFixture.Slot in = fixture.gapless(layers, rows * inC);
            OpFixture.Slot out = fixture.gapless(layers, rows * outC);
            Tensor bias = withBias ? params.get(1).tensor() : null;
            fixture.runLayers(layers, false,
                    ops -> ops.matmul(out.tensor(), in.tensor(), params.get(0).tensor(), bias, rows, inC, outC), out);
            for (int l = 0; l < layers; l++) {
                double[] expected = Reference.linear(in.values(l), params.get(0).values(l),
                        withBias ? params.get(1).values(l) : null, rows, inC, outC);
                OpFixture.close("out", expected, out.values(l), inC);
            }
        }
    }

    /// A layer reads what is not stacked and writes what is, and the other way round (qkv and proj of a block).
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void matmulBetweenStackedAndPlain(boolean reversed) {
        OpFixture fixture = fixture(5);
        int rows = 6;
        int inC = 13;
        int outC = 7;
        List<OpFixture.Slot> params = fixture.flat(3, outC * inC, outC, inC * outC);
        OpFixture.Slot in = fixture.plain(rows * inC);
        OpFixture.Slot middle = fixture.gapless(3, rows * outC);
        OpFixture.Slot out = fixture.plain(rows * inC);
        int last = fixture.runLayers(3, reversed, ops -> {
            ops.matmul(middle.tensor(), in.tensor(), params.get(0).tensor(), params.get(1).tensor(), rows, inC, outC);
            ops.matmul(out.tensor(), middle.tensor(), params.get(2).tensor(), null, rows, outC, inC);
        }, middle, out);
        for (int l = 0; l < 3; l++) {
            OpFixture.close("middle",
                    Reference.linear(in.values(0), params.get(0).values(l), params.get(1).values(l), rows, inC, outC),
                    middle.values(l), inC);
        }
        OpFixture.close("out of the last layer",
                Reference.linear(middle.values(last), params.get(2).values(last), null, rows, outC, inC), out.values(0),
                outC);
    }

    /// As in a model, where weights are in the decayed region and biases are not: one array, two steps.
    @Test
    default void biasHasAStepOfItsOwn() {
        OpFixture fixture = fixture(9);
        List<OpFixture.Slot> params = fixture.withSteps(3, 7 * 13, 7);
        OpFixture.Slot in = fixture.gapless(3, 5 * 13);
        OpFixture.Slot out = fixture.gapless(3, 5 * 7);
        fixture.runLayers(3, false,
                ops -> ops.matmul(out.tensor(), in.tensor(), params.get(0).tensor(), params.get(1).tensor(), 5, 13, 7),
                out);
        for (int l = 0; l < 3; l++) {
            OpFixture.close("out",
                    Reference.linear(in.values(l), params.get(0).values(l), params.get(1).values(l), 5, 13, 7),
                    out.values(l), 13);
        }
    }

    /// layers, rows, inC, outC
    @ParameterizedTest
    @CsvSource({"1,1,1,1", "1,1,6,13", "1,6,1,13", "1,13,6,1", "3,13,13,6", "2,6,207,13", "2,13,6,207", "2,207,6,13",
            "1,207,207,207",
            "1,1601,401,33", "1,401,33,3105"})
    default void matmulBackward(int layers, int rows, int inC, int outC) {
        for (boolean reversed : new boolean[] {false, true}) {
            OpFixture fixture = fixture(rows + inC + outC + 1);
            OpFixture.Slot weight = fixture.flat(layers, outC * inC, outC).getFirst();
            List<OpFixture.Slot> grads = fixture.flat(layers, outC * inC, outC);
            OpFixture.Slot in = fixture.stacked(layers, rows * inC);
            OpFixture.Slot dOut = fixture.plain(rows * outC);
            OpFixture.Slot dIn = fixture.plain(rows * inC);
            int last = fixture.runLayers(layers, reversed, ops -> {
                ops.matmulBackwardInput(dIn.tensor(), dOut.tensor(), weight.tensor(), rows, inC, outC);
                ops.matmulBackwardWeight(grads.get(0).tensor(), dOut.tensor(), in.tensor(), rows, inC, outC);
                ops.matmulBackwardBias(grads.get(1).tensor(), dOut.tensor(), rows, outC, 0, outC);
            }, dIn, grads.get(0), grads.get(1));
            OpFixture.close("dIn", Reference.product(dOut.values(0), weight.values(last), rows, outC, inC),
                    dIn.values(0), outC);
            for (int l = 0; l < layers; l++) {
                double[] dWeight = Reference.product(Reference.transposed(dOut.values(0), rows, outC), in.values(l),
                        outC, rows, inC);
                OpFixture.close("dWeight", OpFixture.plus(grads.get(0).before(l), dWeight), grads.get(0).values(l),
                        rows);
                double[] dBias = Reference.columnSums(dOut.values(0), rows, outC);
                OpFixture.close("dBias", OpFixture.plus(grads.get(1).before(l), dBias), grads.get(1).values(l), rows);
            }
        }
    }

    /// The gradient of some outputs' biases leaves the others alone: layers, rows, outC, first, count.
    @ParameterizedTest
    @CsvSource({"1,6,13,0,5", "3,13,13,5,8", "2,1,207,69,69", "1,207,6,5,1", "2,207,207,138,69"})
    default void matmulBackwardBiasOfSomeOutputs(int layers, int rows, int outC, int first, int count) {
        OpFixture fixture = fixture(rows + outC);
        OpFixture.Slot dBias = fixture.flat(layers, outC).getFirst();
        OpFixture.Slot dOut = fixture.plain(rows * outC);
        OpFixture.Slot part = dBias.part(first, count);
        fixture.runLayers(layers, true,
                ops -> ops.matmulBackwardBias(dBias.tensor(), dOut.tensor(), rows, outC, first, count), part);
        double[] sums =
                java.util.Arrays.copyOfRange(Reference.columnSums(dOut.values(0), rows, outC), first, first + count);
        for (int l = 0; l < layers; l++) {
            OpFixture.close("dBias", OpFixture.plus(part.before(l), sums), part.values(l), rows);
        }
    }

    /// Input, weight and bias gradients against central differences of Σ dOut·linear(in, weight, bias).
    @Test
    default void matmulAgreesWithFiniteDifferences() {
        OpFixture fixture = fixture(17);
        int rows = 5;
        int inC = 6;
        int outC = 7;
        List<OpFixture.Slot> params = fixture.flat(1, outC * inC, outC);
        List<OpFixture.Slot> grads = fixture.flat(1, outC * inC, outC);
        OpFixture.Slot in = fixture.plain(rows * inC);
        OpFixture.Slot dOut = fixture.plain(rows * outC);
        OpFixture.Slot dIn = fixture.plain(rows * inC);
        fixture.run(ops -> {
            ops.matmulBackwardInput(dIn.tensor(), dOut.tensor(), params.get(0).tensor(), rows, inC, outC);
            ops.matmulBackwardWeight(grads.get(0).tensor(), dOut.tensor(), in.tensor(), rows, inC, outC);
            ops.matmulBackwardBias(grads.get(1).tensor(), dOut.tensor(), rows, outC, 0, outC);
        }, dIn, grads.get(0), grads.get(1));
        double[] x = in.values(0);
        double[] w = params.get(0).values(0);
        double[] b = params.get(1).values(0);
        double[] d = dOut.values(0);
        OpFixture.close("dIn", Reference.gradient(x, v -> Reference.dot(d, Reference.linear(v, w, b, rows, inC, outC))),
                dIn.values(0), outC);
        double[] dWeight = Reference.gradient(w, v -> Reference.dot(d, Reference.linear(x, v, b, rows, inC, outC)));
        OpFixture.close("dWeight", OpFixture.plus(grads.get(0).before(0), dWeight), grads.get(0).values(0), rows);
        double[] dBias = Reference.gradient(b, v -> Reference.dot(d, Reference.linear(x, w, v, rows, inC, outC)));
        OpFixture.close("dBias", OpFixture.plus(grads.get(1).before(0), dBias), grads.get(1).values(0), rows);
    }
}
