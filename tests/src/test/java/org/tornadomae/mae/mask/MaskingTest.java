package org.tornadomae.mae.mask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.UserException;

class MaskingTest {
    private static final List<PatchGrid> GRIDS = List.of(
            new PatchGrid(16, 224, 224, 2, 16), new PatchGrid(8, 32, 32, 2, 8), new PatchGrid(1, 12, 12, 1, 2),
            new PatchGrid(6, 15, 35, 2, 5), new PatchGrid(13, 4, 4, 1, 4), new PatchGrid(3, 1, 13, 1, 1));
    private static final double[] RATIOS = {0.04, 0.25, 0.5, 0.75, 0.9, 0.95};

    /// Every grid and ratio that leave and remove something, three seeds each.
    private static void forAll(MaskKind kind, Consumer<Drawn> check) {
        int drawn = 0;
        for (PatchGrid grid : GRIDS) {
            for (double ratio : RATIOS) {
                int keep = (int) (grid.tokens() * (1 - ratio));
                for (int seed = 0; keep > 0 && keep < grid.tokens() && seed < 3; seed++) {
                    check.accept(new Drawn(new Masking(kind, ratio, grid), seed));
                    drawn++;
                }
            }
        }
        assertTrue(drawn > 90, drawn + " masks");
    }

    /// One mask: its shuffle, and which tokens are kept.
    private static final class Drawn {
        final Masking masking;
        final int[] shuffle;
        final boolean[] kept;

        Drawn(Masking masking, long seed) {
            this.masking = masking;
            this.shuffle = masking.shuffle(Rng.of(seed));
            this.kept = new boolean[masking.grid().tokens()];
            for (int i = 0; i < masking.keep(); i++) {
                kept[shuffle[i]] = true;
            }
        }

        @Override
        public String toString() {
            return masking + " " + Arrays.toString(shuffle);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isAPermutationOfItsKey(MaskKind kind) {
        forAll(kind, mask -> {
            int tokens = mask.masking.grid().tokens();
            assertArrayEquals(IntStream.range(0, tokens).toArray(), Arrays.stream(mask.shuffle).sorted().toArray());
            assertEquals(IntStream.range(0, tokens).filter(n -> mask.kept[n]).count(), mask.masking.keep());
            for (int seed = 0; seed < 3; seed++) {
                assertArrayEquals(mask.masking.shuffle(Rng.of(seed)), mask.masking.shuffle(Rng.of(seed)));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void keysDiffer(MaskKind kind) {
        Masking masking = new Masking(kind, 0.9, GRIDS.getFirst());
        long different =
                IntStream.range(0, 50).mapToObj(i -> Arrays.toString(masking.shuffle(Rng.of(1, i)))).distinct().count();
        assertEquals(50, different);
    }

    /// How many units (places or time steps) are kept whole and in part; `of` tells a token's unit.
    private static int[] units(Drawn mask, java.util.function.IntUnaryOperator of, int units) {
        int[] kept = new int[units];
        int[] size = new int[units];
        for (int n = 0; n < mask.kept.length; n++) {
            size[of.applyAsInt(n)]++;
            kept[of.applyAsInt(n)] += mask.kept[n] ? 1 : 0;
        }
        int whole = (int) IntStream.range(0, units).filter(i -> kept[i] == size[i]).count();
        int part = (int) IntStream.range(0, units).filter(i -> kept[i] > 0 && kept[i] < size[i]).count();
        return new int[] {whole, part};
    }

    /// Whole units as many as fit, and one more in part where the count does not come out even.
    private static void wholeUnits(Drawn mask, java.util.function.IntUnaryOperator of, int units) {
        int size = mask.kept.length / units;
        int keep = mask.masking.keep();
        assertArrayEquals(new int[] {keep / size, keep % size == 0 ? 0 : 1}, units(mask, of, units), mask::toString);
    }

    @Test
    void tubesKeepTheSamePlacesInEveryTimeStep() {
        forAll(MaskKind.TUBE,
                mask -> wholeUnits(mask, n -> n % mask.masking.grid().places(), mask.masking.grid().places()));
    }

    @Test
    void framesKeepWholeTimeSteps() {
        forAll(MaskKind.FRAME,
                mask -> wholeUnits(mask, n -> n / mask.masking.grid().places(), mask.masking.grid().times()));
    }

    /// Each kept count over 4000 masks has a deviation of √(4000·p·(1−p)); with 105 tokens none passes 5 of them.
    @ParameterizedTest
    @EnumSource(value = MaskKind.class, names = {"RANDOM", "TUBE", "FRAME"})
    void everyTokenIsKeptEquallyOften(MaskKind kind) {
        Masking masking = new Masking(kind, 0.75, new PatchGrid(10, 15, 35, 2, 5));
        int[] kept = new int[105];
        int[] first = new int[105];
        for (int i = 0; i < 4000; i++) {
            int[] shuffle = masking.shuffle(Rng.of(4, i));
            Arrays.stream(shuffle, 0, masking.keep()).forEach(n -> kept[n]++);
            first[shuffle[0]]++;
        }
        double p = masking.keep() / 105.0;
        for (int n = 0; n < 105; n++) {
            assertEquals(4000 * p, kept[n], 5 * Math.sqrt(4000 * p * (1 - p)), "token " + n);
            assertEquals(4000 / 105.0, first[n], 5 * Math.sqrt(4000 / 105.0), "first in the encoder's order: " + n);
        }
    }

    /// Share of removed tokens among the neighbours (in space and time) of removed tokens.
    private static double removedNeighbours(Masking masking) {
        PatchGrid g = masking.grid();
        long removed = 0;
        long all = 0;
        for (int seed = 0; seed < 40; seed++) {
            boolean[] kept = new Drawn(masking, seed).kept;
            for (int n = 0; n < kept.length; n++) {
                int t = n / g.places();
                int y = n / g.columns() % g.rows();
                int x = n % g.columns();
                int[] neighbours = {t > 0 ? n - g.places() : -1, t < g.times() - 1 ? n + g.places() : -1,
                        y > 0 ? n - g.columns() : -1,
                        y < g.rows() - 1 ? n + g.columns() : -1, x > 0 ? n - 1 : -1, x < g.columns() - 1 ? n + 1 : -1};
                for (int neighbour : neighbours) {
                    if (!kept[n] && neighbour >= 0) {
                        all++;
                        removed += kept[neighbour] ? 0 : 1;
                    }
                }
            }
        }
        return (double) removed / all;
    }

    /// Among random masks a removed token's neighbours are removed at the ratio itself; in blocks only the tokens on a
    /// surface have kept neighbours, so at least half of what the ratio leaves is gone.
    @ParameterizedTest
    @ValueSource(doubles = {0.25, 0.5, 0.75})
    void blocksAreContiguous(double ratio) {
        PatchGrid grid = GRIDS.getFirst();
        assertEquals(ratio, removedNeighbours(new Masking(MaskKind.RANDOM, ratio, grid)), 0.01);
        double inBlocks = removedNeighbours(new Masking(MaskKind.BLOCK, ratio, grid));
        assertTrue(inBlocks > ratio + 0.5 * (1 - ratio), inBlocks + " of the neighbours at ratio " + ratio);
    }

    /// int(N·(1 − ratio)) in double arithmetic, rounding errors included: 0.1·1568 is 156.8, 1 − 0.9 a little less than
    /// 0.1.
    @ParameterizedTest
    @CsvSource({"16,224,2,16,0.9,156", "16,224,2,14,0.9,204", "8,32,2,8,0.9,6", "4,24,2,6,0.5,16", "1,224,1,16,0.75,49",
            "10,2,1,1,0.9,3", "16,224,2,16,0.95,78"})
    void keepsAsTheOfficialCodeCounts(int frames, int side, int u, int p, double ratio, int keep) {
        assertEquals(keep, new Masking(MaskKind.RANDOM, ratio, new PatchGrid(frames, side, side, u, p)).keep());
    }

    /// Ties keep their order; any non-negative floats.
    @Test
    void argsortIsStable() {
        Rng rng = Rng.of(8);
        for (int n : new int[] {1, 6, 13, 207, 1568}) {
            for (int distinct : new int[] {1, 3, 1000}) {
                float[] values = new float[n + 5];
                for (int i = 0; i < values.length; i++) {
                    values[i] = rng.nextInt(distinct) / 7f * (i % 5 == 0 ? 1e-40f : 1);
                }
                int[] expected = IntStream.range(0, n).boxed().sorted(Comparator.comparing(i -> values[3 + i]))
                        .mapToInt(i -> i).toArray();
                assertArrayEquals(expected, Masking.argsort(values, 3, n));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1.0,below 1", "1.5,below 1", "-0.1,at least 0", "NaN,at least 0", "0,removes none",
            "1e-17,removes none", "0.99,leaves none"})
    void ratiosThatCannotWork(double ratio, String words) {
        for (MaskKind kind : MaskKind.values()) {
            UserException e = assertThrows(UserException.class, () -> new Masking(kind, ratio, GRIDS.get(1)).keep());
            assertTrue(e.getMessage().contains(words) && e.getMessage().lines().count() == 1, e.getMessage());
        }
    }

    @Test
    void kindsByName() {
        assertEquals(MaskKind.TUBE, Masking.kind("tube"));
        assertEquals(MaskKind.RANDOM, Masking.kind("RANDOM"));
        UserException e = assertThrows(UserException.class, () -> Masking.kind("cube"));
        assertTrue(e.getMessage().contains("'cube'") && e.getMessage().contains("block"), e.getMessage());
        assertFalse(e.getMessage().contains("\n"));
    }
}
