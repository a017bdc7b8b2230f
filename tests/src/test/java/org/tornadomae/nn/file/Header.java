package org.tornadomae.nn.file;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/// Rewrites the header of a safetensors file and leaves its tensors as they are.
public final class Header {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Header() {}

    private static int length(byte[] file) {
        return (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /// What the file says in `__metadata__`.
    public static ObjectNode metadata(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return (ObjectNode) JSON.readTree(Arrays.copyOfRange(bytes, 8, 8 + length(bytes))).path("__metadata__");
    }

    /// @param change of the metadata
    public static void edit(Path from, Path to, Consumer<ObjectNode> change) throws IOException {
        byte[] bytes = Files.readAllBytes(from);
        int data = 8 + length(bytes);
        ObjectNode header = (ObjectNode) JSON.readTree(Arrays.copyOfRange(bytes, 8, data));
        change.accept((ObjectNode) header.path("__metadata__"));
        byte[] text = JSON.writeValueAsBytes(header);
        Files.write(to, ByteBuffer.allocate(8 + text.length + bytes.length - data).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length).put(text).put(bytes, data, bytes.length - data).array());
    }
}
