package org.tornadomae.kernels.tornado;

import static uk.ac.manchester.tornado.api.common.TaskPackage.createPackage;

import org.tornadomae.kernels.AttentionShape;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.loop.AttentionKernels;
import org.tornadomae.kernels.loop.GeluKernels;
import org.tornadomae.kernels.loop.LayerNormKernels;
import org.tornadomae.kernels.loop.MatmulKernels;
import org.tornadomae.kernels.loop.ResidualKernels;

/// The operations of a transformer block; [TornadoOps] has the others.
abstract class TornadoBlockOps extends Recorder {
    TornadoBlockOps(int[] layer, boolean tiled, Placement placement) {
        super(layer, tiled, placement);
    }

    @Override
    public void matmul(Tensor out, Tensor in, Tensor weight, Tensor bias, int rows, int inC, int outC) {
        record(MatmulKernels.class, tiled, TiledMatmulKernels.threads(rows, outC), TwinTasks.of(id("matmulForward"),
                MatmulKernels::matmulForward, TiledMatmulKernels::matmulForward, layer,
                out.floats(), at(out), in.floats(), at(in), Tensor.stacked(out, in), weight.floats(), at(weight),
                weight.step(), bias == null ? -1 : in(bias, weight), bias == null ? 0 : bias.step(), rows, inC, outC));
    }

    @Override
    public void matmulBackwardInput(Tensor dIn, Tensor dOut, Tensor weight, int rows, int inC, int outC) {
        record(MatmulKernels.class, tiled, TiledMatmulKernels.threads(rows, inC),
                TwinTasks.of(id("matmulBackwardInput"),
                        MatmulKernels::matmulBackwardInput, TiledMatmulKernels::matmulBackwardInput, layer,
                        dIn.floats(), fixed(dIn), dOut.floats(), fixed(dOut), weight.floats(), at(weight),
                        weight.step(),
                        rows, inC, outC));
    }

    @Override
    public void matmulBackwardWeight(Tensor dWeight, Tensor dOut, Tensor in, int rows, int inC, int outC) {
        record(MatmulKernels.class, tiled, TiledMatmulKernels.threads(outC, inC),
                TwinTasks.of(id("matmulBackwardWeight"),
                        MatmulKernels::matmulBackwardWeight, TiledMatmulKernels::matmulBackwardWeight, layer,
                        dWeight.floats(), at(dWeight), dWeight.step(), dOut.floats(), fixed(dOut),
                        in.floats(), at(in), in.step(), rows, inC, outC));
    }

    @Override
    public void matmulBackwardBias(Tensor dBias, Tensor dOut, int rows, int outC, int first, int count) {
        record(MatmulKernels.class, createPackage(id("matmulBackwardBias"), MatmulKernels::matmulBackwardBias, layer,
                dBias.floats(), at(dBias), dBias.step(), dOut.floats(), fixed(dOut), rows, outC, first, count));
    }

    @Override
    public void layerNorm(Tensor out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows, int channels,
            float eps) {
        record(LayerNormKernels.class, createPackage(id("layerNormStats"), LayerNormKernels::layerNormStats, layer,
                stats.floats(), at(stats), stats.step(), in.floats(), at(in), in.step(), rows, channels, eps));
        layerNormRecompute(out, stats, in, weight, bias, rows, channels);
    }

    @Override
    public void layerNormRecompute(Tensor out, Tensor stats, Tensor in, Tensor weight, Tensor bias, int rows,
            int channels) {
        record(LayerNormKernels.class, createPackage(id("layerNormForward"), LayerNormKernels::layerNormForward,
                layer, out.floats(), fixed(out), stats.floats(), at(stats), stats.step(),
                in.floats(), at(in), in.step(), weight.floats(), at(weight), beside(bias, weight), weight.step(),
                rows, channels));
    }

    @Override
    public void layerNormBackwardInput(Tensor dIn, Tensor sums, Tensor dOut, Tensor stats, Tensor in, Tensor weight,
            int rows, int channels) {
        record(LayerNormKernels.class,
                createPackage(id("layerNormBackwardStats"), LayerNormKernels::layerNormBackwardStats,
                        layer, sums.floats(), fixed(sums), stats.floats(), at(stats), stats.step(), rows));
        record(LayerNormKernels.class,
                createPackage(id("layerNormBackwardSums"), LayerNormKernels::layerNormBackwardSums,
                        layer, sums.floats(), fixed(sums), dOut.floats(), fixed(dOut), in.floats(), at(in), in.step(),
                        weight.floats(), at(weight), weight.step(), rows, channels));
        record(LayerNormKernels.class,
                createPackage(id("layerNormBackwardInput"), LayerNormKernels::layerNormBackwardInput,
                        layer, dIn.floats(), fixed(dIn), sums.floats(), fixed(sums), dOut.floats(), fixed(dOut),
                        in.floats(), at(in), in.step(), weight.floats(), at(weight), weight.step(), rows, channels));
    }

    @Override
    public void layerNormBackwardParams(Tensor dWeight, Tensor dBias, Tensor dOut, Tensor stats, Tensor in, int rows,
            int channels) {
        record(LayerNormKernels.class,
                createPackage(id("layerNormBackwardParams"), LayerNormKernels::layerNormBackwardParams,
                        layer, dWeight.floats(), at(dWeight), beside(dBias, dWeight), dWeight.step(),
                        dOut.floats(), fixed(dOut), stats.floats(), at(stats), stats.step(), in.floats(), at(in),
                        in.step(),
                        rows, channels));
    }

    @Override
    public void gelu(Tensor out, Tensor in) {
        record(GeluKernels.class, createPackage(id("geluForward"), GeluKernels::geluForward, layer,
                out.floats(), fixed(out), in.floats(), at(in), in.step(), in.size()));
    }

    @Override
    public void geluBackward(Tensor d, Tensor in) {
        record(GeluKernels.class, createPackage(id("geluBackward"), GeluKernels::geluBackward, layer,
                d.floats(), fixed(d), in.floats(), at(in), in.step(), in.size()));
    }

    @Override
    public void attention(Tensor out, Tensor logSumExp, Tensor qkv, AttentionShape shape) {
        record(AttentionKernels.class, tilesAttention(shape),
                TiledAttentionKernels.threads(shape.tokens(), shape.batch() * shape.heads()),
                TwinTasks.of(id("attentionForward"),
                        AttentionKernels::attentionForward, TiledAttentionKernels::attentionForward, layer,
                        out.floats(), at(out), out.step(), logSumExp.floats(), at(logSumExp), logSumExp.step(),
                        qkv.floats(), at(qkv), qkv.step(), shape.batch(), shape.tokens(), shape.heads(),
                        shape.headSize()));
    }

    @Override
    public void attentionBackward(Tensor dQkv, Tensor dots, Tensor dOut, Tensor out, Tensor logSumExp, Tensor qkv,
            AttentionShape shape) {
        record(AttentionKernels.class, createPackage(id("attentionBackwardDots"),
                AttentionKernels::attentionBackwardDots,
                layer, dots.floats(), fixed(dots), dOut.floats(), fixed(dOut), out.floats(), at(out), out.step(),
                logSumExp.floats(), at(logSumExp), logSumExp.step(), shape.batch(), shape.tokens(), shape.heads(),
                shape.headSize()));
        record(AttentionKernels.class, tilesAttention(shape),
                TiledAttentionKernels.threads(shape.tokens(), shape.batch() * shape.heads()),
                TwinTasks.of(id("attentionBackwardQuery"),
                        AttentionKernels::attentionBackwardQuery, TiledAttentionKernels::attentionBackwardQuery, layer,
                        dQkv.floats(), fixed(dQkv), dOut.floats(), fixed(dOut), dots.floats(), fixed(dots),
                        qkv.floats(), at(qkv), qkv.step(), shape.batch(), shape.tokens(), shape.heads(),
                        shape.headSize()));
        record(AttentionKernels.class, tilesAttention(shape),
                TiledAttentionKernels.threads(shape.tokens(), shape.batch() * shape.heads()),
                TwinTasks.of(id("attentionBackwardKeyValue"),
                        AttentionKernels::attentionBackwardKeyValue, TiledAttentionKernels::attentionBackwardKeyValue,
                        layer,
                        dQkv.floats(), fixed(dQkv), dOut.floats(), fixed(dOut), dots.floats(), fixed(dots),
                        qkv.floats(), at(qkv), qkv.step(), shape.batch(), shape.tokens(), shape.heads(),
                        shape.headSize()));
    }

    @Override
    public void residual(Tensor out, Tensor stream, Tensor branch) {
        record(ResidualKernels.class, createPackage(id("residualForward"), ResidualKernels::residualForward, layer,
                out.floats(), at(out), out.step(), stream.floats(), at(stream), stream.step(),
                branch.floats(), fixed(branch), out.size()));
    }
}
