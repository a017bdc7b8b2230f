package org.tornadomae.nn.file;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.tornadomae.nn.DType;

/// The few names of PyTorch that weights need, and what they stand for. Everything else stays an [Pickle.Opaque], which
/// harms nobody unless it is asked to be a weight.
final class TorchObjects implements Pickle.Calls {
    private static final int MAX_DIMENSIONS = 64; // PyTorch's own limit
    private static final Map<String, DType> STORAGES = Map.ofEntries(
            Map.entry("torch.DoubleStorage", DType.F64), Map.entry("torch.FloatStorage", DType.F32),
            Map.entry("torch.HalfStorage", DType.F16),
            Map.entry("torch.BFloat16Storage", DType.BF16), Map.entry("torch.LongStorage", DType.I64),
            Map.entry("torch.IntStorage", DType.I32),
            Map.entry("torch.ShortStorage", DType.I16), Map.entry("torch.CharStorage", DType.I8),
            Map.entry("torch.ByteStorage", DType.U8),
            Map.entry("torch.BoolStorage", DType.BOOL), Map.entry("torch.storage.UntypedStorage", DType.U8));

    /// A storage, or in old files a piece of one.
    ///
    /// @param whole elements of the storage itself
    /// @param start first element of the piece
    /// @param size  elements of the piece
    private record Storage(String key, DType dtype, long whole, long start, long size) {
    }

    private final Map<String, DType> storageTypes = new HashMap<>();
    private Object root;

    /// Runs the pickle of a checkpoint's objects.
    void read(ByteBuffer pickle) throws MalformedException {
        root = Pickle.read(pickle, this);
    }

    /// The outermost object.
    Object root() {
        return root;
    }

    /// Element types of all storages that were named.
    Map<String, DType> storageTypes() {
        return storageTypes;
    }

    @Override
    public Object call(String function, Pickle.Tuple arguments) throws MalformedException {
        return switch (function) {
            case "collections.OrderedDict" -> arguments.size() == 0 ? new Pickle.Dict() : new Pickle.Opaque(function);
            case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> tensor(function, arguments);
            case "torch._utils._rebuild_parameter", "torch.nn.parameter.Parameter" ->
                arguments.size() > 0 && arguments.get(0) instanceof TorchTensor tensor
                        ? tensor
                        : new Pickle.Opaque(function);
            case "torch.Size" -> arguments.size() == 1 && arguments.get(0) instanceof Pickle.Tuple sizes
                    ? sizes
                    : new Pickle.Opaque(function);
            default -> new Pickle.Opaque(function);
        };
    }

    /// ("storage", class, key, device, elements), in old files with None or (key of the piece, first element,
    /// elements).
    @Override
    public Object persistent(Object id) throws MalformedException {
        if (!(id instanceof Pickle.Tuple parts && (parts.size() == 5 || parts.size() == 6)
                && "storage".equals(parts.get(0))
                && parts.get(1) instanceof Pickle.Global type && parts.get(2) instanceof String key
                && parts.get(4) instanceof Long whole)) {
            throw new MalformedException("it keeps something other than tensors outside of its pickle");
        }
        DType dtype = STORAGES.get(type.name());
        if (dtype == null) {
            return new Pickle.Opaque(type.name());
        }
        if (!key.matches("[0-9A-Za-z_]{1,64}") || whole < 0) {
            throw new MalformedException("its storage " + key + " has no usable key or length");
        }
        DType before = storageTypes.put(key, dtype);
        if (before != null && before != dtype) {
            throw new MalformedException("its storage " + key + " is both " + before + " and " + dtype);
        }
        if (parts.size() == 6 && parts.get(5) instanceof Pickle.Tuple piece) {
            if (piece.size() == 3 && piece.get(1) instanceof Long start && piece.get(2) instanceof Long size
                    && start >= 0 && size >= 0 && start <= whole && size <= whole - start) {
                return new Storage(key, dtype, whole, start, size);
            }
            throw new MalformedException("its storage " + key + " has an impossible piece");
        }
        return new Storage(key, dtype, whole, 0, whole);
    }

    private static Object tensor(String function, Pickle.Tuple arguments) throws MalformedException {
        if (arguments.size() < 4 || !(arguments.get(0) instanceof Storage storage)) {
            return new Pickle.Opaque(function);
        }
        if (!(arguments.get(1) instanceof Long offset && arguments.get(2) instanceof Pickle.Tuple sizes
                && arguments.get(3) instanceof Pickle.Tuple strides
                && sizes.size() == strides.size() && sizes.size() <= MAX_DIMENSIONS && offset >= 0
                && offset <= storage.size())) {
            throw new MalformedException("a tensor of storage " + storage.key()
                    + " has no usable offset, sizes or strides");
        }
        int[] shape = new int[sizes.size()];
        long[] stride = new long[sizes.size()];
        for (int d = 0; d < shape.length; d++) {
            if (!(sizes.get(d) instanceof Long side && strides.get(d) instanceof Long step && side >= 0
                    && side <= Integer.MAX_VALUE - 8 && step >= 0)) {
                throw new MalformedException("a tensor of storage " + storage.key()
                        + " has an impossible size or stride");
            }
            shape[d] = side.intValue();
            stride[d] = step;
        }
        if (!fits(storage.size() - offset, shape, stride)) {
            throw new MalformedException("a tensor of storage " + storage.key() + " reaches past its " + storage.size()
                    + " elements");
        }
        return new TorchTensor(storage.key(), storage.dtype(), storage.whole(), storage.start() + offset, shape,
                stride);
    }

    /// Whether the last element lies within the room, and their number within an array.
    private static boolean fits(long room, int[] shape, long[] stride) {
        if (Arrays.stream(shape).anyMatch(side -> side == 0)) {
            return true;
        }
        long elements = 1;
        long left = room - 1;
        for (int d = 0; d < shape.length; d++) {
            elements *= shape[d];
            if (elements > Integer.MAX_VALUE - 8 || left < 0 || shape[d] > 1 && stride[d] > left / (shape[d] - 1)) {
                return false;
            }
            left -= shape[d] > 1 ? (shape[d] - 1) * stride[d] : 0;
        }
        return left >= 0;
    }
}
