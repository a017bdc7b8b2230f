package org.tornadomae.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Tables of numbers that the official codes computed, as JSON; each says in `source` where it is from.
public final class GoldenTable {
    private static final String FOLDER = "/golden/finetune/";

    private GoldenTable() {}

    /// The table of a name, e.g. `knn`.
    public static JsonNode of(String name) {
        try (InputStream in = GoldenTable.class.getResourceAsStream(FOLDER + name + ".json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    public static int[] ints(JsonNode list) {
        return stream(list).mapToInt(JsonNode::intValue).toArray();
    }

    /// All numbers of nested lists, row-major.
    public static double[] doubles(JsonNode list) {
        List<Double> values = new ArrayList<>();
        collect(list, values);
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// The same in float32, which is what most of them were computed in.
    public static float[] floats(JsonNode list) {
        double[] values = doubles(list);
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static void collect(JsonNode node, List<Double> values) {
        if (node.isNumber()) {
            values.add(node.doubleValue());
        } else {
            node.forEach(part -> collect(part, values));
        }
    }
}
