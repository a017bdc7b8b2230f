package org.tornadomae.video.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClipTransformTest {

    private static final float GUARD = -77;

    /// Source sizes, crop and output sizes that break tails; up- and downscaling.
    @ParameterizedTest
    @CsvSource({"13,17,0,0,13,17,1,1", "13,17,2,3,9,11,9,11", "13,17,2,3,9,11,20,33", "40,30,5,1,31,29,7,6",
            "6,1,0,0,6,1,13,5", "1,1,0,0,1,1,4,4", "64,48,10,7,54,41,16,16"})
    void agreesWithTheTextbookResize(int h, int w, int top, int left, int ch, int cw, int outH, int outW) {
        byte[] source = new byte[h * w * 3];
        new SplittableRandom(11).nextBytes(source);
        ClipShape shape = new ClipShape(3, outH, outW);
        Crop crop = new Crop(top, left, ch, cw);
        for (boolean flip : new boolean[] {false, true}) {
            float[] out = new float[shape.values() + 10];
            Arrays.fill(out, GUARD);
            new ClipTransform(shape, crop, flip, w).apply(source, 1, out, 5);
            for (int i = 0; i < out.length; i++) {
                int t = (i - 5) / (outH * outW) % 3;
                boolean ours = i >= 5 && i < 5 + shape.values() && t == 1;
                if (!ours) {
                    assertEquals(GUARD, out[i], "wrote outside of its frame, at " + i);
                    continue;
                }
                int c = (i - 5) / (3 * outH * outW);
                int y = (i - 5) / outW % outH;
                int x = (i - 5) % outW;
                double expected = reference(source, w, crop, outH, outW, y, flip ? outW - 1 - x : x, c);
                assertEquals(expected, out[i], 2e-6, "channel " + c + " row " + y + " column " + x);
            }
        }
    }

    /// Written from the definition, over the cropped picture, in double arithmetic and with tent weights.
    private static double reference(byte[] rgb, int w, Crop crop, int outH, int outW, int y, int x, int c) {
        double sy = Math.max(0, (y + 0.5) * crop.height() / outH - 0.5);
        double sx = Math.max(0, (x + 0.5) * crop.width() / outW - 0.5);
        sy = Math.min(sy, crop.height() - 1);
        sx = Math.min(sx, crop.width() - 1);
        double sum = 0;
        for (int row = 0; row < crop.height(); row++) {
            for (int column = 0; column < crop.width(); column++) {
                double weight = Math.max(0, 1 - Math.abs(sy - row)) * Math.max(0, 1 - Math.abs(sx - column));
                sum += weight * (rgb[((crop.top() + row) * w + crop.left() + column) * 3 + c] & 0xff);
            }
        }
        return (sum / 255 - 0.45) / 0.225;
    }

    @Test
    void theSamePicturePassesUnchanged() {
        byte[] source = new byte[7 * 5 * 3];
        new SplittableRandom(2).nextBytes(source);
        ClipShape shape = new ClipShape(1, 7, 5);
        float[] out = new float[shape.values()];
        new ClipTransform(shape, new Crop(0, 0, 7, 5), false, 5).apply(source, 0, out, 0);
        byte[] back = new byte[source.length];
        for (int i = 0; i < out.length; i++) {
            back[i % 35 * 3 + i / 35] = (byte) Math.round(255 * Normalisation.PAPER.undo(out[i], i / 35));
        }
        assertArrayEquals(source, back);
    }

    @Test
    void blackAndWhiteHaveTheValuesOfTheSpecification() {
        ClipShape shape = new ClipShape(1, 1, 2);
        float[] out = new float[6];
        byte[] blackWhite = {0, 0, 0, -1, -1, -1};
        new ClipTransform(shape, new Crop(0, 0, 1, 2), false, 2).apply(blackWhite, 0, out, 0);
        float black = -0.45f / 0.225f;
        float white = 0.55f / 0.225f;
        assertArrayEquals(new float[] {black, white, black, white, black, white}, out, 1e-6f);
    }

    @Test
    void randomCropsHaveTheDistributionOfTheSpecification() {
        SplittableRandom random = new SplittableRandom(8);
        int h = 300;
        int w = 400;
        double meanScale = 0;
        double meanLogAspect = 0;
        int samples = 20_000;
        for (int i = 0; i < samples; i++) {
            Crop crop = Crop.random(h, w, Crop.MIN_SCALE, random);
            assertTrue(crop.top() >= 0 && crop.left() >= 0 && crop.top() + crop.height() <= h
                    && crop.left() + crop.width() <= w, crop::toString);
            double scale = (double) crop.height() * crop.width() / (h * w);
            double aspect = (double) crop.width() / crop.height();
            assertTrue(scale > 0.495 && scale <= 1, crop::toString);
            assertTrue(aspect > 0.74 && aspect < 1.35, crop::toString);
            meanScale += scale / samples;
            meanLogAspect += Math.log(aspect) / samples;
        }
        // Acceptance favours small and wide crops; the values are those of the same rule in double arithmetic.
        double[] expected = acceptedMeans(h, w);
        assertEquals(expected[0], meanScale, 0.005);
        assertEquals(expected[1], meanLogAspect, 0.005);
    }

    /// Means of scale and log aspect over all draws that fit, on a grid.
    private static double[] acceptedMeans(int h, int w) {
        double[] sums = new double[3];
        int n = 800;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double scale = 0.5 + 0.5 * (i + 0.5) / n;
                double log = Math.log(4.0 / 3) * (2 * (j + 0.5) / n - 1);
                double area = scale * h * w;
                if (Math.sqrt(area * Math.exp(log)) < w + 0.5 && Math.sqrt(area / Math.exp(log)) < h + 0.5) {
                    sums[0] += scale;
                    sums[1] += log;
                    sums[2]++;
                }
            }
        }
        return new double[] {sums[0] / sums[2], sums[1] / sums[2]};
    }

    @Test
    void whatNeverFitsIsCroppedInTheCentre() {
        SplittableRandom random = new SplittableRandom(1);
        assertEquals(new Crop(0, 567, 100, 133), Crop.random(100, 1267, Crop.MIN_SCALE, random));
        assertEquals(new Crop(567, 0, 133, 100), Crop.random(1267, 100, Crop.MIN_SCALE, random));
    }

    @Test
    void evaluationTakesTheLargestCentredRectangle() {
        assertEquals(new Crop(0, 80, 480, 480), Crop.centre(480, 640, 1));
        assertEquals(new Crop(80, 0, 480, 480), Crop.centre(640, 480, 1));
        assertEquals(new Crop(60, 0, 360, 720), Crop.centre(480, 720, 2));
        assertEquals(new Crop(0, 0, 1, 1), Crop.centre(1, 1, 1));
    }
}
