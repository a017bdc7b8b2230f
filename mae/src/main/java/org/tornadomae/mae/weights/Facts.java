package org.tornadomae.mae.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tornadomae.nn.UserException;
import org.tornadomae.video.clip.Normalisation;

/// What the shapes of tensors cannot tell about a model. Each fact comes from the file's metadata, from a configuration
/// beside it, or from the user; none is ever guessed, since a wrong one loads without complaint.
///
/// @param numHeads        heads of the encoder
/// @param decoderNumHeads heads of the decoder
/// @param normEps         LayerNorm's eps in the blocks
/// @param headNormEps     eps of the LayerNorm before the classifier's head; if silent, as in the blocks
/// @param pixels          how pixels are normalised
/// @param numFrames       frames of a clip
/// @param imgSize         side of a frame in pixels
/// @param tPatchSize      frames of a patch
public record Facts(Optional<Integer> numHeads, Optional<Integer> decoderNumHeads, Optional<Double> normEps,
        Optional<Double> headNormEps, Optional<Normalisation> pixels, Optional<Integer> numFrames,
        Optional<Integer> imgSize, Optional<Integer> tPatchSize) {

    /// Nothing known.
    public static Facts none() {
        return ofClip(Optional.empty(), Optional.empty());
    }

    /// These facts, and where they are silent the other ones.
    public Facts or(Facts other) {
        return new Facts(numHeads.or(other::numHeads), decoderNumHeads.or(other::decoderNumHeads),
                normEps.or(other::normEps), headNormEps.or(other::headNormEps), pixels.or(other::pixels),
                numFrames.or(other::numFrames), imgSize.or(other::imgSize),
                tPatchSize.or(other::tPatchSize));
    }

    /// Nothing known but the sizes of a clip.
    static Facts ofClip(Optional<Integer> numFrames, Optional<Integer> imgSize) {
        return new Facts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                numFrames, imgSize, Optional.empty());
    }

    /// The same but for the frames of a patch.
    Facts withTPatchSize(Optional<Integer> frames) {
        return new Facts(numHeads, decoderNumHeads, normEps, headNormEps, pixels, numFrames, imgSize, frames);
    }

    /// The facts in a file's metadata: our own, a reference dump's, or a configuration of transformers.
    static Facts ofMetadata(Map<String, String> metadata) {
        Facts facts = none();
        for (String key : new String[] {Architecture.KEY, "config", "model"}) {
            facts = facts.or(parse(metadata.getOrDefault(key, "")));
        }
        return facts;
    }

    /// The facts in a JSON object under the names that programs give them; none where the text is no such thing.
    public static Facts parse(String json) {
        JsonNode node;
        try {
            node = new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            return none();
        }
        return new Facts(integer(node, "num_heads", "numHeads", "num_attention_heads"),
                integer(node, "decoder_num_heads", "decoderNumHeads", "decoder_num_attention_heads"),
                number(node, "norm_eps", "normEps", "layer_norm_eps"), headNormEps(node), pixels(node),
                integer(node, "num_frames", "numFrames"), integer(node, "img_size", "imgSize", "image_size"),
                integer(node, "t_patch_size", "tPatchSize", "tubelet_size")).or(ofParts(node));
    }

    /// The facts in a checkpoint's configuration: that of its model, which has its parts under their names.
    private static Facts ofParts(JsonNode config) {
        JsonNode model = config.path("model").isObject() ? config.path("model") : config;
        JsonNode clip = model.path("clip");
        JsonNode encoder = model.path("encoder");
        JsonNode pixels = clip.path("pixels");
        Optional<Normalisation> normalisation = pixels.isObject()
                ? Optional.of(new ObjectMapper().convertValue(pixels, Normalisation.class))
                : Optional.empty();
        return new Facts(integer(encoder, "numHeads"), integer(model.path("decoder"), "numHeads"),
                number(encoder, "normEps"), number(model, "headNormEps"), normalisation,
                integer(clip, "numFrames"), integer(clip, "imgSize"), integer(clip, "tPatchSize"));
    }

    /// In transformers, the norm before the head takes PyTorch's default whatever the configuration says.
    private static Optional<Double> headNormEps(JsonNode node) {
        return node.path("model_type").asText().equals("videomae")
                ? Optional.of(1e-5)
                : number(node, "head_norm_eps", "headNormEps");
    }

    private static Optional<Normalisation> pixels(JsonNode node) {
        Optional<Normalisation.Rgb> mean = first(node, Facts::triple, "pixel_mean", "image_mean");
        Optional<Normalisation.Rgb> std = first(node, Facts::triple, "pixel_std", "image_std");
        return mean.isPresent() && std.isPresent()
                ? Optional.of(new Normalisation(mean.get(), std.get()))
                : Optional.empty();
    }

    private static Optional<Normalisation.Rgb> triple(JsonNode node) {
        return node.isArray() && node.size() == 3
                ? Optional.of(new Normalisation.Rgb((float) node.get(0).asDouble(), (float) node.get(1).asDouble(),
                        (float) node.get(2).asDouble()))
                : Optional.empty();
    }

    private static Optional<Integer> integer(JsonNode node, String... keys) {
        return first(node, value -> value.canConvertToInt() && value.isIntegralNumber() && value.asInt() > 0
                ? Optional.of(value.asInt())
                : Optional.empty(), keys);
    }

    private static Optional<Double> number(JsonNode node, String... keys) {
        return first(node, value -> value.isNumber() && value.asDouble() > 0
                ? Optional.of(value.asDouble())
                : Optional.empty(), keys);
    }

    private static <T> Optional<T> first(JsonNode node, Function<JsonNode, Optional<T>> reader, String... keys) {
        for (String key : keys) {
            Optional<T> value = reader.apply(node.path(key));
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }
}
