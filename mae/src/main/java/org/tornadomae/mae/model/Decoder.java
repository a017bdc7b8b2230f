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

/// The decoder, on all tokens: embed, mask tokens, positions, blocks; then norm and prediction head for the tokens to predict
/// only (SPEC, Model 4).
final class Decoder {
    private final PatchGrid grid;
    private final int batch;
    private final int keep;
    private final int tokens;
    private final int predicted;
    private final int cls;
    private final boolean carry;
    private final int channels;
    private final int[] allIds;
    private final Linear embed;
    private final Param maskToken;
    private final Param classToken;
    private final PositionEmbedding positions;
    private final Block blocks;
    private final LayerNorm norm;
    private final Linear head;
    private final float[] embedded;
    private final float[] picked;
    private final float[] normed;
    private final float[] pred;
    private final float[] dPred;
    private final float[] dNormed;
    private final float[] dPicked;
    private final float[] dEmbedded;

    Decoder(ParamLayout layout, MaeConfig c, int batch, int keep, int predicted, Scratch scratch) {
        this.grid = c.grid();
        this.batch = batch;
        this.keep = keep;
        this.tokens = grid.tokens();
        this.predicted = predicted;
        this.cls = c.cls();
        this.carry = c.carryClassToken();
        this.channels = c.decoder().embedDim();
        this.allIds = new int[Sizes.product(batch, tokens)]; // [B, N]: every token, in order
        for (int i = 0; i < allIds.length; i++) {
            allIds[i] = i % tokens;
        }
        this.embed = Linear.declare(layout, "decoder_embed", c.encoder().embedDim(), channels, true);
        this.maskToken = layout.declare("mask_token", Init.NORMAL, 1, 1, channels);
        this.classToken = cls == 1 && !carry ? layout.declare("decoder_cls_token", Init.TRUNCATED_NORMAL, 1, 1, channels) : null;
        this.positions = new PositionEmbedding(layout, "decoder_", grid, channels, c.decoder().sepPosEmbed(), cls);
        this.blocks = new Block(layout, "decoder_blocks", shape(c, batch), scratch);
        this.norm = new LayerNorm(layout, "decoder_norm", 1, batch * predicted, channels);
        this.head = Linear.declare(layout, "decoder_pred", channels, c.predValues(), true);
        this.embedded = Sizes.floats(batch, cls + keep, channels); // [B, cls + keep, C]
        this.picked = scratch.wide(); // [B, predicted, C]
        this.normed = scratch.normed(); // [B, predicted, C]
        this.pred = Sizes.floats(batch, predicted, c.predValues()); // [B, predicted, P']
        this.dPred = scratch.wide(); // [B, predicted, P']
        this.dNormed = scratch.branch(); // [B, predicted, C]
        this.dPicked = scratch.dWide(); // [B, predicted, C]
        this.dEmbedded = new float[embedded.length];
    }

    /// The stack of blocks, on all tokens.
    static BlockShape shape(MaeConfig c, int batch) {
        return c.decoder().blocks(batch, c.cls() + c.grid().tokens());
    }

    /// @param latent [B, cls + keep, D]
    void forward(Ops ops, Params params, float[] latent, MaskBatch masks) {
        embed.forward(ops, params, Tensor.of(embedded), Tensor.of(latent), batch * (cls + keep));
        ops.unshuffle(blocks.input(), embedded, masks.idsRestore(), params.value(maskToken),
                classToken == null ? null : params.value(classToken), batch, keep, tokens, cls, channels);
        positions.forward(ops, params, blocks.input(), allIds, batch, tokens);
        blocks.forward(ops, params);
        ops.gatherTokens(picked, blocks.output(), masks.idsPredict(), batch, predicted, tokens, cls, channels);
        norm.forward(ops, params, normed, Tensor.of(picked));
        head.forward(ops, params, Tensor.of(pred), Tensor.of(normed), batch * predicted);
    }

    /// From [#dPred] down to the latent.
    ///
    /// @param dLatent [B, cls + keep, D], overwritten
    void backward(Ops ops, Params params, float[] dLatent, float[] latent, MaskBatch masks) {
        head.backward(ops, params, dNormed, dPred, Tensor.of(normed), batch * predicted);
        ops.gatherTokens(picked, blocks.output(), masks.idsPredict(), batch, predicted, tokens, cls, channels); // dPred took its place
        ops.zero(dPicked, batch * predicted * channels);
        norm.backward(ops, params, dPicked, dNormed, Tensor.of(picked));
        ops.gatherTokensBackward(blocks.dStream(), dPicked, masks.predictSlots(), batch, predicted, tokens, cls, channels);
        blocks.backward(ops, params);
        positions.backward(ops, params, blocks.dStream(), allIds, batch, tokens);
        ops.maskTokenBackward(params.grad(maskToken), blocks.dStream(), masks.idsRestore(), batch, keep, tokens, cls, channels);
        if (classToken != null) {
            ops.firstRowBackward(params.grad(classToken), blocks.dStream(), batch, cls + tokens, channels);
        }
        ops.unshuffleBackward(dEmbedded, blocks.dStream(), masks.idsKeep(), batch, keep, tokens, cls, carry, channels);
        embed.backward(ops, params, dLatent, dEmbedded, Tensor.of(latent), batch * (cls + keep));
    }

    /// [B, predicted, P']
    float[] pred() {
        return pred;
    }

    /// [B, predicted, P']
    float[] dPred() {
        return dPred;
    }

    /// Constants that the kernels read.
    int[] allIds() {
        return allIds;
    }

    /// What forward computes, in order.
    List<NamedArray> activations() {
        return List.of(new NamedArray("decoder embedding", embedded), new NamedArray("decoder blocks", blocks.input()),
                new NamedArray("prediction", pred));
    }
}
