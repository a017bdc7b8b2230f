package org.tornadomae.mae.weights;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tornadomae.nn.DType;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;

/// The tensors of a file without the prefix that wrapping models put before every name.
final class Source {
    private static final String BACKBONE = "backbone.";

    private final TensorFile file;
    private final Map<String, String> actual = new LinkedHashMap<>();

    Source(TensorFile file) {
        this.file = file;
        for (String name : file.names()) {
            actual.put(name.startsWith(BACKBONE) ? name.substring(BACKBONE.length()) : name, name);
        }
    }

    Path file() {
        return file.file();
    }

    Collection<String> names() {
        return actual.keySet();
    }

    boolean has(String name) {
        return name != null && actual.containsKey(name);
    }

    /// @throws UserException when there is no such tensor
    int[] shape(String name) {
        if (!has(name)) {
            throw new UserException(file.file() + ": has no tensor " + name);
        }
        return file.entry(actual.get(name)).shape();
    }

    DType dtype(String name) {
        return file.entry(actual.get(name)).dtype();
    }

    float[] floats(String name) {
        return file.floats(actual.get(name));
    }

    void readInto(String name, float[] into, int at) {
        file.readInto(actual.get(name), into, at);
    }
}
