package org.tornadomae.mae.model;

import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.nn.Init;
import org.tornadomae.nn.Param;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.Workspace;

/// What tells tokens apart, for any subset of them (docs/spec.md, Model 3).
sealed interface PositionEmbedding {
    /// x += positions.
    ///
    /// @param x     `[B, cls + count, C]`, in place
    /// @param ids   `[B, count]` token numbers of the rows
    void forward(Ops ops, Params params, Tensor x, Tensor ids, TokenShape shape);

    /// The class token's row included.
    ///
    /// @param dX    `[B, cls + count, C]`
    /// @param slots `[B, N]`, inverse of `ids`
    void backward(Ops ops, Params params, Tensor dX, Tensor slots, TokenShape shape);

    /// @param prefix "" for the encoder, "decoder_" for the decoder
    static PositionEmbedding declare(ParamLayout layout, Workspace workspace, String prefix, Positions positions,
            PatchGrid grid, int channels, int cls) {
        String name = prefix + "pos_embed";
        boolean drawn = positions.start() == Positions.Start.NORMAL;
        return switch (positions.kind()) {
            case SEPARABLE -> new Separable(grid.places(),
                    layout.declare(name + "_spatial",
                            drawn ? Init.TRUNCATED_NORMAL : Init.table(SinCosTable.spatial(grid, channels)),
                            1, grid.places(), channels),
                    layout.declare(name + "_temporal",
                            drawn ? Init.TRUNCATED_NORMAL : Init.table(SinCosTable.temporal(grid, channels)),
                            1, grid.times(), channels),
                    cls == 1
                            ? layout.declare(name + "_class", drawn ? Init.TRUNCATED_NORMAL : Init.ZEROS, 1, 1,
                                    channels)
                            : null);
            case JOINT -> new Joint(channels, layout.declare(name,
                    drawn ? Init.TRUNCATED_NORMAL : Init.table(SinCosTable.joint(grid, channels, cls)),
                    1, grid.tokens() + cls, channels));
            case SINCOS -> {
                float[] table = new float[(cls + grid.tokens()) * channels]; // the class token is nowhere: zeros
                float[] tokens = SinCosTable.of(grid.tokens(), channels);
                System.arraycopy(tokens, 0, table, cls * channels, tokens.length);
                yield new Fixed(workspace.constant(name, table));
            }
        };
    }

    /// Learned: space + time.
    ///
    /// @param spatial       `[1, h·w, C]`
    /// @param temporal      `[1, t, C]`
    /// @param classPosition `[1, 1, C]`, or null without class token
    record Separable(int places, Param spatial, Param temporal, Param classPosition) implements PositionEmbedding {
        @Override
        public void forward(Ops ops, Params params, Tensor x, Tensor ids, TokenShape shape) {
            ops.addSeparablePositions(x, ids, params.value(spatial), params.value(temporal),
                    params.value(classPosition), shape, places);
        }

        @Override
        public void backward(Ops ops, Params params, Tensor dX, Tensor slots, TokenShape shape) {
            ops.spatialPositionsBackward(params.grad(spatial), dX, slots, shape, places);
            ops.temporalPositionsBackward(params.grad(temporal), dX, slots, shape, places);
            if (classPosition != null) {
                ops.classTokenBackward(params.grad(classPosition), dX, shape);
            }
        }
    }

    /// Learned: one vector per token.
    ///
    /// @param table `[1, cls + N, C]`
    record Joint(int channels, Param table) implements PositionEmbedding {
        @Override
        public void forward(Ops ops, Params params, Tensor x, Tensor ids, TokenShape shape) {
            ops.addJointPositions(x, ids, params.value(table), shape);
        }

        @Override
        public void backward(Ops ops, Params params, Tensor dX, Tensor slots, TokenShape shape) {
            ops.jointPositionsBackward(params.grad(table), dX, slots, shape);
            if (shape.cls() == 1) {
                ops.classTokenBackward(params.grad(table).slice(0, channels), dX, shape);
            }
        }
    }

    /// Not learned.
    ///
    /// @param table `[cls + N, C]`
    record Fixed(Tensor table) implements PositionEmbedding {
        @Override
        public void forward(Ops ops, Params params, Tensor x, Tensor ids, TokenShape shape) {
            ops.addJointPositions(x, ids, table, shape);
        }

        @Override
        public void backward(Ops ops, Params params, Tensor dX, Tensor slots, TokenShape shape) {
            // constants have no gradient
        }
    }
}
