package org.tornadomae.video.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tornadomae.golden.GoldenTable;
import org.tornadomae.nn.Rng;

/// RandAugment against PIL, byte for byte, and what must hold whatever is drawn.
class RandAugmentTest {
    private static final int HEIGHT = 12;
    private static final int WIDTH = 16;
    private static final Map<String, Operation> NAMES = Map.ofEntries(
            Map.entry("AutoContrast", Operation.AUTO_CONTRAST), Map.entry("Equalize", Operation.EQUALIZE),
            Map.entry("Invert", Operation.INVERT), Map.entry("Rotate", Operation.ROTATE),
            Map.entry("PosterizeIncreasing", Operation.POSTERIZE), Map.entry("SolarizeIncreasing", Operation.SOLARIZE),
            Map.entry("SolarizeAdd", Operation.SOLARIZE_ADD), Map.entry("ColorIncreasing", Operation.COLOR),
            Map.entry("ContrastIncreasing", Operation.CONTRAST),
            Map.entry("BrightnessIncreasing", Operation.BRIGHTNESS),
            Map.entry("SharpnessIncreasing", Operation.SHARPNESS), Map.entry("ShearX", Operation.SHEAR_X),
            Map.entry("ShearY", Operation.SHEAR_Y), Map.entry("TranslateXRel", Operation.TRANSLATE_X),
            Map.entry("TranslateYRel", Operation.TRANSLATE_Y));
    /// The set that gets weaker with the magnitude: another way to the argument, the same effect.
    private static final Map<String, Operation> NOT_INCREASING = Map.of("Posterize", Operation.POSTERIZE,
            "Solarize", Operation.SOLARIZE, "Color", Operation.COLOR);

    private static Stream<JsonNode> cases() {
        return GoldenTable.stream(GoldenTable.of("rand-augment").get("cases"));
    }

    @Test
    void theTableHasEveryOperation() {
        Set<String> names = new HashSet<>();
        cases().forEach(row -> names.add(row.get("op").textValue()));
        assertTrue(names.containsAll(NAMES.keySet()), names::toString);
        assertEquals(Set.of(Operation.values()), new HashSet<>(NAMES.values()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bytesArePils(JsonNode row) throws IOException {
        String name = row.get("op").textValue();
        double argument = row.get("argument").path(0).asDouble();
        if (NAMES.containsKey(name)) {
            int sign = row.get("negated").booleanValue() ? -1 : 1;
            assertEquals(argument, NAMES.get(name).argument(row.get("magnitude").doubleValue(), sign), 1e-12);
        }
        Interpolation interpolation = row.get("interpolation").isNull()
                ? Interpolation.BICUBIC
                : Interpolation.valueOf(row.get("interpolation").textValue());
        Operation operation = NAMES.getOrDefault(name, NOT_INCREASING.get(name));
        FrameEffects effects = new FrameEffects(List.of(operation.effect(argument, interpolation)));
        JsonNode frames = GoldenTable.of("rand-augment").get("frames");
        for (int i = 0; i < frames.size(); i++) {
            byte[] changed = effects.apply(frames.get(i).binaryValue(), HEIGHT, WIDTH);
            assertArrayEquals(row.get("frames").get(i).binaryValue(), Arrays.copyOf(changed, HEIGHT * WIDTH * 3));
        }
    }

    private static byte[] noise(int height, int width) {
        byte[] rgb = new byte[height * width * 3];
        new SplittableRandom(height * 31L + width).nextBytes(rgb);
        return rgb;
    }

    private static byte[] applied(Operation operation, double argument, byte[] rgb, int height, int width) {
        FrameEffect effect = operation.effect(argument, Interpolation.BICUBIC);
        return new FrameEffects(List.of(effect)).apply(rgb, height, width).clone();
    }

    /// At magnitude 0 an operation that has a sign does nothing.
    @ParameterizedTest
    @EnumSource(names = {"ROTATE", "SOLARIZE", "SOLARIZE_ADD", "COLOR", "CONTRAST", "BRIGHTNESS", "SHARPNESS",
            "SHEAR_X", "SHEAR_Y", "TRANSLATE_X", "TRANSLATE_Y"})
    void magnitudeZeroIsTheIdentity(Operation operation) {
        byte[] rgb = noise(9, 7);
        for (int sign : new int[] {1, -1}) {
            assertArrayEquals(rgb, applied(operation, operation.argument(0, sign), rgb, 9, 7));
        }
    }

    @Test
    void extremesOfPointOperations() {
        byte[] rgb = noise(9, 7);
        assertArrayEquals(new byte[rgb.length], applied(Operation.POSTERIZE, 0, rgb, 9, 7), "no bits are black");
        assertArrayEquals(rgb, applied(Operation.POSTERIZE, 8, rgb, 9, 7));
        byte[] inverted = applied(Operation.INVERT, 0, rgb, 9, 7);
        assertArrayEquals(inverted, applied(Operation.SOLARIZE, 0, rgb, 9, 7));
        assertArrayEquals(rgb, applied(Operation.INVERT, 0, inverted, 9, 7));
        byte[] flat = new byte[rgb.length];
        Arrays.fill(flat, (byte) 77);
        for (Operation same : List.of(Operation.AUTO_CONTRAST, Operation.EQUALIZE, Operation.SHARPNESS)) {
            assertArrayEquals(flat, applied(same, same.argument(10, 1), flat, 9, 7), same::toString);
        }
    }

    /// Whatever is drawn, at the smallest sizes too: the frame that goes in is not touched, one of its size comes out.
    @Test
    void anyDrawFitsAnyFrame() {
        for (int[] size : new int[][] {{1, 1}, {1, 5}, {2, 2}, {17, 3}, {40, 64}}) {
            byte[] rgb = noise(size[0], size[1]);
            byte[] before = rgb.clone();
            for (int seed = 0; seed < 200; seed++) {
                byte[] out = new RandAugment(3, 9, 2, Interpolation.BICUBIC).draw(Rng.of(seed))
                        .apply(rgb, size[0], size[1]);
                assertTrue(out.length >= rgb.length);
            }
            assertArrayEquals(before, rgb);
        }
    }

    @Test
    void nothingDrawnIsNothingDone() {
        byte[] rgb = noise(4, 4);
        assertSame(rgb, new RandAugment(0, 7, 0.5, Interpolation.BICUBIC).draw(Rng.of(1)).apply(rgb, 4, 4));
    }

    /// ¼ of the clips stay as they are: neither of two operations applied, each with probability ½.
    @Test
    void aQuarterOfTheClipsIsLeftAlone() {
        byte[] rgb = noise(4, 4);
        long same = IntStream.range(0, 10_000)
                .filter(i -> RandAugment.RECIPE.draw(Rng.of(5, i)).apply(rgb, 4, 4) == rgb).count();
        assertEquals(2500, same, 4 * Math.sqrt(10_000 * 0.25 * 0.75), "within four standard deviations");
    }

    @Test
    void framesDependOnTheKeyAloneWhicheverThreadAsks() {
        byte[] rgb = noise(24, 32);
        List<byte[]> inTurn = IntStream.range(0, 64).mapToObj(i -> augmented(i, rgb)).toList();
        List<byte[]> together = IntStream.range(0, 64).parallel().mapToObj(i -> augmented(i, rgb)).toList();
        for (int i = 0; i < 64; i++) {
            assertArrayEquals(inTurn.get(i), together.get(i));
        }
    }

    private static byte[] augmented(int key, byte[] rgb) {
        return Arrays.copyOf(RandAugment.RECIPE.draw(Rng.of(3, key)).apply(rgb, 24, 32), rgb.length);
    }

    @Test
    void badNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RandAugment(-1, 7, 0.5, Interpolation.BICUBIC));
        assertThrows(IllegalArgumentException.class, () -> new RandAugment(2, 11, 0.5, Interpolation.BICUBIC));
        assertThrows(IllegalArgumentException.class, () -> new RandAugment(2, Double.NaN, 0.5, Interpolation.BICUBIC));
        assertThrows(IllegalArgumentException.class, () -> new RandAugment(2, 7, -1, Interpolation.BICUBIC));
    }
}
