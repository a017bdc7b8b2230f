package org.tornadomae.nn.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// A checkpoint of PyTorch 1.6 or newer: an uncompressed zip with `TOP/data.pkl` and one entry `TOP/data/KEY` per
/// storage.
/// Nothing is ever extracted to the disk, so that the names of entries are harmless.
final class ZipStorages implements Storages {
    private static final String PICKLE = "data.pkl";

    private final ZipFile zip;
    private final Map<String, ZipEntry> entries = new HashMap<>();
    private final String top;

    private ZipStorages(ZipFile zip, long fileSize) throws IOException {
        this.zip = zip;
        for (ZipEntry entry : Collections.list(zip.entries())) {
            if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
                throw new MalformedException("its entry " + entry.getName() + " is compressed, as PyTorch never does");
            }
            if (entry.getSize() < 0 || entry.getSize() > fileSize) {
                throw new MalformedException("its entry " + entry.getName() + " claims " + entry.getSize()
                        + " bytes, more than the file has");
            }
            if (entries.put(entry.getName(), entry) != null) {
                throw new MalformedException("it has two entries " + entry.getName());
            }
        }
        List<String> pickles = entries.keySet().stream().filter(name -> name.endsWith("/" + PICKLE)).toList();
        if (pickles.size() != 1) {
            throw new MalformedException("a zip with " + pickles.size() + " entries */" + PICKLE
                    + " where a checkpoint has one");
        }
        this.top = pickles.getFirst().substring(0, pickles.getFirst().length() - PICKLE.length());
    }

    /// Opens the archive and runs the pickle of its objects.
    static ZipStorages open(Path file, TorchObjects objects) throws IOException {
        ZipFile zip = new ZipFile(file.toFile());
        try {
            ZipStorages storages = new ZipStorages(zip, Files.size(file));
            storages.checkByteOrder();
            objects.read(storages.pickle());
            return storages;
        } catch (IOException e) {
            zip.close();
            throw e;
        }
    }

    private void checkByteOrder() throws IOException {
        ZipEntry order = entries.get(top + "byteorder");
        if (order != null && !StandardCharsets.UTF_8.decode(read(order, 0,
                (int) Math.min(16, order.getSize()))).toString().equals("little")) {
            throw new MalformedException("its numbers are not little-endian: save it once on an ordinary machine");
        }
    }

    private ByteBuffer pickle() throws IOException {
        ZipEntry entry = entries.get(top + PICKLE);
        if (entry.getSize() > TorchFile.MAX_PICKLE) {
            throw new MalformedException("its " + PICKLE + " has " + entry.getSize() + " bytes, over the limit of "
                    + TorchFile.MAX_PICKLE);
        }
        return read(entry, 0, (int) entry.getSize());
    }

    @Override
    public long bytes(String key) throws MalformedException {
        ZipEntry entry = entries.get(top + "data/" + key);
        if (entry == null) {
            throw new MalformedException("it lacks the storage " + key);
        }
        return entry.getSize();
    }

    @Override
    public ByteBuffer read(String key, long at, int n) throws IOException {
        return read(entries.get(top + "data/" + key), at, n);
    }

    private ByteBuffer read(ZipEntry entry, long at, int n) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            in.skipNBytes(at);
            byte[] bytes = in.readNBytes(n);
            if (bytes.length < n) {
                throw new EOFException("entry " + entry.getName() + " ended at byte " + (at + bytes.length));
            }
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
