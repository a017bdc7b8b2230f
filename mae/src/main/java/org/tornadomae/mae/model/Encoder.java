package org.tornadomae.mae.model;

import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.PatchGrid;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.nn.Block;
import org.tornadomae.nn.Init;
import org.tornadomae.nn.Linear;
import org.tornadomae.nn.Param;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.Workspace;

/// The ViT encoder up to its last norm, on visible patches only: embed, class token, positions, blocks (docs/spec.md,
/// Model 1 and 3). What comes behind it differs: pre-training norms every token, a classifier the mean of them.
final class Encoder {
    private final PatchGrid grid;
    private final TokenShape shape;
    private final Linear patchEmbed;
    private final Param classToken;
    private final PositionEmbedding positions;
    private final Block blocks;
    private final Tensor patches;
    private final Tensor embedded;
    private final Tensor dEmbedded;

    /// @param shape    of the tokens that it sees
    /// @param dropPath whether branches of single clips may be dropped
    Encoder(ParamLayout layout, Workspace workspace, PatchGrid grid, Stack stack, TokenShape shape, boolean dropPath) {
        this.grid = grid;
        this.shape = shape;
        int channels = shape.channels();
        this.patches = workspace.kept("patches", shape.chosen(), grid.patchValues()); // [B, keep, P]
        this.patchEmbed =
                Linear.declarePatchEmbedding(layout, "patch_embed.proj", channels, grid.tPatchSize(), grid.patchSize());
        this.embedded = workspace.scratch("embedded", shape.chosen(), channels); // [B, keep, C]
        this.classToken = shape.cls() == 1 ? layout.declare("cls_token", Init.TRUNCATED_NORMAL, 1, 1, channels) : null;
        this.positions =
                PositionEmbedding.declare(layout, workspace, "", stack.positions(), grid, channels, shape.cls());
        this.blocks = new Block(layout, workspace, "blocks",
                stack.blocks(shape.batch(), shape.cls() + shape.count(), dropPath));
        this.dEmbedded = workspace.scratch("dEmbedded", shape.chosen(), channels); // [B, keep, C]
    }

    /// @param clip `[B, 3, T, H, W]`
    void forward(Ops ops, Params params, Tensor clip, MaskBatch masks) {
        ops.gatherPatches(patches, clip, masks.idsKeep(), shape.batch(), shape.count(), grid);
        patchEmbed.forward(ops, params, embedded, patches, shape.chosen());
        ops.prependClass(blocks.input(), embedded, params.value(classToken), shape);
        positions.forward(ops, params, blocks.input(), masks.idsKeep(), shape);
        blocks.forward(ops, params);
    }

    /// From [#dOutput] down to the patch embedding; pixels need no gradient.
    void backward(Ops ops, Params params, MaskBatch masks) {
        blocks.backward(ops, params);
        positions.backward(ops, params, blocks.dStream(), masks.idsRestore(), shape);
        if (classToken != null) {
            ops.classTokenBackward(params.grad(classToken), blocks.dStream(), shape);
        }
        ops.prependClassBackward(dEmbedded, blocks.dStream(), shape);
        patchEmbed.backwardParams(ops, params, dEmbedded, patches, shape.chosen());
    }

    /// `[B, cls + keep, C]`
    Tensor output() {
        return blocks.output();
    }

    /// `[B, cls + keep, C]`: the caller fills it before [#backward].
    Tensor dOutput() {
        return blocks.dStream();
    }

    /// Which branches of which clips are kept; see [Block#keepAttention].
    Block blocks() {
        return blocks;
    }
}
