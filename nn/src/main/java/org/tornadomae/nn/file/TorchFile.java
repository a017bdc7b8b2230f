package org.tornadomae.nn.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;
import org.tornadomae.nn.UserException;

/// The weights of a PyTorch checkpoint (`.pth`, `.pt`, `.pyth`, `.bin`), in today's zip format or the old stream.
///
/// Such a file is a program that may name any function of Python. Nothing is run or looked up here ([Pickle]); what the
/// weights do not need (arguments, optimizer, configuration) is passed over. No number in the file is believed before
/// it
/// is checked against the file's length, so that a damaged or hostile file costs one line.
public final class TorchFile implements TensorFile {
    /// Bytes that tell the format.
    static final int HEAD = 512;
    static final long MAX_PICKLE = 64 << 20;
    private static final int MAX_TENSORS = 100_000;
    /// How many times over tensors may use the file's bytes: tied weights are twice, a bomb of views is thousands of
    /// times.
    private static final int MAX_SHARING = 4;
    /// Where the codes keep their weights, outermost first: PySlowFast, mae_st and VideoMAE, many, DeepSpeed.
    private static final List<String> WRAPPERS = List.of("model_state", "model", "state_dict", "module");
    /// What DistributedDataParallel puts before every name.
    private static final String DDP = "module.";
    private static final String TAR = "ustar";
    private static final int TAR_AT = 257;

    private final Path file;
    private final Storages storages;
    private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private TorchFile(Path file, Storages storages) {
        this.file = file;
        this.storages = storages;
    }

    /// Whether a file that starts so is a PyTorch checkpoint, readable or not.
    static boolean looksLike(byte[] head) {
        return startsWith(head, 'P', 'K', 3, 4) || startsWith(head, 0x80, 2) || isTar(head);
    }

    private static boolean startsWith(byte[] head, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (head.length <= i || Byte.toUnsignedInt(head[i]) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTar(byte[] head) {
        return head.length >= TAR_AT + TAR.length() && new String(head, TAR_AT, TAR.length(),
                StandardCharsets.ISO_8859_1).equals(TAR);
    }

    /// Opens a checkpoint and checks every tensor's place.
    ///
    /// @throws UserException when it cannot be read, is not what it says, or a weight is not a plain tensor
    public static TorchFile open(Path file) {
        try {
            TorchObjects objects = new TorchObjects();
            Storages storages = storages(file, objects);
            try {
                TorchFile opened = new TorchFile(file, storages);
                opened.takeWeights(objects.root());
                opened.checkPlaces(Files.size(file));
                return opened;
            } catch (IOException e) {
                storages.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            throw new UserException(file + ": no such file", e);
        } catch (MalformedException | ZipException e) {
            throw failure(file, "not a usable PyTorch file: " + e.getMessage(), e);
        } catch (IOException e) {
            throw failure(file, "cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Storages storages(Path file, TorchObjects objects) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        }
        if (isTar(head)) {
            throw new MalformedException("the tar format of PyTorch 0.1: save it once with a PyTorch of today");
        }
        return startsWith(head, 'P', 'K', 3, 4) ? ZipStorages.open(file, objects) : LegacyStorages.open(file, objects);
    }

    private static UserException failure(Path file, String what, IOException cause) {
        return new UserException(file + ": " + SafeTensors.oneLine(what), cause);
    }

    /// Finds the dictionary of weights: the outermost object or what lies under the wrappers' keys.
    private void takeWeights(Object root) throws MalformedException {
        Map<?, ?> weights = root instanceof Pickle.Dict dict ? dict.entries() : Map.of();
        weights.forEach(this::note);
        Map<?, ?> inner = wrapped(weights);
        boolean bare = inner == null;
        for (int depth = 0; inner != null && depth < WRAPPERS.size(); depth++) {
            weights = inner;
            inner = wrapped(weights);
        }
        for (Map.Entry<?, ?> entry : weights.entrySet()) {
            if (entry.getValue() instanceof Pickle.Opaque made && !bare) {
                throw new MalformedException("its weight " + entry.getKey() + " is made by " + made.maker()
                        + ", which makes no plain tensor: refused");
            } else if (entry.getKey() instanceof String name && entry.getValue() instanceof TorchTensor tensor) {
                tensors.put(name, tensor);
            }
        }
        if (tensors.isEmpty() || tensors.size() > MAX_TENSORS) {
            throw new MalformedException("it has " + tensors.size() + " tensors, neither outermost nor under "
                    + String.join(", ", WRAPPERS));
        }
        stripDdp();
    }

    private static Map<?, ?> wrapped(Map<?, ?> weights) {
        for (String wrapper : WRAPPERS) {
            if (weights.get(wrapper) instanceof Pickle.Dict dict) {
                return dict.entries();
            }
        }
        return null;
    }

    private void note(Object key, Object value) {
        if (key instanceof String name && (value instanceof String || value instanceof Number
                || value instanceof Boolean)) {
            metadata.put(name, value.toString());
        }
    }

    private void stripDdp() {
        if (tensors.keySet().stream().allMatch(name -> name.startsWith(DDP))) {
            Map<String, TorchTensor> prefixed = new LinkedHashMap<>(tensors);
            tensors.clear();
            prefixed.forEach((name, tensor) -> tensors.put(name.substring(DDP.length()), tensor));
        }
    }

    /// Every storage must be as long as the pickle says, and views must not repeat elements past the size of the file.
    private void checkPlaces(long fileSize) throws MalformedException {
        long total = 0;
        for (Map.Entry<String, TorchTensor> entry : tensors.entrySet()) {
            TorchTensor tensor = entry.getValue();
            long bytes = storages.bytes(tensor.storage());
            if (bytes / tensor.dtype().width() != tensor.numel() || bytes % tensor.dtype().width() != 0) {
                throw new MalformedException("storage " + tensor.storage() + " of tensor " + entry.getKey() + " has "
                        + bytes + " bytes where "
                        + tensor.numel() + " elements of " + tensor.dtype() + " are promised");
            }
            long needed = (long) tensor.size() * tensor.dtype().width();
            total += needed;
            if (needed > fileSize || total > MAX_SHARING * fileSize) {
                throw new MalformedException("tensor " + entry.getKey() + " repeats few elements up to " + needed
                        + " bytes, in a file of " + fileSize);
            }
        }
    }

    @Override
    public Path file() {
        return file;
    }

    /// The words and numbers that lie beside the weights, such as `epoch` or PySlowFast's `cfg`.
    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public List<String> names() {
        return List.copyOf(tensors.keySet());
    }

    @Override
    public Entry entry(String name) {
        TorchTensor tensor = tensor(name);
        return new Entry(name, tensor.dtype(), tensor.shape().clone());
    }

    private TorchTensor tensor(String name) {
        TorchTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw failure(file, "has no tensor " + name, null);
        }
        return tensor;
    }

    @Override
    public void readInto(String name, float[] into, int at) {
        TorchTensor tensor = tensor(name);
        try {
            tensor.readInto(storages, into, at);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    @Override
    public long[] longs(String name) {
        TorchTensor tensor = tensor(name);
        if (!tensor.dtype().integral()) {
            throw failure(file, "tensor " + name + " is " + tensor.dtype() + ", expected whole numbers", null);
        }
        long[] values = new long[tensor.size()];
        try {
            tensor.forEach(storages, (bytes, from, index) -> values[index] = tensor.dtype().toLong(bytes, from));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
        return values;
    }

    private UserException unreadable(String name, IOException e) {
        return failure(file, "tensor " + name + " cannot be read (" + e.getMessage() + ")", e);
    }

    @Override
    public void close() {
        try {
            storages.close();
        } catch (IOException e) {
            throw failure(file, "cannot be closed (" + e.getMessage() + ")", e);
        }
    }
}
