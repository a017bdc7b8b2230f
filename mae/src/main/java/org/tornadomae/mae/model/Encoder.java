package org.tornadomae.mae.model;

import java.util.List;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.mae.mask.PatchGrid;
import org.tornadomae.nn.Block;
import org.tornadomae.nn.BlockShape;
import org.tornadomae.nn.Init;
import org.tornadomae.nn.LayerNorm;
import org.tornadomae.nn.Linear;
import org.tornadomae.nn.Param;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.Scratch;
import org.tornadomae.nn.Sizes;

/// The ViT encoder, on visible patches only: embed, class token, positions, blocks, norm (SPEC, Model 1 and 3).
final class Encoder {
    private final PatchGrid grid;
    private final int batch;
    private final int keep;
    private final int cls;
    private final int channels;
    private final Linear patchEmbed;
    private final Param classToken;
    private final PositionEmbedding positions;
    private final Block blocks;
    private final LayerNorm norm;
    private final float[] patches;
    private final float[] embedded;
    private final float[] latent;
    private final float[] dLatent;
    private final float[] dEmbedded;

    Encoder(ParamLayout layout, MaeConfig c, int batch, int keep, Scratch scratch) {
        this.grid = c.grid();
        this.batch = batch;
        this.keep = keep;
        this.cls = c.cls();
        this.channels = c.encoder().embedDim();
        int rows = Sizes.product(batch, cls + keep);
        this.patchEmbed = Linear.declarePatchEmbedding(layout, "patch_embed.proj", channels, grid.tPatchSize(), grid.patchSize());
        this.classToken = cls == 1 ? layout.declare("cls_token", Init.TRUNCATED_NORMAL, 1, 1, channels) : null;
        this.positions = new PositionEmbedding(layout, "", grid, channels, c.encoder().sepPosEmbed(), cls);
        this.blocks = new Block(layout, "blocks", shape(c, batch, keep), scratch);
        this.norm = new LayerNorm(layout, "norm", 1, rows, channels);
        this.patches = Sizes.floats(batch, keep, grid.patchValues()); // [B, keep, P]
        this.embedded = Sizes.floats(batch, keep, channels); // [B, keep, C]
        this.latent = Sizes.floats(rows, channels); // [B, cls + keep, C]
        this.dLatent = Sizes.floats(rows, channels);
        this.dEmbedded = Sizes.floats(batch, keep, channels);
    }

    /// The stack of blocks, on the visible tokens.
    static BlockShape shape(MaeConfig c, int batch, int keep) {
        return c.encoder().blocks(batch, c.cls() + keep);
    }

    /// @param clip [B, 3, T, H, W]
    void forward(Ops ops, Params params, float[] clip, MaskBatch masks) {
        ops.gatherPatches(patches, clip, masks.idsKeep(), batch, keep, grid.frames(), grid.height(), grid.width(), grid.tPatchSize(), grid.patchSize());
        patchEmbed.forward(ops, params, Tensor.of(embedded), Tensor.of(patches), batch * keep);
        ops.prependClass(blocks.input(), embedded, cls == 1 ? params.value(classToken) : null, batch, keep, cls, channels);
        positions.forward(ops, params, blocks.input(), masks.idsKeep(), batch, keep);
        blocks.forward(ops, params);
        norm.forward(ops, params, latent, blocks.output());
    }

    /// From [#dLatent] down to the patch embedding; pixels need no gradient.
    void backward(Ops ops, Params params, MaskBatch masks) {
        ops.zero(blocks.dStream(), blocks.dStream().length);
        norm.backward(ops, params, blocks.dStream(), dLatent, blocks.output());
        blocks.backward(ops, params);
        positions.backward(ops, params, blocks.dStream(), masks.idsRestore(), batch, keep);
        if (cls == 1) {
            ops.firstRowBackward(params.grad(classToken), blocks.dStream(), batch, cls + keep, channels);
        }
        ops.prependClassBackward(dEmbedded, blocks.dStream(), batch, keep, cls, channels);
        patchEmbed.backwardParams(ops, params, dEmbedded, Tensor.of(patches), batch * keep);
    }

    /// [B, cls + keep, C], normalised.
    float[] latent() {
        return latent;
    }

    /// [B, cls + keep, C]
    float[] dLatent() {
        return dLatent;
    }

    /// What forward computes, in order, for finding where a number went wrong.
    List<NamedArray> activations() {
        return List.of(new NamedArray("patches", patches), new NamedArray("patch embedding", embedded),
                new NamedArray("encoder blocks", blocks.input()), new NamedArray("latent", latent));
    }
}
