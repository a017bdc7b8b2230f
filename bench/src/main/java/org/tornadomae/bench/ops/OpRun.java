package org.tornadomae.bench.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.tornadomae.kernels.Ops;

/// One operation at one shape, with its arrays filled and its check prepared.
///
/// @param operation the method of [Ops]
/// @param work      of a call
/// @param body      calls it
/// @param state     arrays that it reads or writes (`float[]` or `int[]`)
/// @param written   those that it writes
/// @param check     of the first call
/// @param restored  written arrays that repeated calls would drive to zero or infinity: set back before every call
record OpRun(String operation, Work work, Consumer<Ops> body, List<Object> state, List<float[]> written, Check check, List<float[]> restored) {

    /// An operation that is checked as a whole.
    ///
    /// @param terms   length of the longest sum behind an element
    /// @param inputs  everything that it only reads, and scratch
    /// @param body    calls it on the written arrays it is handed
    /// @param written with their contents before the first call
    static OpRun whole(String operation, Work work, int terms, List<Object> inputs, BiConsumer<Ops, float[][]> body, float[]... written) {
        float[][] expected = Arrays.stream(written).map(float[]::clone).toArray(float[][]::new);
        Check check = new Check(ops -> body.accept(ops, expected));
        for (int i = 0; i < written.length; i++) {
            check.compare("output " + (i + 1) + " of " + operation, expected[i], written[i], terms);
        }
        return sliced(operation, work, inputs, ops -> body.accept(ops, written), check, written);
    }

    /// An operation whose check covers a part of it.
    static OpRun sliced(String operation, Work work, List<Object> inputs, Consumer<Ops> body, Check check, float[]... written) {
        List<Object> state = new ArrayList<>(inputs);
        state.addAll(List.of(written));
        return new OpRun(operation, work, body, state, List.of(written), check, List.of());
    }

    /// The same with an array that is set back before every call.
    OpRun restoring(float[] array) {
        return new OpRun(operation, work, body, state, written, check, List.of(array));
    }
}
