package org.tornadomae.kernels.tornado;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.DeviceOptions;
import org.tornadomae.kernels.ElementType;
import org.tornadomae.kernels.Hyper;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TornadoJvm;
import org.tornadomae.kernels.loop.LoopExecutor;

/// A plan on TornadoVM follows from the roles of buffers: what is sent, what comes back, what stays, what shares
/// memory.
@EnabledIf(value = "org.tornadomae.kernels.TornadoJvm#started", disabledReason = TornadoJvm.REASON)
class TornadoPlanTest {
    private static final int LAYERS = 3;
    private static final int ROWS = 6;
    private static final int CHANNELS = 8;
    private static final AttentionShape SHAPE = new AttentionShape(2, 3, 2, 4);

    /// A small network of three layers that trains its weights on a sum, declared as layers declare theirs.
    private static final class Model {
        final Buffer weights = buffer("weights", Buffer.Role.STATE, LAYERS * CHANNELS * 3 * CHANNELS);
        final Buffer grads = buffer("grads", Buffer.Role.STATE, weights.size());
        final Buffer m = buffer("m", Buffer.Role.STATE, weights.size());
        final Buffer v = buffer("v", Buffer.Role.STATE, weights.size());
        final Buffer in = buffer("in", Buffer.Role.INPUT, ROWS * CHANNELS);
        final Buffer hyper = buffer("hyper", Buffer.Role.INPUT, Hyper.SIZE);
        final Buffer stream = buffer("stream", Buffer.Role.KEPT, (LAYERS + 1) * ROWS * CHANNELS);
        final Buffer qkv = buffer("qkv", Buffer.Role.KEPT, LAYERS * ROWS * 3 * CHANNELS);
        final Buffer heads = buffer("heads", Buffer.Role.KEPT, LAYERS * ROWS * CHANNELS);
        final Buffer logSumExp =
                buffer("logSumExp", Buffer.Role.KEPT, LAYERS * SHAPE.batch() * SHAPE.heads() * SHAPE.tokens());
        final Buffer middle = buffer("middle", Buffer.Role.SCRATCH, ROWS * CHANNELS);
        final Buffer branch = buffer("branch", Buffer.Role.SCRATCH, ROWS * CHANNELS);
        final Buffer dStream = buffer("dStream", Buffer.Role.SCRATCH, ROWS * CHANNELS);
        final Buffer dQkv = buffer("dQkv", Buffer.Role.SCRATCH, ROWS * 3 * CHANNELS);
        final Buffer dots = buffer("dots", Buffer.Role.SCRATCH, 2 * SHAPE.batch() * SHAPE.heads() * SHAPE.tokens());
        final Buffer partials = buffer("partials", Buffer.Role.SCRATCH, 5);
        final Buffer norm = buffer("norm", Buffer.Role.OUTPUT, 1);
        final Program step = new Program("step", ops -> {
            Tensor input = Tensor.stacked(stream, ROWS * CHANNELS);
            Tensor weight = Tensor.stacked(weights, 3 * CHANNELS * CHANNELS);
            Tensor grad = Tensor.stacked(grads, 3 * CHANNELS * CHANNELS);
            Tensor layerQkv = Tensor.stacked(qkv, ROWS * 3 * CHANNELS);
            Tensor layerHeads = Tensor.stacked(heads, ROWS * CHANNELS);
            Tensor sums = Tensor.stacked(logSumExp, SHAPE.batch() * SHAPE.heads() * SHAPE.tokens());
            ops.zero(Tensor.of(grads));
            ops.zero(input.layer(0));
            ops.residual(input.layer(0), Tensor.of(in), Tensor.of(in));
            ops.forEachLayer(LAYERS, false, () -> {
                ops.matmul(layerQkv, input, weight, null, ROWS, CHANNELS, 3 * CHANNELS);
                ops.attention(layerHeads, sums, layerQkv, SHAPE);
                ops.gelu(Tensor.of(branch), layerHeads);
                ops.residual(Tensor.of(middle), input, Tensor.of(branch));
                ops.residual(input.next(), Tensor.of(middle), Tensor.of(branch));
            });
            ops.gelu(Tensor.of(dStream), input.layer(LAYERS));
            ops.forEachLayer(LAYERS, true, () -> {
                ops.attentionBackward(Tensor.of(dQkv), Tensor.of(dots), Tensor.of(dStream), layerHeads, sums, layerQkv,
                        SHAPE);
                ops.matmulBackwardWeight(grad, Tensor.of(dQkv), input, ROWS, CHANNELS, 3 * CHANNELS);
            });
        });
        final Program update = new Program("update", ops -> {
            ops.norm(Tensor.of(norm), Tensor.of(partials), Tensor.of(grads));
            ops.adamW(Tensor.of(weights), Tensor.of(m), Tensor.of(v), Tensor.of(grads), Tensor.of(norm),
                    Tensor.of(hyper), 7);
        });

        Model() {
            dQkv.bind(new float[dQkv.size() + 5]);
            branch.bind(dQkv.array()); // over before the backward pass begins
            initialise(7);
        }

        private void initialise(int seed) {
            Random random = new Random(seed);
            for (int i = 0; i < weights.size(); i++) {
                weights.floats()[i] = random.nextFloat() - 0.5f;
            }
        }

        private static Buffer buffer(String name, Buffer.Role role, int size) {
            Buffer buffer = Buffer.declare(name, role, ElementType.FLOAT32, size);
            buffer.allocate();
            return buffer;
        }

        void fill(int seed) {
            Random random = new Random(seed);
            for (int i = 0; i < in.size(); i++) {
                in.floats()[i] = random.nextFloat() - 0.5f;
            }
            // eps is large: AdamW divides a gradient by its own size, and where one vanishes only its rounding is left
            System.arraycopy(new float[] {0.01f, 0.9f, 0.95f, 1e-3f, 0.05f, 0.1f, 0.05f, 1f}, 0, hyper.floats(), 0,
                    Hyper.SIZE);
        }

        List<float[]> train(Backend backend, List<String> profile) {
            List<float[]> results = new ArrayList<>();
            try (Plan plan = backend.compile(List.of(step, update))) {
                for (int i = 0; i < 2; i++) {
                    fill(i);
                    plan.run(step);
                    plan.run(update);
                    results.add(norm.floats().clone());
                }
                plan.download(weights, m);
                results.add(weights.floats().clone());
                initialise(8);
                plan.upload(weights);
                plan.run(step);
                plan.run(update);
                plan.download(weights);
                results.add(weights.floats().clone());
                profile.addAll(plan.kernelSeconds().keySet());
                if (plan.compiledKernels() > 0) {
                    assertThrows(IllegalArgumentException.class, () -> plan.upload(in), "sent before each run anyway");
                }
            }
            return results;
        }
    }

    /// TornadoVM would never return from such a graph.
    @Test
    void anArrayIsNotWrittenByATaskThatTakesItTwice() {
        Tensor x = Tensor.of(new float[4]);
        Program program = new Program("twice", ops -> ops.gelu(x, x));
        Backend device = TornadoExecutor.open("tornado", TornadoJvm.UNCHECKED);
        assertThrows(IllegalArgumentException.class, () -> device.compile(List.of(program)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void trainsAsThePlainLoopsDo(boolean tiled) {
        List<String> log = new ArrayList<>();
        List<String> profile = new ArrayList<>();
        Backend device = ((TornadoBackend) TornadoExecutor.open("tornado", new DeviceOptions(0, true, true, log::add)))
                .withTiled(tiled);
        List<float[]> actual = new Model().train(device, profile);
        List<float[]> expected = new Model().train(LoopExecutor.checking(), new ArrayList<>());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), 2e-5f, "result " + i);
        }
        assertTrue(log.stream().anyMatch(line -> line.startsWith("self-check: 13 kernels agree")), log.toString());
        assertTrue(profile.contains("matmulForward") && profile.contains("adamWStep"), profile.toString());
    }
}
