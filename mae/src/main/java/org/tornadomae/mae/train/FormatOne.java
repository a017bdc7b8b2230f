package org.tornadomae.mae.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tornadomae.mae.model.Positions;
import org.tornadomae.mae.model.Stack;
import org.tornadomae.nn.optim.AdamW;
import org.tornadomae.video.clip.Normalisation;

/// Metadata as version 0.1 wrote it: one flat JSON object for the model and one for the recipe, masks among the latter.
final class FormatOne {
    static final String NAME = "tornado-mae 1";

    private static final ObjectMapper JSON = new ObjectMapper();

    private FormatOne() {}

    /// The same metadata as it is written today.
    static Map<String, String> upgrade(Map<String, String> metadata) throws JsonProcessingException {
        JsonNode model = JSON.readTree(metadata.get("config"));
        JsonNode recipe = JSON.readTree(metadata.get("train"));
        ObjectNode config = JSON.createObjectNode();
        config.set("model", model(model));
        config.putObject("mask").put("kind", recipe.required("mask").asText())
                .set("ratio", recipe.required("maskRatio"));
        Map<String, String> upgraded = new LinkedHashMap<>(metadata);
        upgraded.put("objective", Pretraining.NAME);
        upgraded.put("config", JSON.writeValueAsString(config));
        upgraded.put("train", JSON.writeValueAsString(recipe(recipe)));
        return upgraded;
    }

    private static ObjectNode model(JsonNode old) {
        ObjectNode model = JSON.createObjectNode();
        copy(old, model.putObject("clip"), "numFrames", "imgSize", "tPatchSize", "patchSize");
        model.withObject("/clip").set("pixels", JSON.valueToTree(Normalisation.PAPER));
        ObjectNode encoder = model.putObject("encoder");
        copy(old, encoder, "embedDim", "depth", "numHeads", "mlpRatio", "qkvBias");
        encoder.put("normEps", Stack.NORM_EPS);
        encoder.set("positions", positions(old.required("sepPosEmbed")));
        ObjectNode decoder = model.putObject("decoder");
        copy(old, decoder, "mlpRatio", "qkvBias");
        decoder.put("normEps", Stack.NORM_EPS);
        decoder.set("embedDim", old.required("decoderEmbedDim"));
        decoder.set("depth", old.required("decoderDepth"));
        decoder.set("numHeads", old.required("decoderNumHeads"));
        decoder.set("positions", positions(old.required("decoderSepPosEmbed")));
        copy(old, model, "clsEmbed", "carryClassToken");
        ObjectNode targets = model.putObject("targets");
        targets.set("normPix", old.required("normPixLoss"));
        targets.set("predTDim", old.required("predTDim"));
        targets.set("linspace", old.required("linspaceTargets"));
        return model;
    }

    private static JsonNode positions(JsonNode separable) {
        return JSON.valueToTree(separable.asBoolean() ? Positions.SEPARABLE : Positions.JOINT);
    }

    private static ObjectNode recipe(JsonNode old) {
        ObjectNode recipe = JSON.createObjectNode();
        copy(old, recipe.putObject("batches"), "batchSize", "repeatAug", "accumulation", "samplingRate");
        copy(old, recipe.putObject("rate"), "lr", "blr", "minLr", "warmupEpochs");
        AdamW.Options paper = AdamW.Options.PAPER;
        recipe.putObject("optimizer").put("beta1", paper.beta1()).put("beta2", paper.beta2()).put("eps", paper.eps())
                .put("layerDecay", paper.layerDecay()).put("decayed", paper.decayed().name())
                .<ObjectNode>set("weightDecay", old.required("weightDecay"))
                .set("maxNorm", old.required("clipGrad"));
        copy(old, recipe.putObject("length"), "epochs", "steps");
        copy(old, recipe, "seed");
        recipe.putObject("saving").<ObjectNode>set("every", old.required("saveEvery"))
                .set("keepLast", old.required("keepLast"));
        return recipe;
    }

    private static void copy(JsonNode from, ObjectNode to, String... fields) {
        for (String field : fields) {
            to.set(field, from.required(field));
        }
    }
}
