package org.tornadomae.mae.model;

import java.util.Arrays;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.nn.Block;
import org.tornadomae.nn.Init;
import org.tornadomae.nn.LayerNorm;
import org.tornadomae.nn.Linear;
import org.tornadomae.nn.Param;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.Sizes;
import org.tornadomae.nn.Workspace;

/// The decoder, on all tokens: embed, mask tokens, positions, blocks; then norm and prediction head for the tokens to
/// predict only (docs/spec.md, Model 4).
final class Decoder {
    private final boolean carry;
    private final TokenShape visible;
    private final TokenShape all;
    private final TokenShape predicted;
    private final Tensor allIds;
    private final Linear embed;
    private final Param maskToken;
    private final Param classToken;
    private final PositionEmbedding positions;
    private final Block blocks;
    private final LayerNorm norm;
    private final Linear head;
    private final Tensor embedded;
    private final Tensor picked;
    private final Tensor normed;
    private final Tensor pred;
    private final Tensor dPred;
    private final Tensor dNormed;
    private final Tensor dPicked;
    private final Tensor dEmbedded;

    /// @param seen      of the tokens that the encoder sees
    /// @param predicted tokens of a clip to predict
    Decoder(ParamLayout layout, Workspace workspace, MaeConfig c, TokenShape seen, int predicted) {
        int channels = c.decoder().embedDim();
        int tokens = seen.tokens();
        this.carry = c.carryClassToken();
        this.visible = new TokenShape(seen.batch(), seen.count(), tokens, seen.cls(), channels);
        this.all = new TokenShape(seen.batch(), tokens, tokens, seen.cls(), channels);
        this.predicted = new TokenShape(seen.batch(), predicted, tokens, seen.cls(), channels);
        int[] everyToken = new int[Sizes.product(seen.batch(), tokens)];
        Arrays.setAll(everyToken, i -> i % tokens);
        this.allIds = workspace.constant("allIds", everyToken); // [B, N]: every token, in order
        this.embed = Linear.declare(layout, "decoder_embed", c.encoder().embedDim(), channels, true);
        this.embedded = workspace.kept("decoder.embedded", visible.rows(), channels); // [B, cls + keep, C]
        this.maskToken = layout.declare("mask_token", Init.NORMAL, 1, 1, channels);
        this.classToken = seen.cls() == 1 && !carry
                ? layout.declare("decoder_cls_token", Init.TRUNCATED_NORMAL, 1, 1, channels)
                : null;
        this.positions = PositionEmbedding.declare(layout, workspace, "decoder_", c.decoder().positions(), c.grid(),
                channels, seen.cls());
        this.blocks = new Block(layout, workspace, "decoder_blocks",
                c.decoder().blocks(seen.batch(), seen.cls() + tokens, false));
        int rows = this.predicted.chosen();
        this.picked = workspace.scratch("decoder.picked", rows, channels); // [B, predicted, C]
        this.norm = new LayerNorm(layout, workspace, "decoder_norm", rows, channels, c.decoder().normEps());
        this.normed = workspace.scratch("decoder.normed", rows, channels); // [B, predicted, C]
        this.head = Linear.declare(layout, "decoder_pred", channels, c.predValues(), true);
        this.pred = workspace.result("pred", rows, c.predValues()); // [B, predicted, P']
        this.dPred = workspace.scratch("dPred", rows, c.predValues()); // [B, predicted, P']
        this.dNormed = workspace.scratch("decoder.dNormed", rows, channels); // [B, predicted, C]
        this.dPicked = workspace.scratch("decoder.dPicked", rows, channels); // [B, predicted, C]
        this.dEmbedded = workspace.scratch("decoder.dEmbedded", visible.rows(), channels); // [B, cls + keep, C]
    }

    /// @param latent `[B, cls + keep, D]`
    void forward(Ops ops, Params params, Tensor latent, MaskBatch masks) {
        embed.forward(ops, params, embedded, latent, visible.rows());
        ops.unshuffle(blocks.input(), embedded, masks.idsRestore(), params.value(maskToken), params.value(classToken),
                visible);
        positions.forward(ops, params, blocks.input(), allIds, all);
        blocks.forward(ops, params);
        ops.gatherTokens(picked, blocks.output(), masks.idsPredict(), predicted);
        norm.forward(ops, params, normed, picked);
        head.forward(ops, params, pred, normed, predicted.chosen());
    }

    /// From [#dPred] down to the latent.
    ///
    /// @param dLatent `[B, cls + keep, D]`, overwritten
    void backward(Ops ops, Params params, Tensor dLatent, Tensor latent, MaskBatch masks) {
        head.backward(ops, params, dNormed, dPred, normed, predicted.chosen());
        ops.zero(dPicked);
        norm.backward(ops, params, dPicked, dNormed, picked);
        ops.gatherTokensBackward(blocks.dStream(), dPicked, masks.predictSlots(), predicted);
        blocks.backward(ops, params);
        positions.backward(ops, params, blocks.dStream(), allIds, all);
        ops.maskTokenBackward(params.grad(maskToken), blocks.dStream(), masks.idsRestore(), visible);
        if (classToken != null) {
            ops.classTokenBackward(params.grad(classToken), blocks.dStream(), all);
        }
        ops.unshuffleBackward(dEmbedded, blocks.dStream(), masks.idsKeep(), visible, carry);
        embed.backward(ops, params, dLatent, dEmbedded, latent, visible.rows());
    }

    /// `[B, predicted, P']`
    Tensor pred() {
        return pred;
    }

    /// `[B, predicted, P']`
    Tensor dPred() {
        return dPred;
    }
}
