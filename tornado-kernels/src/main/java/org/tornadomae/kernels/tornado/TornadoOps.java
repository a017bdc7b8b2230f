package org.tornadomae.kernels;

import static uk.ac.manchester.tornado.api.common.TaskPackage.createPackage;

import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.tornadomae.kernels.tornado.DeviceKernels;
import org.tornadomae.kernels.tornado.Recording;
import org.tornadomae.kernels.tornado.TiledAttentionKernels;
import org.tornadomae.kernels.tornado.TiledMatmulKernels;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;

/// Records a program for TornadoVM: each operation becomes the tasks that run its kernels, in the order of [LoopOps].
final class TornadoOps implements Ops {
    private final int[] layer;
    private final boolean tiled;
    private final ToIntFunction<Tensor> placement;
    private final Recording recording = new Recording();

    private TornadoOps(int[] layer, boolean tiled, ToIntFunction<Tensor> placement) {
        this.layer = layer;
        this.tiled = tiled;
        this.placement = placement;
    }

    /// What [org.tornadomae.kernels.tornado.Recorder] asks for.
    static Recording record(Program program, int[] layer, boolean tiled, ToIntFunction<Tensor> placement) {
        TornadoOps ops = new TornadoOps(layer, tiled, placement);
        program.body().accept(ops);
        return ops.recording;
    }

    private int at(Tensor tensor) {
        return placement.applyAsInt(tensor);
    }

    /// The array of a tensor. Kernels that take no start find it at 0.
    private float[] data(Tensor tensor) {
        at(tensor); // a placement must see every tensor
        return tensor.data();
    }

    private void record(TaskPackage task) {
        recording.add(task);
    }

    /// Records the form for GPUs of what `plain` computes, if it is the one to use.
    private void record(TaskPackage plain, boolean forGpu, WorkerGrid grid, Supplier<TaskPackage> task) {
        if (forGpu) {
            recording.add(task.get(), grid, plain);
        } else {
            record(plain);
        }
    }

    private String id(String kernel) {
        return recording.nextId(kernel);
    }

    /// A forward body moves the cursor on at its end and a reversed one moves it back at its start, both modulo the
    /// number of layers: so it starts right and is 0 again afterwards, without a task of its own for that.
    @Override
    public void forEachLayer(int layers, boolean reversed, Runnable body) {
        recording.loop(layers, () -> {
            if (reversed) {
                moveLayer(layers - 1, layers);
            }
            body.run();
            if (!reversed) {
                moveLayer(1, layers);
            }
        });
    }

    private void moveLayer(int by, int layers) {
        record(createPackage(id("moveLayer"), DeviceKernels::moveLayer, layer, by, layers));
    }

    @Override
    public void matmul(Tensor out, Tensor in, Tensor weight, Tensor bias, int rows, int inC, int outC) {
        TaskPackage plain = createPackage(id("matmulForward"), MatmulKernels::matmulForward,
                layer, data(out), out.step(), data(in), in.step(), data(weight), at(weight), weight.step(),
                bias == null ? -1 : at(bias), bias == null ? 0 : bias.step(), rows, inC, outC);
        record(plain, tiled, TiledMatmulKernels.threads(rows, outC), () -> createPackage(id("matmulForward"),
                TiledMatmulKernels::matmulForward, new KernelContext(),
                layer, data(out), out.step(), data(in), in.step(), data(weight), at(weight), weight.step(),
                bias == null ? -1 : at(bias), bias == null ? 0 : bias.step(), rows, inC, outC));
    }

    @Override
    public void matmulBackwardInput(float[] dIn, float[] dOut, Tensor weight, int rows, int inC, int outC) {
        TaskPackage plain = createPackage(id("matmulBackwardInput"), MatmulKernels::matmulBackwardInput,
                layer, dIn, dOut, data(weight), at(weight), weight.step(), rows, inC, outC);
        record(plain, tiled, TiledMatmulKernels.threads(rows, inC), () -> createPackage(id("matmulBackwardInput"),
                TiledMatmulKernels::matmulBackwardInput, new KernelContext(),
                layer, dIn, dOut, data(weight), at(weight), weight.step(), rows, inC, outC));
    }

    @Override
    public void matmulBackwardWeight(Tensor dWeight, float[] dOut, Tensor in, int rows, int inC, int outC) {
        TaskPackage plain = createPackage(id("matmulBackwardWeight"), MatmulKernels::matmulBackwardWeight,
                layer, data(dWeight), at(dWeight), dWeight.step(), dOut, data(in), in.step(), rows, inC, outC);
        record(plain, tiled, TiledMatmulKernels.threads(outC, inC), () -> createPackage(id("matmulBackwardWeight"),
                TiledMatmulKernels::matmulBackwardWeight, new KernelContext(),
                layer, data(dWeight), at(dWeight), dWeight.step(), dOut, data(in), in.step(), rows, inC, outC));
    }

    @Override
    public void matmulBackwardBias(Tensor dBias, float[] dOut, int rows, int outC, int first, int count) {
        record(createPackage(id("matmulBackwardBias"), MatmulKernels::matmulBackwardBias,
                layer, data(dBias), at(dBias), dBias.step(), dOut, rows, outC, first, count));
    }

    @Override
    public void layerNorm(float[] out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels) {
        record(createPackage(id("layerNormStats"), LayerNormKernels::layerNormStats,
                layer, data(stats), stats.step(), data(in), at(in), in.step(), rows, channels));
        layerNormAgain(out, stats, in, weight, bias, rows, channels);
    }

    @Override
    public void layerNormAgain(float[] out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels) {
        record(createPackage(id("layerNormForward"), LayerNormKernels::layerNormForward,
                layer, out, data(stats), stats.step(), data(in), at(in), in.step(), data(weight), at(weight), at(bias),
                weight.step(), rows, channels));
    }

    @Override
    public void layerNormBackwardInput(float[] dIn, float[] sums, float[] dOut, Tensor stats, Tensor in, Tensor weight,
            int rows, int channels) {
        record(createPackage(id("layerNormBackwardSums"), LayerNormKernels::layerNormBackwardSums,
                layer, sums, dOut, data(stats), stats.step(), data(in), at(in), in.step(), data(weight), at(weight),
                weight.step(), rows, channels));
        record(createPackage(id("layerNormBackwardInput"), LayerNormKernels::layerNormBackwardInput,
                layer, dIn, sums, dOut, data(stats), stats.step(), data(in), at(in), in.step(), data(weight), at(weight),
                weight.step(), rows, channels));
    }

    @Override
    public void layerNormBackwardParams(Tensor dWeight, Tensor dBias, float[] dOut, Tensor stats, Tensor in, int rows, int channels) {
        record(createPackage(id("layerNormBackwardParams"), LayerNormKernels::layerNormBackwardParams,
                layer, data(dWeight), at(dWeight), at(dBias), dWeight.step(), dOut, data(stats), stats.step(), data(in),
                at(in), in.step(), rows, channels));
    }

    @Override
    public void gelu(float[] out, Tensor in, int n) {
        record(createPackage(id("geluForward"), GeluKernels::geluForward,
                layer, out, data(in), in.step(), n));
    }

    @Override
    public void geluBackward(float[] d, Tensor in, int n) {
        record(createPackage(id("geluBackward"), GeluKernels::geluBackward,
                layer, d, data(in), in.step(), n));
    }

    @Override
    public void attention(Tensor out, Tensor logSumExp, Tensor qkv, int batch, int tokens, int heads, int headSize) {
        TaskPackage plain = createPackage(id("attentionForward"), AttentionKernels::attentionForward,
                layer, data(out), out.step(), data(logSumExp), logSumExp.step(), data(qkv), qkv.step(), batch, tokens, heads, headSize);
        record(plain, tilesAttention(headSize), TiledAttentionKernels.threads(tokens, batch * heads), () -> createPackage(id("attentionForward"),
                TiledAttentionKernels::attentionForward, new KernelContext(),
                layer, data(out), out.step(), data(logSumExp), logSumExp.step(), data(qkv), qkv.step(), batch, tokens, heads, headSize));
    }

    @Override
    public void attentionBackward(float[] dQkv, float[] dot, float[] dOut, Tensor out, Tensor logSumExp, Tensor qkv,
            int batch, int tokens, int heads, int headSize) {
        record(createPackage(id("attentionBackwardDot"), AttentionKernels::attentionBackwardDot,
                layer, dot, dOut, data(out), out.step(), batch, tokens, heads, headSize));
        TaskPackage query = createPackage(id("attentionBackwardQuery"), AttentionKernels::attentionBackwardQuery,
                layer, dQkv, dOut, dot, data(qkv), qkv.step(), data(logSumExp), logSumExp.step(), batch, tokens, heads, headSize);
        record(query, tilesAttention(headSize), TiledAttentionKernels.threads(tokens, batch * heads), () -> createPackage(id("attentionBackwardQuery"),
                TiledAttentionKernels::attentionBackwardQuery, new KernelContext(),
                layer, dQkv, dOut, dot, data(qkv), qkv.step(), data(logSumExp), logSumExp.step(), batch, tokens, heads, headSize));
        TaskPackage keyValue = createPackage(id("attentionBackwardKeyValue"), AttentionKernels::attentionBackwardKeyValue,
                layer, dQkv, dOut, dot, data(qkv), qkv.step(), data(logSumExp), logSumExp.step(), batch, tokens, heads, headSize);
        record(keyValue, tilesAttention(headSize), TiledAttentionKernels.threads(tokens, batch * heads), () -> createPackage(id("attentionBackwardKeyValue"),
                TiledAttentionKernels::attentionBackwardKeyValue, new KernelContext(),
                layer, dQkv, dOut, dot, data(qkv), qkv.step(), data(logSumExp), logSumExp.step(), batch, tokens, heads, headSize));
    }

    private boolean tilesAttention(int headSize) {
        return tiled && headSize <= TiledAttentionKernels.MAX_HEAD_SIZE;
    }

    @Override
    public void residual(Tensor out, Tensor stream, float[] branch, int n) {
        record(createPackage(id("residualForward"), ResidualKernels::residualForward,
                layer, data(out), at(out), out.step(), data(stream), at(stream), stream.step(), branch, n));
    }

    @Override
    public void gatherPatches(float[] patches, float[] clip, int[] ids, int batch, int count, int frames, int height, int width, int u, int p) {
        record(createPackage(id("gatherPatches"), PatchKernels::gatherPatches,
                patches, clip, ids, batch, count, frames, height, width, u, p));
    }

    @Override
    public void gatherTargets(float[] target, float[] clip, int[] ids, int[] targetFrames,
            int batch, int count, int frames, int height, int width, int u, int p) {
        record(createPackage(id("gatherTargets"), PatchKernels::gatherTargets,
                target, clip, ids, targetFrames, batch, count, frames, height, width, u, p));
    }

    @Override
    public void normaliseTargets(float[] target, int rows, int values) {
        record(createPackage(id("normaliseTargets"), PatchKernels::normaliseTargets,
                target, rows, values));
    }

    @Override
    public void prependClass(float[] out, float[] in, Tensor classToken, int batch, int count, int cls, int channels) {
        record(createPackage(id("prependClassForward"), TokenKernels::prependClassForward,
                out, in, classToken == null ? in : data(classToken), classToken == null ? 0 : at(classToken), batch, count, cls,
                channels));
    }

    @Override
    public void prependClassBackward(float[] dIn, float[] dOut, int batch, int count, int cls, int channels) {
        record(createPackage(id("prependClassBackward"), TokenKernels::prependClassBackward,
                dIn, dOut, batch, count, cls, channels));
    }

    @Override
    public void firstRowBackward(Tensor grad, float[] dOut, int batch, int rows, int channels) {
        record(createPackage(id("firstRowBackward"), TokenKernels::firstRowBackward,
                data(grad), at(grad), dOut, batch, rows, channels));
    }

    @Override
    public void unshuffle(float[] out, float[] in, int[] slots, Tensor maskToken, Tensor classToken,
            int batch, int keep, int tokens, int cls, int channels) {
        record(createPackage(id("unshuffleForward"), TokenKernels::unshuffleForward,
                out, in, slots, data(maskToken), at(maskToken), classToken == null ? -1 : at(classToken), batch, keep, tokens,
                cls, channels));
    }

    @Override
    public void unshuffleBackward(float[] dIn, float[] dOut, int[] ids, int batch, int keep, int tokens, int cls, boolean carry, int channels) {
        record(createPackage(id("unshuffleBackward"), TokenKernels::unshuffleBackward,
                dIn, dOut, ids, batch, keep, tokens, cls, carry ? 1 : 0, channels));
    }

    @Override
    public void maskTokenBackward(Tensor dMaskToken, float[] dOut, int[] slots, int batch, int keep, int tokens, int cls, int channels) {
        record(createPackage(id("maskTokenBackward"), TokenKernels::maskTokenBackward,
                data(dMaskToken), at(dMaskToken), dOut, slots, batch, keep, tokens, cls, channels));
    }

    @Override
    public void gatherTokens(float[] out, Tensor in, int[] ids, int batch, int count, int tokens, int cls, int channels) {
        record(createPackage(id("gatherTokensForward"), TokenKernels::gatherTokensForward,
                out, data(in), at(in), ids, batch, count, tokens, cls, channels));
    }

    @Override
    public void gatherTokensBackward(float[] dIn, float[] dOut, int[] slots, int batch, int count, int tokens, int cls, int channels) {
        record(createPackage(id("gatherTokensBackward"), TokenKernels::gatherTokensBackward,
                dIn, dOut, slots, batch, count, tokens, cls, channels));
    }

    @Override
    public void addSeparablePositions(float[] x, int[] ids, Tensor spatial, Tensor temporal, Tensor classPosition,
            int batch, int count, int places, int cls, int channels) {
        record(createPackage(id("addSeparablePositions"), PositionKernels::addSeparablePositions,
                x, ids, data(spatial), at(spatial), at(temporal), classPosition == null ? 0 : at(classPosition), batch, count,
                places, cls, channels));
    }

    @Override
    public void addJointPositions(float[] x, int[] ids, Tensor joint, int batch, int count, int cls, int channels) {
        record(createPackage(id("addJointPositions"), PositionKernels::addJointPositions,
                x, ids, data(joint), at(joint), batch, count, cls, channels));
    }

    @Override
    public void spatialPositionsBackward(Tensor dSpatial, float[] dX, int[] slots,
            int batch, int count, int places, int times, int cls, int channels) {
        record(createPackage(id("spatialPositionsBackward"), PositionKernels::spatialPositionsBackward,
                data(dSpatial), at(dSpatial), dX, slots, batch, count, places, times, cls, channels));
    }

    @Override
    public void temporalPositionsBackward(Tensor dTemporal, float[] dX, int[] slots,
            int batch, int count, int places, int times, int cls, int channels) {
        record(createPackage(id("temporalPositionsBackward"), PositionKernels::temporalPositionsBackward,
                data(dTemporal), at(dTemporal), dX, slots, batch, count, places, times, cls, channels));
    }

    @Override
    public void jointPositionsBackward(Tensor dJoint, float[] dX, int[] slots, int batch, int count, int tokens, int cls, int channels) {
        record(createPackage(id("jointPositionsBackward"), PositionKernels::jointPositionsBackward,
                data(dJoint), at(dJoint), dX, slots, batch, count, tokens, cls, channels));
    }

    @Override
    public void loss(float[] rowLoss, float[] pred, float[] target, int[] ids, float[] mask, int batch, int count, int tokens, int values) {
        record(createPackage(id("lossForward"), LossKernels::lossForward,
                rowLoss, pred, target, ids, mask, batch, count, tokens, values));
    }

    @Override
    public void lossBackward(float[] dPred, float[] pred, float[] target, int[] ids, float[] mask,
            int batch, int count, int tokens, int values, int removed) {
        record(createPackage(id("lossBackward"), LossKernels::lossBackward,
                dPred, pred, target, ids, mask, batch, count, tokens, values, removed));
    }

    @Override
    public void mean(float[] out, float[] partials, float[] in, int n, int divisor) {
        record(createPackage(id("sumPartials"), ReduceKernels::sumPartials,
                partials, in, partials.length, n));
        record(createPackage(id("meanOfPartials"), ReduceKernels::meanOfPartials,
                out, partials, partials.length, divisor));
    }

    @Override
    public void norm(float[] out, float[] partials, float[] in, int n) {
        record(createPackage(id("squarePartials"), ReduceKernels::squarePartials,
                partials, in, partials.length, n));
        record(createPackage(id("rootOfPartials"), ReduceKernels::rootOfPartials,
                out, partials, partials.length));
    }

    @Override
    public void adamW(float[] params, float[] m, float[] v, float[] grads, float[] norm, float[] hyper, int decay, int n) {
        record(createPackage(id("adamWStep"), AdamWKernels::adamWStep,
                params, m, v, grads, norm, hyper, decay, n));
    }

    @Override
    public void zero(float[] values, int n) {
        record(createPackage(id("zero"), ReduceKernels::zero,
                values, n));
    }
}
