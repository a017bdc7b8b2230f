package org.tornadomae.nn.file;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.tornadomae.nn.DType;

/// A checkpoint of PyTorch before 1.6: pickles one after another (a magic number, a version, facts of the machine, the
/// objects, the list of storage keys), then for each key the number of elements and the elements.
final class LegacyStorages implements Storages {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final Long VERSION = 1001L;

    /// Where a storage lies in the file.
    private record Place(long at, long bytes) {
    }

    private final FileChannel channel;
    private final Map<String, Place> places = new HashMap<>();

    private LegacyStorages(FileChannel channel) {
        this.channel = channel;
    }

    /// Opens the stream and runs its pickles.
    static LegacyStorages open(Path file, TorchObjects objects) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            LegacyStorages storages = new LegacyStorages(channel);
            storages.readPickles(objects);
            return storages;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void readPickles(TorchObjects objects) throws IOException {
        ByteBuffer head = read(0, (int) Math.min(channel.size(), TorchFile.MAX_PICKLE));
        if (!MAGIC.equals(Pickle.read(head, objects)) || !VERSION.equals(Pickle.read(head, objects))) {
            throw new MalformedException("a pickle, but not one of PyTorch");
        }
        if (!(Pickle.read(head, objects) instanceof Pickle.Dict system
                && Boolean.TRUE.equals(system.entries().get("little_endian")))) {
            throw new MalformedException("its numbers are not little-endian: save it once on an ordinary machine");
        }
        objects.read(head);
        if (!(Pickle.read(head, objects) instanceof Pickle.Items keys)) {
            throw new MalformedException("it lacks the list of its storages");
        }
        findPlaces(keys, head.position(), objects.storageTypes());
    }

    private void findPlaces(Pickle.Items keys, long start, Map<String, DType> types) throws IOException {
        long at = start;
        for (Object key : keys.values()) {
            DType dtype = key instanceof String name ? types.get(name) : null;
            if (dtype == null) {
                throw new MalformedException("its storage " + key + " is of an unknown type");
            }
            if (channel.size() - at < 8) {
                throw new MalformedException("it is cut off before storage " + key);
            }
            long numel = read(at, 8).getLong();
            if (numel < 0 || numel > (channel.size() - at - 8) / dtype.width()) {
                throw new MalformedException("its storage " + key + " claims " + numel
                        + " elements, more than the file has");
            }
            places.put(key.toString(), new Place(at + 8, numel * dtype.width()));
            at += 8 + numel * dtype.width();
        }
    }

    @Override
    public long bytes(String key) throws MalformedException {
        Place place = places.get(key);
        if (place == null) {
            throw new MalformedException("it lacks the storage " + key);
        }
        return place.bytes();
    }

    @Override
    public ByteBuffer read(String key, long at, int n) throws IOException {
        return read(places.get(key).at() + at, n);
    }

    private ByteBuffer read(long at, int n) throws IOException {
        return FileBytes.read(channel, at, n);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
