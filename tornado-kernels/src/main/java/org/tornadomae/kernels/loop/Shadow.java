package org.tornadomae.kernels.loop;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.ElementType;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.Trace;

/// Who wrote each element last in this run of a program. Buffers may share a Java array, so an element has an owner:
/// only the buffer that wrote it last may read it.
final class Shadow {
    /// For each Java array the owner of each of its elements: a place in `buffers` plus one, or 0 before it is written.
    private final Map<Object, int[]> owners = new IdentityHashMap<>();
    private final List<Buffer> buffers;

    /// The state at the start of a program: inputs, constants and state are written, everything else is NaN.
    ///
    /// @throws IllegalStateException when a buffer was not declared, or one that is written at the start shares memory
    Shadow(Collection<Buffer> buffers) {
        this.buffers = List.copyOf(buffers);
        for (Buffer buffer : buffers) {
            if (buffer.role() == Buffer.Role.UNDECLARED) {
                throw new IllegalStateException(buffer.name() + " is used, but was not declared");
            }
            int[] owner = owners.computeIfAbsent(buffer.memory(), array -> new int[Array.getLength(array)]);
            if (startsWritten(buffer)) {
                claim(owner, buffer);
            }
        }
        for (Buffer buffer : buffers) {
            if (!startsWritten(buffer)) {
                poison(buffer);
            }
        }
    }

    private static boolean startsWritten(Buffer buffer) {
        return switch (buffer.role()) {
            case INPUT, CONSTANT, STATE -> true;
            case KEPT, SCRATCH, OUTPUT, UNDECLARED -> false;
        };
    }

    private int number(Buffer buffer) {
        return 1 + buffers.indexOf(buffer);
    }

    private Buffer named(int number) {
        return buffers.get(number - 1);
    }

    private void claim(int[] owner, Buffer buffer) {
        requireUnclaimed(owner, buffer);
        Arrays.fill(owner, 0, buffer.size(), number(buffer));
    }

    private void requireUnclaimed(int[] owner, Buffer buffer) {
        for (int i = 0; i < buffer.size(); i++) {
            if (owner[i] != 0) {
                throw new IllegalStateException(buffer.name() + " shares memory with " + named(owner[i]).name());
            }
        }
    }

    private void poison(Buffer buffer) {
        requireUnclaimed(owners.get(buffer.memory()), buffer);
        if (buffer.type() == ElementType.FLOAT32) {
            Arrays.fill(buffer.floats(), 0, buffer.size(), Float.NaN);
        }
    }

    /// Notes what an operation is about to do.
    ///
    /// @param layer at which the cursor stands
    /// @throws IllegalStateException when it reads or writes what it must not
    void operation(Trace.Operation operation, int layer) {
        for (Tensor tensor : operation.reads()) {
            checkRead("is read by " + operation.name(), tensor.buffer(), tensor.start(layer), tensor.size());
        }
        for (Tensor tensor : operation.writes()) {
            checkWrite(operation, tensor, layer);
            int start = tensor.start(layer);
            Arrays.fill(owners.get(tensor.buffer().memory()), start, start + tensor.size(), number(tensor.buffer()));
        }
    }

    /// @throws IllegalStateException when the host would find something else in an output or in the state
    void end() {
        for (Buffer buffer : buffers) {
            if (buffer.role() == Buffer.Role.OUTPUT || buffer.role() == Buffer.Role.STATE) {
                checkRead("is read by the host", buffer, 0, buffer.size());
            }
        }
    }

    private void checkRead(String read, Buffer buffer, int start, int size) {
        int[] owner = owners.get(buffer.memory());
        int number = number(buffer);
        for (int i = start; i < start + size; i++) {
            if (owner[i] == 0) {
                throw new IllegalStateException(buffer.name() + " " + read + " before element " + i + " was written");
            }
            if (owner[i] != number) {
                throw new IllegalStateException(buffer.name() + " " + read + " after " + named(owner[i]).name()
                        + " overwrote element " + i);
            }
        }
    }

    private void checkWrite(Trace.Operation operation, Tensor written, int layer) {
        Buffer buffer = written.buffer();
        if (buffer.role() == Buffer.Role.INPUT || buffer.role() == Buffer.Role.CONSTANT) {
            throw new IllegalStateException(buffer.name() + " is written by " + operation.name() + " at element "
                    + written.start(layer) + ", but it is "
                    + (buffer.role() == Buffer.Role.INPUT ? "an input" : "a constant"));
        }
        for (Tensor read : operation.reads()) {
            if (!operation.writes().contains(read) && read.buffer().memory() == buffer.memory()) {
                throw new IllegalStateException(buffer.name() + " is written by " + operation.name()
                        + ", which also reads " + read.buffer().name() + " in the same memory");
            }
        }
        for (Tensor other : operation.writes()) {
            if (other != written && other.buffer().memory() == buffer.memory()
                    && (other.buffer() != buffer || overlap(other, written, layer))) {
                throw new IllegalStateException(buffer.name() + " is written by " + operation.name()
                        + ", which also writes " + other.buffer().name() + " in the same memory");
            }
        }
    }

    private static boolean overlap(Tensor a, Tensor b, int layer) {
        return a.start(layer) < b.start(layer) + b.size() && b.start(layer) < a.start(layer) + a.size();
    }
}
