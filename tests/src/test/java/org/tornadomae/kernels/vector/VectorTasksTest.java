package org.tornadomae.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.kernels.Hyper;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;

/// One clip and six heads are enough work for 64 threads, and for any number of threads the results have the same bits.
class VectorTasksTest {
    /// Counts the tasks of every loop.
    private static final class CountingWorkers extends VectorWorkers {
        private final List<Integer> counts = new ArrayList<>();

        CountingWorkers(int threads) {
            super(threads);
        }

        @Override
        void run(int count, Body loop) {
            counts.add(count);
            super.run(count, loop);
        }
    }

    /// A clip of 16 × 224 × 224 and its tokens with six heads, of which a tenth is visible.
    private static final class Clip {
        static final PatchGrid GRID = new PatchGrid(16, 224, 224, 2, 16);
        static final int HEADS = 6;
        static final int C = 64 * HEADS;
        static final int N = GRID.tokens();
        /// All panels of the smallest product: a packing task has at least one.
        static final int PANELS = Math.ceilDiv(C, VectorTile.ROWS) + Math.ceilDiv(C, VectorTile.WIDTH);
        static final TokenShape SHAPE = new TokenShape(1, N / 10, N, 1, C);
        static final TokenShape LOSS = new TokenShape(1, N, N, 0, 768);

        final Random random = new Random(5);
        final int[] order = IntStream.range(0, N).map(i -> i * 5 % N).toArray();
        final Tensor ids = Tensor.of(order);
        final Tensor slots = Tensor.of(inverse(order));
        final Tensor pixels = floats(GRID.clipValues());
        final Tensor rows = floats(N * C);
        final Tensor chosen = floats(SHAPE.rows() * C);
        final Tensor all = floats(SHAPE.allRows() * C);
        final Tensor qkv = floats(3 * N * C);
        final Tensor weight = floats(C * C);
        final Tensor vector = floats(C);
        final Tensor patches = floats(N * 768);
        final Tensor ones = Tensor.of(fill(new float[N], 1f));
        final Tensor number = Tensor.of(new float[1]);
        final Map<String, Tensor> outputs = new LinkedHashMap<>();

        private static float[] fill(float[] values, float value) {
            Arrays.fill(values, value);
            return values;
        }

        private static int[] inverse(int[] order) {
            int[] inverse = new int[order.length];
            for (int i = 0; i < order.length; i++) {
                inverse[order[i]] = i;
            }
            return inverse;
        }

        private Tensor floats(int n) {
            float[] values = new float[n];
            for (int i = 0; i < n; i++) {
                values[i] = 2 * random.nextFloat() - 1;
            }
            return Tensor.of(values);
        }

        private Tensor out(String name, int n) {
            return outputs.computeIfAbsent(name, _ -> Tensor.of(new float[n]));
        }

        /// Every operation that costs time, by name.
        Map<String, Runnable> operations(Ops ops) {
            Map<String, Runnable> map = new LinkedHashMap<>();
            AttentionShape heads = new AttentionShape(1, N, HEADS, 64);
            Tensor lse = out("lse", HEADS * N);
            Tensor attended = out("attended", N * C);
            Tensor stats = out("stats", 2 * N);
            map.put("matmul", () -> ops.matmul(out("y", N * C), rows, weight, vector, N, C, C));
            map.put("matmulBackwardInput", () -> ops.matmulBackwardInput(out("dX", N * C), rows, weight, N, C, C));
            map.put("matmulBackwardWeight", () -> ops.matmulBackwardWeight(out("dW", C * C), rows, rows, N, C, C));
            map.put("matmulBackwardBias", () -> ops.matmulBackwardBias(out("dB", C), rows, N, C, 0, C));
            map.put("attention", () -> ops.attention(attended, lse, qkv, heads));
            map.put("attentionBackward", () -> ops.attentionBackward(out("dQkv", 3 * N * C), out("dots",
                    2 * HEADS * N), rows,
                    attended, lse, qkv, heads));
            map.put("layerNorm", () -> ops.layerNorm(out("ln", N * C), stats, rows, vector, vector, N, C,
                    1e-6f));
            map.put("layerNormBackwardInput", () -> ops.layerNormBackwardInput(out("dLn", N * C), out("sums", 4 * N),
                    rows,
                    stats, rows, vector, N, C));
            map.put("layerNormBackwardParams", () -> ops.layerNormBackwardParams(out("dGain", C), out("dShift", C),
                    rows, stats,
                    rows, N, C));
            map.put("gelu", () -> ops.gelu(out("gelu", SHAPE.rows() * C), chosen));
            map.put("residual", () -> ops.residual(out("sum", SHAPE.rows() * C), chosen, chosen));
            tokens(ops, map);
            return map;
        }

        private void tokens(Ops ops, Map<String, Runnable> map) {
            int places = GRID.places();
            map.put("gatherPatches", () -> ops.gatherPatches(out("patches", SHAPE.count() * GRID.patchValues()),
                    pixels, ids, 1,
                    SHAPE.count(), GRID));
            map.put("normaliseTargets", () -> ops.normaliseTargets(out("targets", N * 768), N, 768));
            map.put("maskTokenBackward", () -> ops.maskTokenBackward(out("dMask", C), all, slots, SHAPE));
            map.put("spatialPositionsBackward", () -> ops.spatialPositionsBackward(out("dSpace", places * C), chosen,
                    slots,
                    SHAPE, places));
            map.put("temporalPositionsBackward", () -> ops.temporalPositionsBackward(out("dTime", GRID.times() * C),
                    chosen, slots,
                    SHAPE, places));
            map.put("addSeparablePositions", () -> ops.addSeparablePositions(out("x", SHAPE.rows() * C), ids, rows,
                    rows, vector,
                    SHAPE, places));
            map.put("unshuffle", () -> ops.unshuffle(out("full", SHAPE.allRows() * C), chosen, slots, vector, vector,
                    SHAPE));
            map.put("loss", () -> ops.loss(out("losses", N), patches, patches, ids, ones, LOSS));
            map.put("norm", () -> ops.norm(out("norm", 1), out("partials", 256), qkv));
            map.put("adamW", () -> ops.adamW(out("w", C * C), out("m", C * C), out("v", C * C), weight, number,
                    Tensor.of(fill(new float[Hyper.SIZE], 0.5f)), C * C / 2));
        }
    }

    @Test
    void sixHeadsOfOneClipAreWorkFor64Threads() {
        try (CountingWorkers workers = new CountingWorkers(64)) {
            new Clip().operations(new VectorOps(workers)).forEach((name, operation) -> {
                workers.counts.clear();
                operation.run();
                int most = name.startsWith("matmul") ? Math.min(64, Clip.PANELS) : 64;
                assertTrue(workers.counts.stream().allMatch(tasks -> tasks >= most),
                        () -> name + ": " + workers.counts);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 64})
    void theSameBitsForAnyNumberOfThreads(int threads) {
        Map<String, Tensor> expected = outputs(1);
        Map<String, Tensor> actual = outputs(threads);
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, tensor) -> assertArrayEquals(bits(tensor), bits(actual.get(name)), name));
    }

    private static Map<String, Tensor> outputs(int threads) {
        Clip clip = new Clip();
        try (VectorWorkers workers = new VectorWorkers(threads)) {
            clip.operations(new VectorOps(workers)).values().forEach(Runnable::run);
        }
        return clip.outputs;
    }

    private static int[] bits(Tensor tensor) {
        return IntStream.range(0, tensor.size()).map(i -> Float.floatToRawIntBits(tensor.floats()[i])).toArray();
    }
}
