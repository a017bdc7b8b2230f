package org.tornadomae.nn.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.tornadomae.nn.DType;

/// A view of a storage: the element at index (i, j, …) is number start + i·stride₀ + j·stride₁ + … of the storage.
///
/// @param storage its key
/// @param dtype   the storage's element type
/// @param numel   elements of the storage
/// @param start   element of the storage that the tensor starts with
/// @param shape   sizes
/// @param stride  steps in elements; 0 repeats
record TorchTensor(String storage, DType dtype, long numel, long start, int[] shape, long[] stride) {
    private static final int CHUNK = 1 << 20;

    /// Takes one element out of a buffer.
    interface Sink {
        void accept(ByteBuffer bytes, int at, int index);
    }

    int size() {
        int n = 1;
        for (int side : shape) {
            n *= side;
        }
        return n;
    }

    /// Elements from the first one used to the last, both included.
    private long span() {
        long span = 1;
        for (int d = 0; d < shape.length; d++) {
            span += (shape[d] - 1) * stride[d];
        }
        return span;
    }

    private boolean contiguous() {
        long expected = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            if (shape[d] != 1 && stride[d] != expected) {
                return false;
            }
            expected *= shape[d];
        }
        return true;
    }

    /// Reads all elements in row-major order, rounded to float32.
    void readInto(Storages storages, float[] into, int at) throws IOException {
        if (size() > 0 && contiguous()) {
            for (int done = 0; done < size(); done += CHUNK) {
                int n = Math.min(CHUNK, size() - done);
                dtype.toFloats(storages.read(storage, (start + done) * dtype.width(), n * dtype.width()), into, at
                        + done, n);
            }
        } else {
            forEach(storages, (bytes, from, index) -> into[at + index] = dtype.toFloat(bytes, from));
        }
    }

    /// Hands over all elements in row-major order.
    void forEach(Storages storages, Sink sink) throws IOException {
        int size = size();
        if (size == 0) {
            return;
        }
        long bytes = span() * dtype.width();
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new MalformedException("a view spreads over " + bytes + " bytes: save it once as .contiguous()");
        }
        ByteBuffer data = storages.read(storage, start * dtype.width(), (int) bytes);
        int[] index = new int[shape.length];
        int from = 0;
        for (int i = 0; i < size; i++) {
            sink.accept(data, from * dtype.width(), i);
            for (int d = shape.length - 1; d >= 0; d--) {
                from += (int) stride[d];
                if (++index[d] < shape[d]) {
                    break;
                }
                from -= (int) (index[d] * stride[d]);
                index[d] = 0;
            }
        }
    }
}
