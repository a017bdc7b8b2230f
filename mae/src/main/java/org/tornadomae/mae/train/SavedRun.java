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
/// @param config  what is trained, head counts included: a wrong count would load without complaint
/// @param train   the recipe
/// @param at      how far it is
/// @param dataset fingerprint of the list of videos
/// @param device  what ran the last step
public record SavedRun(PretrainConfig config, TrainConfig train, Cursor at, String dataset, String device) {
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

    /// @throws UserException when the file is no checkpoint of ours
    public static SavedRun of(TensorFile file) {
        Map<String, String> metadata = file.metadata();
        String format = metadata.get("format");
        if (!FORMAT.equals(format) && !FormatOne.NAME.equals(format)) {
            throw new UserException(file.file() + ": not a checkpoint of this program (its metadata has no format '"
                    + FORMAT + "')");
        }
        try {
            Map<String, String> fields = FORMAT.equals(format) ? metadata : FormatOne.upgrade(metadata);
            Cursor at = new Cursor(Long.parseLong(fields.get("step")), Double.parseDouble(fields.get("epoch")),
                    Long.parseLong(fields.get("batches")));
            return new SavedRun(JSON.readValue(fields.get("config"), PretrainConfig.class),
                    JSON.readValue(fields.get("train"), TrainConfig.class), at, fields.get("dataset"), fields.get("device"));
        } catch (JsonProcessingException | RuntimeException e) {
            throw new UserException(file.file() + ": its metadata is damaged: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        }
    }
}
