package org.tornadomae.mae.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.mae.model.Positions;
import org.tornadomae.mae.model.Stack;
import org.tornadomae.mae.weights.Facts;
import org.tornadomae.mae.weights.WeightImport;
import org.tornadomae.mae.weights.WeightPlan;
import org.tornadomae.nn.optim.AdamW;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.WeightDecayRule;
import org.tornadomae.nn.file.TensorFile;
import org.tornadomae.video.clip.Normalisation;

/// A reference dump as it is read: what its metadata says, and tensors whose sizes are checked before anything is
/// allocated for them. Tensors of parameters go by our names, whatever program wrote the dump.
final class Dump {
    private final TensorFile file;
    private final Map<String, WeightPlan> kinds = new HashMap<>();

    Dump(TensorFile file) {
        this.file = file;
    }

    /// @throws UserException when the metadata has no such key, or no JSON there
    JsonNode json(String key) {
        String text = file.metadata().get(key);
        if (text == null) {
            throw new UserException(file.file() + ": not a reference dump: its metadata has no '" + key + "'");
        }
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new UserException(file.file() + ": metadata '" + key + "' is not JSON", e);
        }
    }

    /// A sentence of the metadata; empty where there is none.
    String words(String key) {
        return file.metadata().getOrDefault(key, "");
    }

    /// A count of the metadata, at least 1.
    int count(String key) {
        return count(key, json(key));
    }

    private int count(String key, JsonNode node) {
        if (!node.isInt() || node.asInt() < 1) {
            throw new UserException(file.file() + ": metadata '" + key + "' is " + (node.isMissingNode()
                    ? "missing"
                    : node)
                    + ", expected a whole number of at least 1");
        }
        return node.asInt();
    }

    /// A number of an object in the metadata.
    double number(String key, String field) {
        JsonNode node = json(key).path(field);
        if (!node.isNumber()) {
            throw new UserException(file.file() + ": metadata '" + key + "' has no number '" + field + "'");
        }
        return node.asDouble();
    }

    /// What the metadata says about the model.
    JsonNode model() {
        return json("model");
    }

    /// A size of the model, at least 1.
    int size(String field) {
        return count("model: " + field, model().path(field));
    }

    ClipGeometry clip() {
        return new ClipGeometry(size("num_frames"), size("img_size"), size("t_patch_size"), size("patch_size"));
    }

    /// @param prefix "" for the encoder, "decoder_" for the decoder
    Stack stack(String prefix) {
        Stack stack = new Stack(size(prefix + "embed_dim"), size(prefix + "depth"), size(prefix + "num_heads"),
                model().path("mlp_ratio").asDouble(4),
                model().path("sep_pos_embed").asBoolean() && !jointDecoder(prefix)
                        ? Positions.SEPARABLE
                        : Positions.JOINT,
                !model().path("no_qkv_bias").asBoolean(false));
        String last = (prefix.isEmpty() ? "blocks." : "decoder_blocks.") + (stack.depth() - 1) + ".mlp.fc2.bias";
        requireShape("param." + last, params("param.").entry(last).shape(), stack.embedDim());
        return stack;
    }

    private boolean jointDecoder(String prefix) {
        return !prefix.isEmpty() && has("param." + prefix + "pos_embed");
    }

    boolean cls() {
        return model().path("cls_embed").asBoolean();
    }

    boolean has(String name) {
        return file.names().contains(name);
    }

    /// A whole tensor of a shape that is known.
    float[] floats(String name, int... shape) {
        requireShape(name, file.entry(name).shape(), shape);
        return file.floats(name);
    }

    /// A whole tensor of whole numbers, of a shape that is known.
    long[] longs(String name, int... shape) {
        requireShape(name, file.entry(name).shape(), shape);
        return file.longs(name);
    }

    /// Shape of a tensor with so many dimensions.
    int[] shape(String name, int dimensions) {
        int[] shape = file.entry(name).shape();
        if (shape.length != dimensions || Arrays.stream(shape).anyMatch(size -> size == 0)) {
            throw new UserException(file.file() + ": tensor " + name + " has shape " + Arrays.toString(shape)
                    + ", expected " + dimensions + " dimensions, none of them 0");
        }
        return shape;
    }

    private void requireShape(String name, int[] found, int... expected) {
        if (!Arrays.equals(found, expected)) {
            throw new UserException(file.file() + ": tensor " + name + " has shape " + Arrays.toString(found)
                    + ", but its metadata needs " + Arrays.toString(expected));
        }
    }

    /// Tensors of one kind (`param.`, `grad.`, `step3.`) by our names. LayerNorm's eps and the pixels are the same in
    /// all dumps, and stand here because weights without them are refused elsewhere.
    WeightPlan params(String kind) {
        Facts facts = new Facts(Optional.empty(), Optional.empty(), Optional.of(1e-6), Optional.empty(),
                Optional.of(Normalisation.parse("0.45/0.225")), Optional.empty(), Optional.empty(), Optional.empty());
        return kinds.computeIfAbsent(kind, prefix -> WeightImport.plan(new Prefixed(file, prefix, model().toString()),
                facts,
                Facts.none(), false));
    }

    /// A parameter's tensor of one kind.
    float[] param(String kind, ParamLayout.Entry entry) {
        TensorFile tensors = params(kind);
        requireShape(kind + entry.name(), tensors.entry(entry.name()).shape(), entry.param().shape());
        return tensors.floats(entry.name());
    }

    /// Sets all parameters.
    void load(Params params) {
        for (ParamLayout.Entry entry : params.layout().entries()) {
            float[] values = param("param.", entry);
            System.arraycopy(values, 0, params.values(), params.start(entry), values.length);
        }
    }

    /// The optimizer's constants.
    AdamW.Options optimizer(WeightDecayRule decayed) {
        JsonNode optim = json("optim");
        JsonNode betas = optim.path("betas");
        return new AdamW.Options(betas.path(0).asDouble(), betas.path(1).asDouble(), number("optim", "eps"),
                number("optim", "weight_decay"), optim.path("clip_grad").asDouble(0),
                optim.path("layer_decay").asDouble(1),
                decayed);
    }

    /// What to throw for metadata that ask for something else than is done here.
    UserException unknown(String what) {
        return new UserException(file.file() + ": " + what + " is not known here");
    }
}
