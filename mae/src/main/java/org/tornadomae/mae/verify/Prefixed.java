package org.tornadomae.mae.verify;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tornadomae.nn.file.TensorFile;

/// One kind of tensors of a dump, such as all gradients, as a file of its own: names without the kind in front.
///
/// @param whole  the dump
/// @param prefix of the kind, such as `grad.`
/// @param model  the metadata that tells about the model
record Prefixed(TensorFile whole, String prefix, String model) implements TensorFile {
    @Override
    public Path file() {
        return whole.file();
    }

    @Override
    public Map<String, String> metadata() {
        return new LinkedHashMap<>(Map.of("model", model));
    }

    @Override
    public List<String> names() {
        return whole.names().stream().filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
    }

    @Override
    public Entry entry(String name) {
        Entry entry = whole.entry(prefix + name);
        return new Entry(name, entry.dtype(), entry.shape());
    }

    @Override
    public void readInto(String name, float[] into, int at) {
        whole.readInto(prefix + name, into, at);
    }

    @Override
    public long[] longs(String name) {
        return whole.longs(prefix + name);
    }

    /// Does nothing: whoever opened the dump closes it.
    @Override
    public void close() {}
}
