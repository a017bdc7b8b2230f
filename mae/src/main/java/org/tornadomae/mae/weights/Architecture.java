package org.tornadomae.mae.weights;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tornadomae.nn.Sizes;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.Normalisation;

/// Everything one must know to run a set of weights: what its tensors tell, and what only the facts do.
///
/// @param anatomy    from the tensors
/// @param facts      complete: [#of] refuses a file about which something is unknown
/// @param grid       time steps, rows and columns of patches of a clip
/// @param sourceGrid those that the file's positions are for
record Architecture(Anatomy anatomy, Facts facts, Grid grid, Grid sourceGrid) {
    /// Where our files keep it, as JSON under the official codes' names.
    static final String KEY = "architecture";

    /// Patches of a clip in time, height and width.
    record Grid(int t, int h, int w) {
        int tokens() {
            return Sizes.product(t, h, w);
        }

        @Override
        public String toString() {
            return t + "x" + h + "x" + w;
        }
    }

    /// @param asked what the user says, which goes before what the file says
    /// @param known what the file and the configuration beside it say
    /// @throws UserException naming everything that is still unknown, or a fact that the tensors contradict
    static Architecture of(Source source, Dialect dialect, Anatomy anatomy, Facts asked, Facts known,
            boolean withDecoder) {
        int side = anatomy.kernel()[anatomy.kernel().length - 1];
        boolean picture = anatomy.positions() == Anatomy.Positions.PICTURE;
        Facts facts = asked.or(known);
        if (!picture) {
            facts = facts.withTPatchSize(Optional.of(anatomy.kernel()[2]));
        }
        facts = facts.or(sizesOfPositions(source, anatomy, facts, side));
        requireAll(source, dialect, facts, withDecoder && anatomy.decoder().width() > 0);
        requireAgreement(source, anatomy, facts, side, withDecoder);
        Grid grid = grid(facts, side);
        Facts own = known.or(sizesOfPositions(source, anatomy, facts, side));
        boolean gridKnown = own.numFrames().isPresent() && own.imgSize().isPresent() && !picture;
        return new Architecture(anatomy, facts, grid, gridKnown
                ? grid(own.withTPatchSize(facts.tPatchSize()), side)
                : grid);
    }

    private static Grid grid(Facts facts, int side) {
        int rows = facts.imgSize().get() / side;
        return new Grid(facts.numFrames().get() / facts.tPatchSize().get(), rows, rows);
    }

    /// Separable positions tell the numbers of frames and pixels, those of a picture the pixels, joint ones nothing.
    private static Facts sizesOfPositions(Source source, Anatomy anatomy, Facts facts, int side) {
        String spatial = anatomy.positions() == Anatomy.Positions.SEPARABLE ? "pos_embed_spatial" : "pos_embed";
        boolean tells = anatomy.positions() == Anatomy.Positions.SEPARABLE
                || anatomy.positions() == Anatomy.Positions.PICTURE;
        if (!tells || !source.has(spatial)) {
            return Facts.none();
        }
        int tokens = rowsOf(source, spatial) - (anatomy.positions() == Anatomy.Positions.PICTURE ? 1 : 0);
        int rows = (int) Math.round(Math.sqrt(tokens));
        if (rows * rows != tokens || rows == 0) {
            throw new UserException(source.file() + ": its " + tokens + " positions in space are no square");
        }
        Optional<Integer> frames = source.has("pos_embed_temporal")
                ? facts.tPatchSize().map(u -> u * rowsOf(source, "pos_embed_temporal"))
                : Optional.empty();
        return Facts.ofClip(frames, Optional.of(rows * side));
    }

    private static int rowsOf(Source source, String name) {
        int[] shape = source.shape(name);
        if (shape.length != 3 || shape[0] != 1) {
            throw new UserException(source.file() + ": " + name + " has " + shape.length
                    + " dimensions, expected [1, positions, width]");
        }
        return shape[1];
    }

    private static void requireAll(Source source, Dialect dialect, Facts facts, boolean decoder) {
        List<String> unknown = new ArrayList<>();
        need(unknown, facts.numHeads(), "heads of the encoder");
        if (decoder) {
            need(unknown, facts.decoderNumHeads(), "heads of the decoder");
        }
        need(unknown, facts.normEps(), "LayerNorm's eps (in " + dialect.program() + ": " + dialect.usualEps() + ")");
        need(unknown, facts.pixels(), "pixel normalisation (in " + dialect.program() + ": " + dialect.usualPixels()
                + ")");
        need(unknown, facts.numFrames(), "frames of a clip");
        need(unknown, facts.imgSize(), "side of a frame in pixels");
        need(unknown, facts.tPatchSize(), "frames of a patch");
        if (!unknown.isEmpty()) {
            throw new UserException(source.file() + ": weights of " + dialect.program() + " that do not tell: "
                    + String.join(", ", unknown) + "; say them");
        }
    }

    private static void requireAgreement(Source source, Anatomy anatomy, Facts facts, int side, boolean withDecoder) {
        requireDivides(source, "heads", facts.numHeads().orElseThrow(), "width", anatomy.encoder().width());
        if (withDecoder && anatomy.decoder().width() > 0) {
            requireDivides(source, "decoder heads", facts.decoderNumHeads().orElseThrow(), "decoder width",
                    anatomy.decoder().width());
        }
        requireDivides(source, "frames of a patch", facts.tPatchSize().orElseThrow(), "frames of a clip",
                facts.numFrames().orElseThrow());
        requireDivides(source, "side of a patch", side, "side of a frame", facts.imgSize().orElseThrow());
    }

    private static void need(List<String> unknown, Optional<?> fact, String words) {
        if (fact.isEmpty()) {
            unknown.add(words);
        }
    }

    private static void requireDivides(Source source, String part, int partValue, String whole, int wholeValue) {
        if (partValue <= 0 || wholeValue <= 0 || wholeValue % partValue != 0) {
            throw new UserException(source.file() + ": its " + whole + " " + wholeValue + " is not divisible by " + part
                    + " " + partValue);
        }
    }

    /// As JSON for the metadata of a file; with the decoder's part only if the file has one.
    String toJson(boolean withDecoder) {
        ObjectNode node = new ObjectMapper().createObjectNode();
        int side = anatomy.kernel()[anatomy.kernel().length - 1];
        Anatomy.Stack encoder = anatomy.encoder();
        node.put("img_size", facts.imgSize().get()).put("patch_size", side)
                .put("num_frames", facts.numFrames().get()).put("t_patch_size", facts.tPatchSize().get())
                .put("embed_dim", encoder.width()).put("depth", encoder.depth())
                .put("num_heads", facts.numHeads().get()).put("mlp_ratio", encoder.hidden() / (double) encoder.width())
                .put("positions", words(anatomy.positions())).put("cls_embed", anatomy.cls())
                .put("no_qkv_bias", !anatomy.qkvBias()).put("norm_eps", facts.normEps().get())
                .put("head_norm_eps", facts.headNormEps().or(facts::normEps).get());
        triple(node.putArray("pixel_mean"), facts.pixels().get().mean());
        triple(node.putArray("pixel_std"), facts.pixels().get().std());
        if (anatomy.classes() > 0) {
            node.put("num_classes", anatomy.classes());
        }
        if (withDecoder && anatomy.decoder().width() > 0) {
            node.put("decoder_embed_dim", anatomy.decoder().width()).put("decoder_depth", anatomy.decoder().depth())
                    .put("decoder_num_heads", facts.decoderNumHeads().get())
                    .put("decoder_positions", words(anatomy.decoderPositions()))
                    .put("carry_class_token", anatomy.cls() && !anatomy.decoderCls())
                    .put("pred_t_dim", anatomy.predValues() / (3 * side * side) * grid.t());
        }
        return node.toString();
    }

    /// As the `config.json` of transformers.
    String toTransformersJson() {
        ObjectNode node = new ObjectMapper().createObjectNode();
        Anatomy.Stack encoder = anatomy.encoder();
        Anatomy.Stack decoder = anatomy.decoder();
        node.put("model_type", "videomae").put("image_size", facts.imgSize().get())
                .put("patch_size", anatomy.kernel()[anatomy.kernel().length - 1]).put("num_channels", 3)
                .put("num_frames", facts.numFrames().get()).put("tubelet_size", facts.tPatchSize().get())
                .put("hidden_size", encoder.width()).put("num_hidden_layers", encoder.depth())
                .put("num_attention_heads", facts.numHeads().get()).put("intermediate_size", encoder.hidden())
                .put("hidden_act", "gelu").put("layer_norm_eps", facts.normEps().get())
                .put("qkv_bias", anatomy.qkvBias()).put("use_mean_pooling", true);
        if (decoder.width() > 0) {
            node.put("decoder_hidden_size", decoder.width()).put("decoder_num_hidden_layers", decoder.depth())
                    .put("decoder_num_attention_heads", facts.decoderNumHeads().get())
                    .put("decoder_intermediate_size", decoder.hidden());
        }
        return node.toString();
    }

    private static String words(Anatomy.Positions positions) {
        return switch (positions) {
            case SEPARABLE, PICTURE -> "separable";
            case JOINT -> "joint";
            case FIXED -> "sincos";
        };
    }

    private static void triple(ArrayNode array, Normalisation.Rgb values) {
        array.add(values.red()).add(values.green()).add(values.blue());
    }
}
