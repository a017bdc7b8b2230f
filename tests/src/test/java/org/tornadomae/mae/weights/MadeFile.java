package org.tornadomae.mae.weights;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tornadomae.nn.DType;
import org.tornadomae.nn.file.TensorFile;

/// Tensors in memory in place of a file.
final class MadeFile implements TensorFile {
    private final Map<String, int[]> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> values = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    /// A copy: of a plan, as if its result had been written and opened.
    static MadeFile of(TensorFile file) {
        MadeFile made = new MadeFile();
        file.names().forEach(name -> made.put(name, file.entry(name).shape(), file.floats(name)));
        made.metadata.putAll(file.metadata());
        return made;
    }

    /// Random tensors of these shapes.
    static MadeFile random(Map<String, int[]> shapes, long seed) {
        MadeFile made = new MadeFile();
        Random random = new Random(seed);
        shapes.forEach((name, shape) -> {
            int n = 1;
            for (int side : shape) {
                n *= side;
            }
            float[] values = new float[n];
            for (int i = 0; i < n; i++) {
                values[i] = (float) random.nextGaussian();
            }
            made.put(name, shape, values);
        });
        return made;
    }

    void put(String name, int[] shape, float[] tensor) {
        shapes.put(name, shape);
        values.put(name, tensor);
    }

    void remove(String name) {
        shapes.remove(name);
        values.remove(name);
    }

    MadeFile say(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    @Override
    public Path file() {
        return Path.of("made");
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public List<String> names() {
        return List.copyOf(shapes.keySet());
    }

    @Override
    public Entry entry(String name) {
        return new Entry(name, DType.F32, shapes.get(name).clone());
    }

    @Override
    public void readInto(String name, float[] into, int at) {
        System.arraycopy(values.get(name), 0, into, at, values.get(name).length);
    }

    @Override
    public long[] longs(String name) {
        throw new AssertionError("no whole numbers here");
    }

    @Override
    public void close() {}
}
