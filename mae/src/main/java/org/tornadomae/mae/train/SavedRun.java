package org.tornadomae.mae.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;

/// What a checkpoint says beside its tensors: enough to continue the run or to rebuild the model.
///
/// Reading is strict: every field must be there, of its own kind and in its range, because a field that is guessed
/// makes another model. Records check their own numbers.
///
/// @param objective what the run trains for, see [Objective#name]
/// @param config    what is trained, head counts included: a wrong count would load without complaint
/// @param train     the recipe
/// @param at        how far it is
/// @param dataset   fingerprint of the list of videos
/// @param device    what ran the last step
/// @param <C>       the objective's configuration
public record SavedRun<C extends Record>(String objective, C config, TrainConfig train, Cursor at, String dataset,
        String device) {
    private static final String FORMAT = "tornado-mae 2";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    /// How far a run is.
    ///
    /// @param step    optimizer steps done
    /// @param epoch   fractional epoch reached
    /// @param batches micro-batches consumed: the place in the data
    public record Cursor(long step, double epoch, long batches) {
        public Cursor {
            Checks.atLeast("step", step, 0);
            Checks.atLeast("epoch", epoch, 0);
            Checks.atLeast("batches", batches, 0);
        }
    }

    public SavedRun {
        long perStep = train.batches().accumulation();
        if (at.batches() % perStep != 0 || at.batches() / perStep != at.step()) {
            throw new UserException("step " + at.step() + " of " + perStep + " batches each does not agree with "
                    + at.batches() + " batches");
        }
    }

    /// The entries of a checkpoint's metadata.
    Map<String, String> toMetadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("objective", objective);
        metadata.put("step", Long.toString(at.step()));
        metadata.put("epoch", Double.toString(at.epoch()));
        metadata.put("batches", Long.toString(at.batches()));
        metadata.put("dataset", dataset);
        metadata.put("device", device);
        try {
            metadata.put("config", JSON.writeValueAsString(config));
            metadata.put("train", JSON.writeValueAsString(train));
        } catch (JsonProcessingException e) {
            throw new AssertionError("records of numbers always become JSON", e);
        }
        return metadata;
    }

    /// Of a pre-training run.
    ///
    /// @throws UserException when the file is no checkpoint of one
    public static SavedRun<PretrainConfig> pretraining(TensorFile file) {
        return of(file, Pretraining.NAME, PretrainConfig.class);
    }

    /// @param objective what the checkpoint must have been trained for
    /// @param config    that objective's configuration
    /// @throws UserException when the file is no checkpoint of such a run
    public static <C extends Record> SavedRun<C> of(TensorFile file, String objective, Class<C> config) {
        Map<String, String> fields = fields(file);
        if (!objective.equals(fields.get("objective"))) {
            throw new UserException(
                    file.file() + ": is a checkpoint of " + fields.get("objective") + ", not of " + objective);
        }
        try {
            return new SavedRun<>(objective,
                    Objects.requireNonNull(JSON.readValue(required(fields, "config"), config), "config is null"),
                    Objects.requireNonNull(JSON.readValue(required(fields, "train"), TrainConfig.class),
                            "train is null"),
                    cursor(fields),
                    required(fields, "dataset"), required(fields, "device"));
        } catch (JsonProcessingException | RuntimeException e) {
            throw damaged(file, e);
        }
    }

    /// How far the run of a checkpoint was, whatever it trained for.
    ///
    /// @throws UserException when the file is no checkpoint
    static Cursor at(TensorFile file) {
        Map<String, String> fields = fields(file);
        try {
            return cursor(fields);
        } catch (RuntimeException e) {
            throw damaged(file, e);
        }
    }

    private static Cursor cursor(Map<String, String> fields) {
        return new Cursor(Long.parseLong(required(fields, "step")), Double.parseDouble(required(fields, "epoch")),
                Long.parseLong(required(fields, "batches")));
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new UserException("it has no '" + name + "'");
        }
        return value;
    }

    /// The metadata as it is written today.
    private static Map<String, String> fields(TensorFile file) {
        Map<String, String> metadata = file.metadata();
        String format = metadata.get("format");
        if (FORMAT.equals(format)) {
            return metadata;
        }
        if (!FormatOne.NAME.equals(format)) {
            throw new UserException(file.file() + ": not a checkpoint of this program, but weights from elsewhere (its "
                    + "metadata has no format '" + FORMAT + "'): take them in with 'mae import' first");
        }
        try {
            return FormatOne.upgrade(metadata);
        } catch (JsonProcessingException | RuntimeException e) {
            throw damaged(file, e);
        }
    }

    /// What another configuration and recipe change: "rate.lr 0.001 -> 0.002", one each.
    List<String> changes(C newConfig, TrainConfig newTrain) {
        List<String> changes = new ArrayList<>();
        compare("", JSON.valueToTree(config), JSON.valueToTree(newConfig), changes);
        compare("", JSON.valueToTree(train), JSON.valueToTree(newTrain), changes);
        return changes;
    }

    private static void compare(String path, JsonNode before, JsonNode now, List<String> changes) {
        if (before.isObject() && now.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            before.fieldNames().forEachRemaining(names::add);
            now.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                compare(path.isEmpty() ? name : path + "." + name, orMissing(before, name), orMissing(now, name),
                        changes);
            }
        } else if (!before.equals(now)) {
            changes.add(path + " " + text(before) + " -> " + text(now));
        }
    }

    private static JsonNode orMissing(JsonNode node, String name) {
        return node.has(name) ? node.get(name) : MissingNode.getInstance();
    }

    private static String text(JsonNode node) {
        return node.isMissingNode() ? "none" : node.isTextual() ? node.asText() : node.toString();
    }

    private static UserException damaged(TensorFile file, Exception e) {
        String where = "";
        String why = String.valueOf(e.getMessage());
        if (e instanceof JsonMappingException mapping) {
            String path = mapping.getPath().stream().map(JsonMappingException.Reference::getFieldName)
                    .collect(Collectors.joining("."));
            where = path.isEmpty() ? "" : path + ": ";
            why = mapping.getOriginalMessage();
        }
        if (e.getCause() instanceof UserException mistake) {
            why = mistake.getMessage();
        }
        String line = (where + why).lines().findFirst().orElse("").replaceAll("[\\p{Cntrl}\u2028\u2029]", "?");
        return new UserException(file.file() + ": its metadata is damaged: "
                + (line.length() > 300 ? line.substring(0, 300) + "..." : line), e);
    }
}
