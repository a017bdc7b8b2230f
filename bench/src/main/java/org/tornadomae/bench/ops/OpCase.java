package org.tornadomae.bench.ops;

import java.util.Locale;
import java.util.function.Function;
import org.tornadomae.nn.BlockShape;

/// Every operation at every shape at which a training step calls it.
public enum OpCase {
    PATCH_EMBED(s -> patchEmbed(s).forward(s)),
    PATCH_EMBED_WEIGHT_GRADIENT(s -> patchEmbed(s).weightGradient(s)),
    ENCODER_QKV(s -> qkv(s.encoder()).forward(s)),
    ENCODER_QKV_INPUT_GRADIENT(s -> qkv(s.encoder()).inputGradient(s)),
    ENCODER_QKV_WEIGHT_GRADIENT(s -> qkv(s.encoder()).weightGradient(s)),
    ENCODER_PROJ(s -> proj(s.encoder()).forward(s)),
    ENCODER_PROJ_INPUT_GRADIENT(s -> proj(s.encoder()).inputGradient(s)),
    ENCODER_PROJ_WEIGHT_GRADIENT(s -> proj(s.encoder()).weightGradient(s)),
    ENCODER_FC1(s -> fc1(s.encoder()).forward(s)),
    ENCODER_FC1_INPUT_GRADIENT(s -> fc1(s.encoder()).inputGradient(s)),
    ENCODER_FC1_WEIGHT_GRADIENT(s -> fc1(s.encoder()).weightGradient(s)),
    ENCODER_FC1_BIAS_GRADIENT(s -> fc1(s.encoder()).biasGradient(s)),
    ENCODER_FC2(s -> fc2(s.encoder()).forward(s)),
    ENCODER_FC2_INPUT_GRADIENT(s -> fc2(s.encoder()).inputGradient(s)),
    ENCODER_FC2_WEIGHT_GRADIENT(s -> fc2(s.encoder()).weightGradient(s)),
    DECODER_EMBED(s -> decoderEmbed(s).forward(s)),
    DECODER_EMBED_INPUT_GRADIENT(s -> decoderEmbed(s).inputGradient(s)),
    DECODER_EMBED_WEIGHT_GRADIENT(s -> decoderEmbed(s).weightGradient(s)),
    DECODER_QKV(s -> qkv(s.decoder()).forward(s)),
    DECODER_QKV_INPUT_GRADIENT(s -> qkv(s.decoder()).inputGradient(s)),
    DECODER_QKV_WEIGHT_GRADIENT(s -> qkv(s.decoder()).weightGradient(s)),
    DECODER_PROJ(s -> proj(s.decoder()).forward(s)),
    DECODER_PROJ_INPUT_GRADIENT(s -> proj(s.decoder()).inputGradient(s)),
    DECODER_PROJ_WEIGHT_GRADIENT(s -> proj(s.decoder()).weightGradient(s)),
    DECODER_FC1(s -> fc1(s.decoder()).forward(s)),
    DECODER_FC1_INPUT_GRADIENT(s -> fc1(s.decoder()).inputGradient(s)),
    DECODER_FC1_WEIGHT_GRADIENT(s -> fc1(s.decoder()).weightGradient(s)),
    DECODER_FC1_BIAS_GRADIENT(s -> fc1(s.decoder()).biasGradient(s)),
    DECODER_FC2(s -> fc2(s.decoder()).forward(s)),
    DECODER_FC2_INPUT_GRADIENT(s -> fc2(s.decoder()).inputGradient(s)),
    DECODER_FC2_WEIGHT_GRADIENT(s -> fc2(s.decoder()).weightGradient(s)),
    HEAD(s -> head(s).forward(s)),
    HEAD_INPUT_GRADIENT(s -> head(s).inputGradient(s)),
    HEAD_WEIGHT_GRADIENT(s -> head(s).weightGradient(s)),
    /// A square product, to compare with libraries.
    SGEMM_2048(s -> new Products(2048, 2048, 2048).forward(s)),

    ENCODER_ATTENTION(s -> AttentionRuns.forward(s, s.encoder())),
    ENCODER_ATTENTION_GRADIENT(s -> AttentionRuns.backward(s, s.encoder())),
    DECODER_ATTENTION(s -> AttentionRuns.forward(s, s.decoder())),
    DECODER_ATTENTION_GRADIENT(s -> AttentionRuns.backward(s, s.decoder())),

    ENCODER_NORM(s -> BlockRuns.norm(s, s.encoder())),
    ENCODER_NORM_RECOMPUTE(s -> BlockRuns.normRecompute(s, s.encoder())),
    ENCODER_NORM_INPUT_GRADIENT(s -> BlockRuns.normInputGradient(s, s.encoder())),
    ENCODER_NORM_PARAMS_GRADIENT(s -> BlockRuns.normParamsGradient(s, s.encoder())),
    ENCODER_GELU(s -> BlockRuns.gelu(s, s.encoder())),
    ENCODER_GELU_GRADIENT(s -> BlockRuns.geluGradient(s, s.encoder())),
    ENCODER_RESIDUAL(s -> BlockRuns.residual(s, s.encoder())),
    DECODER_NORM(s -> BlockRuns.norm(s, s.decoder())),
    DECODER_NORM_RECOMPUTE(s -> BlockRuns.normRecompute(s, s.decoder())),
    DECODER_NORM_INPUT_GRADIENT(s -> BlockRuns.normInputGradient(s, s.decoder())),
    DECODER_NORM_PARAMS_GRADIENT(s -> BlockRuns.normParamsGradient(s, s.decoder())),
    DECODER_GELU(s -> BlockRuns.gelu(s, s.decoder())),
    DECODER_GELU_GRADIENT(s -> BlockRuns.geluGradient(s, s.decoder())),
    DECODER_RESIDUAL(s -> BlockRuns.residual(s, s.decoder())),

    GATHER_PATCHES(TokenRuns::gatherPatches),
    GATHER_TARGETS(TokenRuns::gatherTargets),
    NORMALISE_TARGETS(TokenRuns::normaliseTargets),
    PREPEND_CLASS(TokenRuns::prependClass),
    PREPEND_CLASS_GRADIENT(TokenRuns::prependClassGradient),
    MEAN_TOKENS(ClassifierRuns::meanTokens),
    MEAN_TOKENS_GRADIENT(ClassifierRuns::meanTokensGradient),
    SCALE(ClassifierRuns::scale),
    CROSS_ENTROPY(ClassifierRuns::crossEntropy),
    CROSS_ENTROPY_GRADIENT(ClassifierRuns::crossEntropyGradient),
    CLASS_TOKEN_GRADIENT(TokenRuns::classTokenGradient),
    UNSHUFFLE(TokenRuns::unshuffle),
    UNSHUFFLE_GRADIENT(TokenRuns::unshuffleGradient),
    MASK_TOKEN_GRADIENT(TokenRuns::maskTokenGradient),
    GATHER_TOKENS(TokenRuns::gatherTokens),
    GATHER_TOKENS_GRADIENT(TokenRuns::gatherTokensGradient),
    SEPARABLE_POSITIONS(TokenRuns::addSeparablePositions),
    SPATIAL_POSITIONS_GRADIENT(TokenRuns::spatialPositionsGradient),
    TEMPORAL_POSITIONS_GRADIENT(TokenRuns::temporalPositionsGradient),
    JOINT_POSITIONS(TokenRuns::addJointPositions),
    JOINT_POSITIONS_GRADIENT(TokenRuns::jointPositionsGradient),

    LOSS(StepRuns::loss),
    LOSS_GRADIENT(StepRuns::lossGradient),
    LOSS_MEAN(StepRuns::mean),
    GRADIENT_NORM(StepRuns::norm),
    ADAMW(StepRuns::adamW),
    ZERO_GRADIENTS(StepRuns::zero);

    private final Function<OpShapes, OpRun> prepare;

    OpCase(Function<OpShapes, OpRun> prepare) {
        this.prepare = prepare;
    }

    /// Fills the arrays and prepares the check.
    OpRun prepare(OpShapes shapes) {
        return prepare.apply(shapes);
    }

    /// The name on the command line and in tables.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Products patchEmbed(OpShapes s) {
        return new Products(s.batch() * s.keep(), s.grid().patchValues(), s.config().encoder().embedDim());
    }

    private static Products decoderEmbed(OpShapes s) {
        return new Products(s.encoder().rows(), s.config().encoder().embedDim(), s.config().decoder().embedDim());
    }

    private static Products head(OpShapes s) {
        return new Products(s.batch() * s.predicted(), s.config().decoder().embedDim(), s.config().predValues());
    }

    private static Products qkv(BlockShape b) {
        return new Products(b.rows(), b.channels(), 3 * b.channels());
    }

    private static Products proj(BlockShape b) {
        return new Products(b.rows(), b.channels(), b.channels());
    }

    private static Products fc1(BlockShape b) {
        return new Products(b.rows(), b.channels(), b.mlpWidth());
    }

    private static Products fc2(BlockShape b) {
        return new Products(b.rows(), b.mlpWidth(), b.channels());
    }
}
