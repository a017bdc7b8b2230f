package org.tornadomae.mae.weights;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tornadomae.mae.model.SinCosTable;
import org.tornadomae.nn.UserException;

/// What the names and shapes of a file's tensors tell about its model.
///
/// @param names            what our tensors are called in the file
/// @param encoder          the encoder's blocks
/// @param kernel           shape of the patch kernel, `[D,3,u,p,p]` or for pictures `[D,3,p,p]`
/// @param cls              whether there is a class token
/// @param qkvBias          whether q, k and v have biases
/// @param positions        the encoder's positions
/// @param decoder          the decoder's blocks; width 0 where there is none
/// @param decoderPositions the decoder's positions
/// @param decoderCls       whether the decoder has a class token of its own
/// @param predValues       values the decoder predicts per token
/// @param classes          rows of the classifier's head; 0 where there is none
record Anatomy(Names names, Stack encoder, int[] kernel, boolean cls, boolean qkvBias, Positions positions,
        Stack decoder, Positions decoderPositions, boolean decoderCls, int predValues, int classes) {
    /// Blocks of a width; `hidden` is the inner width of their MLPs.
    record Stack(int width, int depth, int hidden) {
    }

    /// Kinds of position embeddings.
    enum Positions { SEPARABLE, JOINT, FIXED, PICTURE }

    static Anatomy of(Source source, Dialect dialect) {
        boolean pretrained = source.names().stream().anyMatch(name -> name.startsWith("encoder."));
        boolean fcNorm = source.has("fc_norm.weight");
        Names names = new Names(dialect, pretrained, fcNorm, 0);
        boolean hasDecoder = dialect != Dialect.IMAGE && source.has("mask_token");
        Stack decoder = new Stack(0, 0, 0);
        if (hasDecoder) {
            int[] token = source.shape("mask_token");
            decoder = stack(source, names, "decoder_blocks.", token.length == 0 ? 0 : token[token.length - 1]);
            names = new Names(dialect, pretrained, fcNorm, decoder.depth());
        }
        int[] kernel = source.shape(names.of("patch_embed.proj.weight").orElseThrow());
        if (kernel.length < 4 || kernel[1] != 3 || kernel[kernel.length - 1] != kernel[kernel.length - 2]
                || kernel[kernel.length - 1] == 0 || kernel[2] == 0) {
            throw new UserException(source.file() + ": the patch kernel has the shape " + Arrays.toString(kernel)
                    + ", expected [width, 3, frames, side, side]");
        }
        boolean qkvBias = source.names().stream()
                .anyMatch(name -> name.matches(".*\\.(attn\\.(q\\.bias|qkv\\.bias|q_bias)|attention\\.q_bias)"));
        return new Anatomy(names, stack(source, names, "blocks.", kernel[0]), kernel, source.has("cls_token"), qkvBias,
                positions(source, names, dialect, ""),
                decoder, positions(source, names, dialect, "decoder_"), source.has("decoder_cls_token"),
                rows(source, names, "decoder_pred.weight"), rows(source, names, "head.weight"));
    }

    private static int rows(Source source, Names names, String ours) {
        return names.of(ours).filter(source::has).map(source::shape)
                .filter(shape -> shape.length > 0).map(shape -> shape[0]).orElse(0);
    }

    private static Positions positions(Source source, Names names, Dialect dialect, String prefix) {
        if (dialect.fixedPositions()) {
            return Positions.FIXED;
        }
        if (dialect == Dialect.IMAGE) {
            return Positions.PICTURE;
        }
        if (names.of(prefix + "pos_embed_spatial").filter(source::has).isPresent()) {
            return Positions.SEPARABLE;
        }
        return isTable(source, prefix + "pos_embed") ? Positions.FIXED : Positions.JOINT;
    }

    /// Whether positions in a file of ours are VideoMAE's table, to the bit.
    static boolean isTable(Source source, String name) {
        int[] shape = source.has(name) ? source.shape(name) : new int[0];
        return shape.length == 3 && shape[0] == 1 && Arrays.equals(source.floats(name),
                SinCosTable.of(shape[1], shape[2]));
    }

    /// Counts blocks by their highest number, so that a block missing in the middle is noticed.
    private static Stack stack(Source source, Names names, String ours, int width) {
        String first = names.of(ours + "0.norm1.weight").orElseThrow();
        int number = first.indexOf("0.", ours.startsWith("decoder") && first.startsWith("pred_head.")
                ? "pred_head.transforms.0.".length()
                : 0);
        Pattern pattern = Pattern.compile(Pattern.quote(first.substring(0, number)) + "(\\d{1,4})"
                + Pattern.quote(first.substring(number + 1)));
        int depth = 0;
        for (String name : source.names()) {
            Matcher matcher = pattern.matcher(name);
            depth = matcher.matches() ? Math.max(depth, Integer.parseInt(matcher.group(1)) + 1) : depth;
        }
        int hidden = rows(source, names, ours + "0.mlp.fc1.weight");
        return new Stack(width, depth, hidden == 0 ? 4 * width : hidden);
    }

    /// Our tensors of the encoder but its positions, with their shapes.
    Map<String, int[]> encoderTensors(int tPatchSize) {
        int width = encoder.width();
        int side = kernel[kernel.length - 1];
        Map<String, int[]> tensors = new LinkedHashMap<>();
        if (cls) {
            tensors.put("cls_token", new int[] {1, 1, width});
        }
        tensors.put("patch_embed.proj.weight", new int[] {width, 3, tPatchSize, side, side});
        tensors.put("patch_embed.proj.bias", new int[] {width});
        addBlocks(tensors, "blocks.", encoder);
        addNorm(tensors, "norm.", width);
        if (classes > 0) {
            addLinear(tensors, "head.", classes, width);
        }
        return tensors;
    }

    /// Our tensors of the decoder but its positions, with their shapes; empty where there is none.
    Map<String, int[]> decoderTensors() {
        Map<String, int[]> tensors = new LinkedHashMap<>();
        if (decoder.width() > 0) {
            tensors.put("mask_token", new int[] {1, 1, decoder.width()});
            if (decoderCls) {
                tensors.put("decoder_cls_token", new int[] {1, 1, decoder.width()});
            }
            addLinear(tensors, "decoder_embed.", decoder.width(), encoder.width());
            addBlocks(tensors, "decoder_blocks.", decoder);
            addNorm(tensors, "decoder_norm.", decoder.width());
            addLinear(tensors, "decoder_pred.", predValues, decoder.width());
        }
        return tensors;
    }

    private void addBlocks(Map<String, int[]> tensors, String prefix, Stack stack) {
        for (int n = 0; n < stack.depth(); n++) {
            String block = prefix + n + ".";
            addNorm(tensors, block + "norm1.", stack.width());
            for (String part : new String[] {"q.", "k.", "v."}) {
                tensors.put(block + "attn." + part + "weight", new int[] {stack.width(), stack.width()});
                if (qkvBias) {
                    tensors.put(block + "attn." + part + "bias", new int[] {stack.width()});
                }
            }
            addLinear(tensors, block + "attn.proj.", stack.width(), stack.width());
            addNorm(tensors, block + "norm2.", stack.width());
            addLinear(tensors, block + "mlp.fc1.", stack.hidden(), stack.width());
            addLinear(tensors, block + "mlp.fc2.", stack.width(), stack.hidden());
        }
    }

    private static void addNorm(Map<String, int[]> tensors, String name, int width) {
        tensors.put(name + "weight", new int[] {width});
        tensors.put(name + "bias", new int[] {width});
    }

    private static void addLinear(Map<String, int[]> tensors, String name, int out, int in) {
        tensors.put(name + "weight", new int[] {out, in});
        tensors.put(name + "bias", new int[] {out});
    }
}
