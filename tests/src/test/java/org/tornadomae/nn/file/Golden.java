package org.tornadomae.nn.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Files in golden/finetune, made by the official codes and by PyTorch.
public final class Golden {
    private Golden() {}

    public static Path path(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/finetune/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    public static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(path(name).toFile());
    }

    /// The numbers of nested JSON arrays, in order.
    public static float[] floats(JsonNode node) {
        List<Float> values = new ArrayList<>();
        collect(node, values);
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }

    private static void collect(JsonNode node, List<Float> into) {
        if (node.isArray()) {
            node.forEach(item -> collect(item, into));
        } else {
            into.add((float) node.asDouble());
        }
    }
}
