package org.tornadomae.mae.picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.kernels.loop.PatchKernels;
import org.tornadomae.mae.mask.MaskKind;
import org.tornadomae.mae.mask.Masking;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.model.Positions;
import org.tornadomae.mae.model.Stack;
import org.tornadomae.mae.model.Targets;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.Normalisation;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Pictures and their numbers: what a perfect prediction must give, what the baselines must find, what must be said.
class ReconstructionTest {
    private static final int SIDE = 8;
    private static final int FRAMES = 6;
    private static final int PLACES = 4;

    /// 8×8 pixels, 6 frames, 4 places × 3 time steps; frames 0, 2 and 5 are predicted.
    private static MaeConfig config(boolean normPix) {
        return new MaeConfig(new ClipGeometry(FRAMES, SIDE, 2, 4), new Stack(8, 1, 2, 4, Positions.SEPARABLE, true),
                new Stack(8, 1, 2, 4, Positions.SEPARABLE, true), true, false, new Targets(normPix, 3, true));
    }

    private static MaeConfig image() {
        return new MaeConfig(new ClipGeometry(1, SIDE, 1, 4), new Stack(8, 1, 2, 4, Positions.SEPARABLE, true),
                new Stack(8, 1, 2, 4, Positions.SEPARABLE, true), true, false, new Targets(false, 1, true));
    }

    private static float[] noise(int values) {
        float[] clip = new float[values];
        Rng rng = Rng.of(7);
        for (int i = 0; i < clip.length; i++) {
            clip[i] = (rng.nextFloat() - 0.45f) / 0.225f;
        }
        return clip;
    }

    private static float[] clip() {
        return noise(3 * FRAMES * SIDE * SIDE);
    }

    /// The same frame at all times.
    private static float[] still() {
        float[] clip = clip();
        int plane = SIDE * SIDE;
        for (int i = 0; i < clip.length; i++) {
            clip[i] = clip[i / (FRAMES * plane) * FRAMES * plane + i % plane];
        }
        return clip;
    }

    private static float[] mask(int tokens, int... visible) {
        float[] mask = new float[tokens];
        Arrays.fill(mask, 1);
        for (int token : visible) {
            mask[token] = 0;
        }
        return mask;
    }

    /// What a perfect model predicts: the loss's own targets, from its own kernels.
    private static float[] targets(MaeConfig config, float[] clip) {
        PatchGrid grid = config.grid();
        int[] ids = new int[grid.tokens()];
        Arrays.setAll(ids, i -> i);
        float[] target = new float[grid.tokens() * config.predValues()];
        PatchKernels.gatherTargets(target, 0, clip, 0, ids, 0, config.targetFrames(), 0, 1, grid.tokens(),
                grid.frames(), grid.height(), grid.width(), config.predFramesPerPatch(), grid.patchSize());
        if (config.targets().normPix()) {
            PatchKernels.normaliseTargets(target, 0, grid.tokens(), config.predValues());
        }
        return target;
    }

    private static float pixel(float[] clip, int frame, int y, int x, int channel) {
        return clip[((channel * FRAMES + frame) * SIDE + y) * SIDE + x] * 0.225f + 0.45f;
    }

    @Test
    void originalShowsThePredictedFramesOfTheClip() {
        float[] clip = clip();
        Reconstruction result = Reconstruction.of(config(false), clip, mask(12, 0), new float[12 * 48], false);
        int i = 0;
        for (int frame : new int[] {0, 2, 5}) {
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    for (int channel = 0; channel < 3; channel++) {
                        assertEquals(pixel(clip, frame, y, x, channel), result.original()[i++]);
                    }
                }
            }
        }
        assertEquals(i, result.original().length);
    }

    @Test
    void aPerfectPredictionOfPixelsIsExact() {
        MaeConfig config = config(false);
        Reconstruction result = Reconstruction.of(config, clip(), mask(12, 1, 6), targets(config, clip()), false);
        assertArrayEquals(result.original(), result.produced());
        assertEquals(Double.POSITIVE_INFINITY, result.psnr().model());
        assertTrue(result.psnr().summary().contains("exact"));
    }

    @Test
    void aPerfectNormalisedPredictionIsExactWithTheTruthsStatistics() {
        MaeConfig config = config(true);
        Reconstruction result = Reconstruction.of(config, clip(), mask(12, 1, 6), targets(config, clip()), true);
        assertArrayEquals(result.original(), result.produced(), 1e-6f); // a few float roundings of values below 1
        assertTrue(result.psnr().model() > 120);
    }

    @Test
    void withoutTheTruthsStatisticsNothingOfARemovedPatchLeaks() {
        MaeConfig config = config(true);
        float[] clip = clip();
        float[] mask = mask(12, 1, 6);
        float[] pred = targets(config, clip);
        float[] other = clip.clone();
        for (int frame = 0; frame < 2; frame++) { // token 0: time step 0, upper left
            for (int x = 0; x < 4; x++) {
                other[frame * SIDE * SIDE + x] = 3;
            }
        }
        Reconstruction a = Reconstruction.of(config, clip, mask, pred, false);
        Reconstruction b = Reconstruction.of(config, other, mask, pred, false);
        assertFalse(Arrays.equals(a.original(), b.original()));
        assertArrayEquals(a.produced(), b.produced());
    }

    @Test
    void estimatedStatisticsAreThoseOfTheNeighboursThatAreNearest() {
        PatchGrid grid = config(true).grid();
        PatchStats truth = new PatchStats(new float[12], new float[12]);
        Arrays.fill(truth.mean(), Float.NaN); // removed ones must not be looked at
        Arrays.fill(truth.std(), Float.NaN);
        float[] mask = mask(12, 0, 11);
        truth.mean()[0] = 1;
        truth.std()[0] = 2;
        truth.mean()[11] = 3;
        truth.std()[11] = 6;
        PatchStats estimate = truth.estimatedFromVisible(grid, mask);
        assertEquals(1, estimate.mean()[0]);
        assertEquals(6, estimate.std()[11]);
        // Token 1 is 1 patch from token 0; from token 11 it is 2 times, each 1/4, and 1 row: squared distances 1 and
        // 5/4.
        assertEquals((1 + 3 * 16 / 25.0) / (1 + 16 / 25.0), estimate.mean()[1], 1e-6);
        assertEquals((2 + 6 * 16 / 25.0) / (1 + 16 / 25.0), estimate.std()[1], 1e-6);
    }

    @Test
    void seenIsGreyAndProducedIsPastedWhereItShouldBe() {
        MaeConfig config = config(false);
        float[] pred = new float[12 * 48];
        Arrays.fill(pred, 100f); // far above white: clamped
        Reconstruction result = Reconstruction.of(config, clip(), mask(12, 0), pred, false);
        for (int i = 0; i < result.original().length; i++) {
            int frame = i / (SIDE * SIDE * 3);
            int y = i / (SIDE * 3) % SIDE;
            int x = i / 3 % SIDE;
            boolean visible = frame == 0 && y < 4 && x < 4;
            assertEquals(visible ? result.original()[i] : 0.5f, result.seen()[i]);
            assertEquals(visible ? result.original()[i] : 1f, result.produced()[i]);
        }
        assertEquals(1, result.visible());
    }

    @Test
    void psnrFollowsItsFormulaOnRemovedPatchesOnly() {
        PatchGrid grid = config(false).grid();
        PatchRows black = new PatchRows(grid, 1, new float[12 * 48]);
        PatchRows grey = black.filledWith(0.1f, 0.1f, 0.1f);
        assertEquals(20, Psnr.between(grey, black, mask(12)), 1e-6); // MSE 0.01
        float[] mask = mask(12, 0);
        Arrays.fill(grey.values(), 0, 48, 1f); // patch 0 is visible and must not count
        assertEquals(20, Psnr.between(grey, black, mask), 1e-6);
    }

    @Test
    void meanFillTakesTheVisiblePixelsMean() {
        MaeConfig config = config(false);
        float[] clip = new float[3 * FRAMES * SIDE * SIDE];
        Arrays.fill(clip, 0, FRAMES * SIDE * SIDE, 1f); // red
        PatchRows whole = PatchRows.whole(config, clip).toPixels(Normalisation.PAPER);
        PatchRows fill = new Baselines(config, whole, mask(12, 3)).meanFill(PatchRows.predicted(config, clip));
        assertEquals(12 * 48, fill.values().length);
        for (int i = 0; i < fill.values().length; i++) {
            assertEquals(i % 3 == 0 ? 0.675f : 0.45f, fill.values()[i], 1e-6f);
        }
    }

    @Test
    void copyingIsPerfectWhereNothingMoves() {
        MaeConfig config = config(false);
        float[] mask = mask(12, 0, PLACES + 1, 2 * PLACES + 2, 3); // every place is visible once
        Psnr psnr = Reconstruction.of(config, still(), mask, new float[12 * 48], false).psnr();
        assertEquals(Double.POSITIVE_INFINITY, psnr.nearestFrame().orElseThrow());
        assertTrue(psnr.meanFill() < 30);
    }

    @Test
    void copyingTakesTheNearestFrameOfTheNearestTimeStep() {
        MaeConfig config = config(false);
        float[] clip = clip();
        PatchRows whole = PatchRows.whole(config, clip).toPixels(Normalisation.PAPER);
        PatchRows copies = new Baselines(config, whole, mask(12, 0, 2 * PLACES))
                .nearestFrame(PatchRows.predicted(config, clip).toPixels(Normalisation.PAPER));
        // The predicted frame of time step 1 is 2; visible are 0, 1 and 4, 5 of the same place: 1 is nearest.
        assertEquals(pixel(clip, 1, 0, 0, 0), copies.values()[PLACES * 48]);
    }

    @Test
    void tubesAndImagesHaveNothingToCopy() {
        Psnr tube = Reconstruction.of(config(false), clip(), mask(12, 0, PLACES, 2 * PLACES), new float[12 * 48], false)
                .psnr();
        assertTrue(tube.nearestFrame().isEmpty());
        Psnr image = Reconstruction.of(image(), noise(3 * SIDE * SIDE), mask(4, 2), new float[4 * 48], false).psnr();
        assertTrue(image.nearestFrame().isEmpty());
        assertTrue(image.summary().contains("no removed place is visible"), image.summary());
    }

    @Test
    void picturesSayWhereStatisticsComeFrom() {
        float[] pred = new float[12 * 48];
        Reconstruction leaking = Reconstruction.of(config(true), clip(), mask(12, 1), pred, true);
        assertTrue(captionOf(leaking).contains("uses the truth's patch statistics"));
        String honest = captionOf(Reconstruction.of(config(true), clip(), mask(12, 1), pred, false));
        assertTrue(honest.contains("estimated from visible patches"));
        assertFalse(honest.contains("truth"));
        assertTrue(honest.contains("pasted from the input"));
        assertTrue(honest.contains("PSNR on removed pixels"));
        assertThrows(UserException.class, () -> Reconstruction.of(config(false), clip(), mask(12, 1), pred, true));
    }

    private static String captionOf(Reconstruction result) {
        return String.join("\n", new Figure(result, "test", MaskKind.RANDOM).caption());
    }

    @Test
    void theWarningIsDrawnInThePicture() {
        float[] pred = new float[12 * 48];
        assertNotEquals(0, redPixels(
                Reconstruction.of(config(true), new float[3 * FRAMES * SIDE * SIDE], mask(12, 1), pred, true)));
        assertEquals(0, redPixels(
                Reconstruction.of(config(true), new float[3 * FRAMES * SIDE * SIDE], mask(12, 1), pred, false)));
    }

    private static int redPixels(Reconstruction grey) {
        byte[] rgb = new Figure(grey, "test", MaskKind.RANDOM).panels(0).rgb();
        int red = 0;
        for (int i = 0; i < rgb.length; i += 3) {
            red += (rgb[i] & 0xff) > (rgb[i + 1] & 0xff) + 100 ? 1 : 0;
        }
        return red;
    }

    @Test
    void picturesAreWrittenAndCanBeRead(@TempDir Path folder) throws IOException {
        Reconstruction result = Reconstruction.of(config(false), clip(), mask(12, 1), new float[12 * 48], false);
        Figure figure = new Figure(result, "test", MaskKind.TUBE);
        List<Path> files = figure.write(folder.resolve("new"), "name", 4);
        assertEquals(List.of("name.png", "name.gif", "name.mp4"),
                files.stream().map(f -> f.getFileName().toString()).toList());
        Canvas strip = figure.strip();
        assertEquals(3 * 27 * SIDE + 2 * 4 + 32, strip.width()); // 27 pixels for each: the first width that fills 640
        assertEquals(strip.width(), ImageIO.read(files.get(0).toFile()).getWidth());
        assertEquals(strip.height(), ImageIO.read(files.get(0).toFile()).getHeight());
        try (ImageInputStream gif = ImageIO.createImageInputStream(files.get(1).toFile())) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
            reader.setInput(gif);
            assertEquals(3, reader.getNumImages(true));
            assertEquals(3 * 224 + 2 * 4 + 32, reader.getWidth(0));
        }
        assertTrue(Files.size(files.get(2)) > 1000);
    }

    @Test
    void theStripShowsEveryPixelOfAFrameAsASquare(@TempDir Path folder) throws IOException {
        Reconstruction result = Reconstruction.of(config(false), clip(), mask(12, 1), new float[12 * 48], false);
        Path file = new Figure(result, "test", MaskKind.TUBE).write(folder, "name", 4).getFirst();
        int left = 16 + 27 * SIDE + 4; // second column: margin, one frame and its gap
        int top = 16 + 20; // margin and title
        int rgb = ImageIO.read(file.toFile()).getRGB(left + 2 * 27 + 26, top + 27);
        int at = ((SIDE + 1) * SIDE + 2) * 3; // frame 1, row 1, column 2
        for (int channel = 0; channel < 3; channel++) {
            assertEquals(Math.round(result.original()[at + channel] * 255), rgb >> (16 - 8 * channel) & 0xff);
        }
    }

    @Test
    void aFolderThatCannotBeIsOneClearLine(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Figure figure =
                new Figure(Reconstruction.of(image(), noise(3 * SIDE * SIDE), mask(4, 2), new float[4 * 48], false),
                        "test", MaskKind.RANDOM);
        UserException e = assertThrows(UserException.class, () -> figure.write(file, "name", 1));
        assertEquals(1, e.getMessage().lines().count());
        assertTrue(e.getMessage().contains(file.toString()));
    }

    @Test
    void aModelIsRunOnItsClipAndMask() {
        MaeConfig config = config(true);
        Masking masking = new Masking(MaskKind.RANDOM, 0.5, config.grid());
        MaskedAutoencoder model = Reconstruction.model(config, masking.keep());
        model.params().initialise(3);
        Reconstruction result =
                Reconstruction.run(model, Backends.open("loop"), clip(), masking.shuffle(Rng.of(1)), false);
        assertEquals(masking.keep(), result.visible());
        assertTrue(Double.isFinite(result.psnr().model()));
        assertArrayEquals(
                Reconstruction.of(config, clip(), model.masks().mask().floats(), model.pred(), false).produced(),
                result.produced());
    }

    @Test
    void textIsMeasuredAndWrapped() {
        assertEquals(0, Lettering.width(""));
        assertEquals(Lettering.width("a") + Lettering.width("b"), Lettering.width("ab"));
        assertEquals(Lettering.width("?"), Lettering.width("\u4e00"));
        String text = "a few words that do not fit into one line";
        List<String> lines = Lettering.wrap(text, 100);
        assertTrue(lines.size() > 1);
        assertEquals(text, String.join(" ", lines));
        lines.forEach(line -> assertTrue(Lettering.width(line) <= 100));
        assertEquals(List.of("unbreakable-word"), Lettering.wrap("unbreakable-word", 10));
    }
}
