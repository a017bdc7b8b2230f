package org.tornadomae.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every executor's GELU, residual connection and zeroing must do.
interface ElementwiseContract extends OpsBench {
    /// Everything from where Φ is 0 to where it is 1, with both zeros and the seams of the approximation of erf
    /// (|x|/√2 = 1 and 4.2); a quarter of the values random.
    private static double[] inputs(OpFixture.Slot slot, int layer) {
        double[] values = slot.values(layer);
        double[] special =
                {0, -0.0, 1e-30, -1e-30, Math.sqrt(2), -Math.sqrt(2), 4.2 * Math.sqrt(2), -4.2 * Math.sqrt(2), 30, -30};
        for (int i = 0; i < values.length; i++) {
            if (i % 4 != 0) {
                values[i] = -12 + 24.0 * i / values.length;
            }
            if (i % 16 == 15) {
                values[i] = special[i / 16 % special.length];
            }
        }
        return values;
    }

    /// erf is good to 1.2e-7 = 2u absolutely, so x·Φ(x) to 2u·|x|/2, plus its own roundings: 4u·max(1, |x|) with
    /// u = 2⁻²⁴. A device's exp adds little, as it is multiplied by at most one half.
    private static void closeToGelu(String what, double[] x, double[] expected, double[] actual, double factor) {
        for (int i = 0; i < x.length; i++) {
            assertEquals(expected[i], actual[i], 4 * 0x1p-24 * Math.max(1, Math.abs(x[i])) * factor,
                    what + " at x = " + x[i]);
        }
    }

    /// layers, n
    @ParameterizedTest
    @CsvSource({"1,1", "2,6", "3,13", "2,207", "1,2691"})
    default void gelu(int layers, int n) {
        for (boolean reversed : new boolean[] {false, true}) {
            OpFixture fixture = fixture(n);
            OpFixture.Slot in = fixture.stacked(layers, n);
            for (int l = 0; l < layers; l++) {
                in.set(l, inputs(in, l));
            }
            OpFixture.Slot out = fixture.plain(n);
            int last = fixture.runLayers(layers, reversed, ops -> ops.gelu(out.tensor(), in.tensor()), out);
            double[] x = in.values(last);
            closeToGelu("gelu", x, Arrays.stream(x).map(Reference::gelu).toArray(), out.values(0), 1);
        }
    }

    /// Against central differences of the double reference. The derivative Φ(x) + x·φ(x) has two parts of float
    /// accuracy where gelu has one: twice its tolerance; layers multiply (by at most 1.13), so their errors add.
    @ParameterizedTest
    @CsvSource({"1,1", "2,6", "3,13", "2,207", "1,2691"})
    default void geluAgreesWithFiniteDifferences(int layers, int n) {
        OpFixture fixture = fixture(n);
        OpFixture.Slot in = fixture.stacked(layers, n);
        for (int l = 0; l < layers; l++) {
            in.set(l, inputs(in, l));
        }
        OpFixture.Slot d = fixture.plain(n);
        fixture.runLayers(layers, true, ops -> ops.geluBackward(d.tensor(), in.tensor()), d);
        double[] expected = d.before(0);
        for (int l = 0; l < layers; l++) {
            double[] x = in.values(l);
            for (int i = 0; i < n; i++) {
                double h = 1e-5;
                expected[i] *= (Reference.gelu(x[i] + h) - Reference.gelu(x[i] - h)) / (2 * h);
            }
        }
        closeToGelu("geluBackward", in.values(0), expected, d.values(0), 2 * layers);
    }

    /// Each layer reads what the one before wrote: stream`[l + 1]` = (stream`[l]` + branch) + branch. A float addition
    /// is rounded the same way everywhere, so this is exact.
    @ParameterizedTest
    @CsvSource({"1,1", "3,6", "2,13", "4,207"})
    default void residual(int layers, int n) {
        OpFixture fixture = fixture(n);
        OpFixture.Slot stream = fixture.stacked(layers + 1, n);
        Tensor next = stream.tensor().next();
        OpFixture.Slot middle = fixture.stacked(layers, n);
        OpFixture.Slot branch = fixture.plain(n);
        fixture.runLayers(layers, false, ops -> {
            ops.residual(middle.tensor(), stream.tensor(), branch.tensor());
            ops.residual(next, middle.tensor(), branch.tensor());
        }, middle, new OpFixture.Slot(fixture, next, layers, n));
        double[] b = branch.values(0);
        for (int l = 0; l < layers; l++) {
            for (int i = 0; i < n; i++) {
                float sum = (float) stream.values(l)[i] + (float) b[i];
                assertEquals(sum, (float) middle.values(l)[i], "middle " + i + " of layer " + l);
                assertEquals(sum + (float) b[i], (float) stream.values(l + 1)[i],
                        "stream " + i + " of layer " + (l + 1));
            }
        }
    }

    /// The tensor and no more.
    @ParameterizedTest
    @ValueSource(ints = {1, 6, 13, 207})
    default void zero(int n) {
        OpFixture fixture = fixture(n);
        OpFixture.Slot whole = fixture.plain(n + 5);
        OpFixture.Slot part = whole.part(3, n);
        OpFixture.Slot other = fixture.plain(n);
        fixture.run(ops -> List.of(part, other).forEach(s -> ops.zero(s.tensor())), part, other);
        OpFixture.within("part", new double[n], part.values(0), 0);
        OpFixture.within("other", new double[n], other.values(0), 0);
    }
}
