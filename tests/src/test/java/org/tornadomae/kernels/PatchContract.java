package org.tornadomae.kernels;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every executor must do between pixels and patches. The reference walks over the pixels and asks where each
/// belongs, the kernels walk over the patches and ask for their pixels.
interface PatchContract extends OpsBench {
    /// batch, count, t, h, w of the grid, u, p
    @ParameterizedTest
    @CsvSource({"1,1,1,1,1,1,1", "2,1,1,1,6,1,2", "2,6,3,1,2,2,3", "3,5,2,3,1,3,1", "1,13,1,13,1,2,2",
            "2,20,9,1,23,1,2", "1,9,2,3,4,2,5"})
    default void gatherPatches(int batch, int count, int t, int h, int w, int u, int p) {
        OpFixture fixture = fixture(count + p);
        int frames = t * u;
        int height = h * p;
        int width = w * p;
        Shuffle shuffle = Shuffle.of(fixture, batch, count, t * h * w);
        OpFixture.Slot clip = fixture.plain(batch * 3 * frames * height * width);
        OpFixture.Slot patches = fixture.plain(batch * count * 3 * u * p * p);
        fixture.run(ops -> ops.gatherPatches(patches.tensor(), clip.tensor(), shuffle.ids(), batch, count,
                new PatchGrid(frames, height, width, u, p)), patches);
        double[] expected = new double[patches.n()];
        double[] pixels = clip.values(0);
        for (int i = 0; i < pixels.length; i++) {
            int x = i % width;
            int y = i / width % height;
            int f = i / (width * height) % frames;
            int channel = i / (width * height * frames) % 3;
            int b = i / (width * height * frames * 3);
            int token = (f / u * h + y / p) * w + x / p;
            if (shuffle.has(b, token)) { // a patch is laid out (channel, frame, row, column)
                int row = b * count + shuffle.slot(b, token);
                expected[(((row * 3 + channel) * u + f % u) * p + y % p) * p + x % p] = pixels[i];
            }
        }
        OpFixture.within("patches", expected, patches.values(0), 0);
    }

    /// batch, count, t, h, w of the grid, u, p, u' predicted frames per patch, taken from frames `first + k·stride`
    @ParameterizedTest
    @CsvSource({"1,1,1,1,1,1,1,1,0,1", "2,1,1,1,6,2,2,1,1,1", "2,6,3,1,2,2,3,2,0,1", "3,5,2,3,1,4,1,2,1,2",
            "1,13,1,13,1,2,2,1,0,1", "2,20,9,1,23,1,2,1,0,1"})
    default void gatherTargets(int batch, int count, int t, int h, int w, int u, int p, int predicted, int first,
            int stride) {
        OpFixture fixture = fixture(count + p);
        int frames = t * u;
        int height = h * p;
        int width = w * p;
        Shuffle shuffle = Shuffle.of(fixture, batch, count, t * h * w);
        int[] targetFrames = new int[t * predicted];
        Arrays.setAll(targetFrames, k -> first + k * stride);
        Tensor frameNumbers = fixture.ints(targetFrames);
        OpFixture.Slot clip = fixture.plain(batch * 3 * frames * height * width);
        OpFixture.Slot target = fixture.plain(batch * count * predicted * p * p * 3);
        fixture.run(ops -> ops.gatherTargets(target.tensor(), clip.tensor(), shuffle.ids(), frameNumbers, batch, count,
                new PatchGrid(frames, height, width, u, p), predicted), target);
        double[] expected = new double[target.n()];
        double[] pixels = clip.values(0);
        for (int k = 0; k < targetFrames.length; k++) {
            for (int i = 0; i < batch * 3 * height * width; i++) {
                int x = i % width;
                int y = i / width % height;
                int channel = i / (width * height) % 3;
                int b = i / (width * height * 3);
                int token = (k / predicted * h + y / p) * w + x / p;
                if (shuffle.has(b, token)) { // a target is laid out (frame, row, column, channel)
                    int row = b * count + shuffle.slot(b, token);
                    int at = (((row * predicted + k % predicted) * p + y % p) * p + x % p) * 3 + channel;
                    expected[at] =
                            pixels[((b * 3 + channel) * frames + targetFrames[k]) * height * width + y * width + x];
                }
            }
        }
        OpFixture.within("target", expected, target.values(0), 0);
    }

    /// By the unbiased variance, unlike layer norm; a constant patch becomes exactly zero.
    ///
    /// rows, values
    @ParameterizedTest
    @CsvSource({"1,3", "6,13", "13,6", "1,207", "207,12"})
    default void normaliseTargets(int rows, int values) {
        OpFixture fixture = fixture(rows + values);
        OpFixture.Slot target = fixture.plain(rows * values);
        double[] x = target.values(0);
        Arrays.fill(x, 0, values, 0.25);
        target.set(0, x);
        fixture.run(ops -> ops.normaliseTargets(target.tensor(), rows, values), target);
        double[] expected = normalised(x, rows, values);
        double[] deviations = new double[rows];
        Arrays.fill(deviations, 1);
        for (int r = 1; r < rows; r++) {
            deviations[r] = (x[r * values] - x[r * values + 1]) / (expected[r * values] - expected[r * values + 1]);
        }
        // the mean's rounding over the row's deviation
        double gain = Math.pow(Arrays.stream(deviations).min().orElse(1), -2);
        OpFixture.within("constant patch", new double[values], target.part(0, values).values(0), 0);
        OpFixture.close("target", expected, target.values(0), values, Math.max(1, gain));
    }

    /// (x − mean) / sqrt(var + 1e-6) with the variance over values − 1.
    static double[] normalised(double[] target, int rows, int values) {
        double[] out = new double[target.length];
        for (int r = 0; r < rows; r++) {
            double[] row = Arrays.copyOfRange(target, r * values, (r + 1) * values);
            double mean = Arrays.stream(row).average().orElseThrow();
            double variance = Arrays.stream(row).map(v -> (v - mean) * (v - mean)).sum() / (values - 1);
            for (int i = 0; i < values; i++) {
                out[r * values + i] = (row[i] - mean) / Math.sqrt(variance + 1e-6);
            }
        }
        return out;
    }
}
