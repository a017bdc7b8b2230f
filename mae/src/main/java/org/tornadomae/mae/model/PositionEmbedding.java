package org.tornadomae.mae.model;

import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.nn.Init;
import org.tornadomae.nn.Param;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;

/// Learned positions, separable (space + time) or joint, for any subset of the tokens (docs/spec.md, Model 3).
final class PositionEmbedding {
    private final PatchGrid grid;
    private final int channels;
    private final Param spatial;
    private final Param temporal;
    private final Param classPosition;
    private final Param joint;

    /// @param prefix "" for the encoder, "decoder_" for the decoder
    PositionEmbedding(ParamLayout layout, String prefix, PatchGrid grid, int channels, boolean separable, int cls) {
        this.grid = grid;
        this.channels = channels;
        String name = prefix + "pos_embed";
        this.spatial =
                separable ? layout.declare(name + "_spatial", Init.TRUNCATED_NORMAL, 1, grid.places(), channels) : null;
        this.temporal =
                separable ? layout.declare(name + "_temporal", Init.TRUNCATED_NORMAL, 1, grid.times(), channels) : null;
        this.classPosition =
                separable && cls == 1 ? layout.declare(name + "_class", Init.TRUNCATED_NORMAL, 1, 1, channels) : null;
        this.joint = separable ? null : layout.declare(name, Init.TRUNCATED_NORMAL, 1, grid.tokens() + cls, channels);
    }

    /// x += positions.
    ///
    /// @param x     `[B, cls + count, C]`, in place
    /// @param ids   `[B, count]` token numbers of the rows
    void forward(Ops ops, Params params, Tensor x, Tensor ids, TokenShape shape) {
        if (joint != null) {
            ops.addJointPositions(x, ids, params.value(joint), shape);
        } else {
            ops.addSeparablePositions(x, ids, params.value(spatial), params.value(temporal),
                    params.value(classPosition),
                    shape, grid.places());
        }
    }

    /// @param dX    `[B, cls + count, C]`
    /// @param slots `[B, N]`, inverse of `ids`
    void backward(Ops ops, Params params, Tensor dX, Tensor slots, TokenShape shape) {
        if (joint != null) {
            ops.jointPositionsBackward(params.grad(joint), dX, slots, shape);
        } else {
            ops.spatialPositionsBackward(params.grad(spatial), dX, slots, shape, grid.places());
            ops.temporalPositionsBackward(params.grad(temporal), dX, slots, shape, grid.places());
        }
        if (shape.cls() == 1) {
            // the class token's row: its own tensor, or row 0 of the joint one
            Tensor grad = joint != null ? params.grad(joint).slice(0, channels) : params.grad(classPosition);
            ops.classTokenBackward(grad, dX, shape);
        }
    }
}
