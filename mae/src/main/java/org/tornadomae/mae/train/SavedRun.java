package org.tornadomae.mae.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;

/// What a checkpoint says beside its tensors: enough to continue the run or to rebuild the model.
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
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    /// How far a run is.
    ///
    /// @param step    optimizer steps done
    /// @param epoch   fractional epoch reached
    /// @param batches micro-batches consumed: the place in the data
    public record Cursor(long step, double epoch, long batches) {
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
            Cursor at = new Cursor(Long.parseLong(fields.get("step")), Double.parseDouble(fields.get("epoch")),
                    Long.parseLong(fields.get("batches")));
            return new SavedRun<>(objective, JSON.readValue(fields.get("config"), config),
                    JSON.readValue(fields.get("train"), TrainConfig.class), at, fields.get("dataset"),
                    fields.get("device"));
        } catch (JsonProcessingException | RuntimeException e) {
            throw damaged(file, e);
        }
    }

    /// The metadata as it is written today.
    private static Map<String, String> fields(TensorFile file) {
        Map<String, String> metadata = file.metadata();
        String format = metadata.get("format");
        if (FORMAT.equals(format)) {
            return metadata;
        }
        if (!FormatOne.NAME.equals(format)) {
            throw new UserException(file.file() + ": not a checkpoint of this program (its metadata has no format '"
                    + FORMAT + "')");
        }
        try {
            return FormatOne.upgrade(metadata);
        } catch (JsonProcessingException | RuntimeException e) {
            throw damaged(file, e);
        }
    }

    private static UserException damaged(TensorFile file, Exception e) {
        return new UserException(file.file() + ": its metadata is damaged: "
                + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }
}
