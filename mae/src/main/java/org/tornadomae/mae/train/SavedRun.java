package org.tornadomae.mae.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.nn.SafeTensors;
import org.tornadomae.nn.UserException;

/// What a checkpoint says beside its tensors: enough to continue the run or to rebuild the model.
///
/// @param config      the model, head counts included: a wrong count would load without complaint
/// @param train       the recipe
/// @param step        optimizer steps done
/// @param epoch       fractional epoch reached
/// @param batches     micro-batches consumed: the data cursor
/// @param dataset     fingerprint of the list of videos
/// @param device      what ran the last step
public record SavedRun(MaeConfig config, TrainConfig train, long step, double epoch, long batches, String dataset, String device) {
    private static final String FORMAT = "tornado-mae 1";
    private static final ObjectMapper JSON = JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    /// The entries of a checkpoint's metadata.
    Map<String, String> toMetadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("step", Long.toString(step));
        metadata.put("epoch", Double.toString(epoch));
        metadata.put("batches", Long.toString(batches));
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
    public static SavedRun of(SafeTensors file) {
        Map<String, String> metadata = file.metadata();
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new UserException(file.file() + ": not a checkpoint of this program (its metadata has no format '" + FORMAT + "')");
        }
        try {
            return new SavedRun(JSON.readValue(metadata.get("config"), MaeConfig.class), JSON.readValue(metadata.get("train"), TrainConfig.class),
                    Long.parseLong(metadata.get("step")), Double.parseDouble(metadata.get("epoch")),
                    Long.parseLong(metadata.get("batches")), metadata.get("dataset"), metadata.get("device"));
        } catch (JsonProcessingException | RuntimeException e) {
            throw new UserException(file.file() + ": its metadata is damaged: " + e.getMessage().lines().findFirst().orElse(""), e);
        }
    }
}
