package org.tornadomae.nn.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.tornadomae.nn.Sizes;
import org.tornadomae.nn.UserException;

/// CRC-32C (RFC 3720, appendix B.4) of each tensor's bytes, as one entry of a file's metadata: a JSON object from the
/// tensor's name to the checksum.
///
/// @param byName of the tensors that have one
record Checksums(Map<String, Long> byName) {
    static final String KEY = "crc32c";
    /// Of a file that was written elsewhere.
    static final Checksums NONE = new Checksums(Map.of());

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHUNK = 1 << 20;

    /// Of tensors about to be written.
    static Checksums of(List<SafeTensors.Source> tensors) {
        Map<String, Long> byName = new LinkedHashMap<>();
        ByteBuffer chunk = ByteBuffer.allocateDirect(Float.BYTES * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
        for (SafeTensors.Source tensor : tensors) {
            CRC32C crc = new CRC32C();
            int total = Sizes.product(tensor.shape());
            for (int done = 0; done < total; done += CHUNK) {
                crc.update(FileBytes.of(tensor, done, Math.min(CHUNK, total - done), chunk));
            }
            byName.put(tensor.name(), crc.getValue());
        }
        return new Checksums(byName);
    }

    /// @param text null for none
    /// @return empty when the text is nothing that [#toJson] writes
    static Optional<Checksums> parse(String text) {
        if (text == null) {
            return Optional.of(NONE);
        }
        Map<String, Long> byName = new LinkedHashMap<>();
        try {
            JsonNode node = JSON.readTree(text);
            if (!node.isObject()) {
                return Optional.empty();
            }
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                if (!field.getValue().isIntegralNumber()) {
                    return Optional.empty();
                }
                byName.put(field.getKey(), field.getValue().asLong());
            }
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        return Optional.of(new Checksums(byName));
    }

    String toJson() {
        ObjectNode node = JSON.createObjectNode();
        byName.forEach(node::put);
        return node.toString();
    }

    boolean covers(Set<String> names) {
        return !byName.isEmpty() && byName.keySet().containsAll(names);
    }

    /// @throws UserException when a tensor's bytes are not those that were written
    void verify(Path file, String name, long found) {
        Long written = byName.get(name);
        if (written != null && written != found) {
            throw new UserException(file + ": tensor " + name + " does not match its checksum: the file was damaged "
                    + "after it was written; use another checkpoint or copy it again");
        }
    }
}
