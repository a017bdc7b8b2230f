package org.tornadomae.video.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.video.VideoException;

class NormalisationTest {
    @Test
    void wordsThereAndBack() {
        assertEquals(Normalisation.PAPER, Normalisation.parse("0.45/0.225"));
        assertEquals(Normalisation.IMAGENET, Normalisation.parse("ImageNet"));
        assertEquals("0.45/0.225", Normalisation.PAPER.toString());
        assertEquals(Normalisation.IMAGENET, Normalisation.parse(Normalisation.IMAGENET.toString()));
        assertEquals(new Normalisation(Normalisation.Rgb.grey(0), new Normalisation.Rgb(1, 2, 3)),
                Normalisation.parse("0/1,2,3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0.5", "a/b", "0.5/0", "0.5/-1", "0.5/NaN", "1,2/3", "1,2,3,"
            + "4/1", "1/2/3", "Infinity/1"})
    void anythingElseIsRefusedInOneLine(String text) {
        VideoException e = assertThrows(VideoException.class, () -> Normalisation.parse(text));
        assertTrue(e.getMessage().startsWith("pixel normalisation") && e.getMessage().lines().count() == 1,
                e.getMessage());
    }

    /// Channel by channel (x/255 − mean)/std, and back.
    @Test
    void everyChannelHasItsOwn() {
        ClipShape shape = new ClipShape(1, 1, 2, Normalisation.IMAGENET);
        byte[] rgb = {(byte) 255, 51, 0, (byte) 255, 51, 0};
        float[] out = new float[6];
        new ClipTransform(shape, new Crop(0, 0, 1, 2), false, 2).apply(rgb, 0, out, 0);
        float[] pixels = {1, 0.2f, 0};
        for (int c = 0; c < 3; c++) {
            float expected = (pixels[c] - Normalisation.IMAGENET.mean().of(c)) / Normalisation.IMAGENET.std().of(c);
            assertEquals(expected, out[2 * c], 1e-5f);
            assertEquals(pixels[c], Normalisation.IMAGENET.undo(out[2 * c + 1], c), 1e-6f);
        }
    }
}
