package org.tornadomae.mae.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What our tensors (the official mae_st names) are called in a dialect.
///
/// Only this direction exists: import looks our tensors up in the foreign file, export writes them under these names.
final class Names {
    /// Our weights and biases of query, key and value, which other programs join.
    static final Pattern QKV = Pattern.compile("(.*\\.attn\\.)([qkv])\\.(weight|bias)");
    private static final Pattern BLOCK = Pattern.compile("(decoder_)?blocks\\.(\\d+)\\.(.*)");
    /// transformers' names inside a block.
    private static final String[][] HF_BLOCK = {
            {"norm1.", "layernorm_before."}, {"norm2.", "layernorm_after."},
            {"attn.q.weight", "attention.attention.query.weight"}, {"attn.k.weight", "attention.attention.key.weight"},
            {"attn.v.weight", "attention.attention.value.weight"}, {"attn.q.bias", "attention.attention.q_bias"},
            {"attn.v.bias", "attention.attention.v_bias"}, {"attn.k.bias", null},
            {"attn.proj.", "attention.output.dense."}, {"mlp.fc1.", "intermediate.dense."},
            {"mlp.fc2.", "output.dense."}};
    private static final String[][] VIDEOMAE_BLOCK = {{"attn.q.bias", "attn.q_bias"}, {"attn.v.bias", "attn.v_bias"},
            {"attn.k.bias", null}};

    private final List<String[]> rules = new ArrayList<>();
    private final String[][] insideBlock;
    private final String blocks;
    private final String decoderBlocks;

    /// @param dialect      whose names
    /// @param pretrained   VideoMAE's names before and after fine-tuning differ
    /// @param fcNorm       whether the last LayerNorm is the one after pooling, `fc_norm`
    /// @param decoderDepth PySlowFast numbers the decoder's LayerNorm after its blocks
    Names(Dialect dialect, boolean pretrained, boolean fcNorm, int decoderDepth) {
        String encoder = pretrained ? "encoder." : "";
        switch (dialect) {
            case OURS -> {}
            case SLOWFAST -> {
                rule("head.", "head.projection.");
                rule("decoder_norm.", "pred_head.transforms.0." + decoderDepth + ".");
                rule("decoder_pred.", "pred_head.projections.0.");
                rule("decoder_pos_embed_", "dec_pos_embed_");
                rule("decoder_cls_token", null);
            }
            case VIDEOMAE -> {
                withoutPlace();
                rule("patch_embed.", encoder + "patch_embed.");
                rule("norm.", fcNorm ? "fc_norm." : encoder + "norm.");
                rule("decoder_norm.", "decoder.norm.");
                rule("decoder_pred.", "decoder.head.");
            }
            case HF -> {
                withoutPlace();
                rule("patch_embed.proj.", "videomae.embeddings.patch_embeddings.projection.");
                rule("norm.", fcNorm ? "fc_norm." : "videomae.layernorm.");
                rule("head.", "classifier.");
                rule("decoder_norm.", "decoder.norm.");
                rule("decoder_pred.", "decoder.head.");
            }
            case IMAGE -> rule("norm.", fcNorm ? "fc_norm." : "norm.");
        }
        insideBlock = switch (dialect) {
            case HF -> HF_BLOCK;
            case VIDEOMAE -> VIDEOMAE_BLOCK;
            default -> new String[0][];
        };
        blocks = dialect == Dialect.HF
                ? "videomae.encoder.layer."
                : dialect == Dialect.VIDEOMAE
                        ? encoder + "blocks."
                        : "blocks.";
        decoderBlocks = switch (dialect) {
            case SLOWFAST -> "pred_head.transforms.0.";
            case VIDEOMAE -> "decoder.blocks.";
            case HF -> "decoder.decoder_layers.";
            default -> "decoder_blocks.";
        };
    }

    /// What VideoMAE does not have, and the one decoder tensor both of its forms name alike.
    private void withoutPlace() {
        rule("cls_token", null);
        rule("pos_embed", null);
        rule("decoder_cls_token", null);
        rule("decoder_pos_embed", null);
        rule("decoder_embed.bias", null);
        rule("decoder_embed.weight", "encoder_to_decoder.weight");
    }

    private void rule(String ours, String theirs) {
        rules.add(new String[] {ours, theirs});
    }

    /// The dialect's name of one of our tensors; nothing where it has none.
    Optional<String> of(String ours) {
        Matcher block = BLOCK.matcher(ours);
        if (block.matches()) {
            String prefix = (block.group(1) == null ? blocks : decoderBlocks) + block.group(2) + ".";
            return replaced(List.of(insideBlock), block.group(3)).map(prefix::concat);
        }
        return replaced(rules, ours);
    }

    private static Optional<String> replaced(List<String[]> rules, String name) {
        for (String[] rule : rules) {
            if (name.startsWith(rule[0])) {
                return Optional.ofNullable(rule[1]).map(theirs -> theirs + name.substring(rule[0].length()));
            }
        }
        return Optional.of(name);
    }
}
