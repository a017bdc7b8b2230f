package org.tornadomae.bench.ops;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Tensor;

/// One operation at one shape, with its tensors filled and its check prepared.
///
/// @param operation the method of [Ops]
/// @param work      of a call
/// @param body      calls it
/// @param written   tensors that it writes
/// @param check     of the first call
/// @param restored  written tensors that repeated calls would drive to zero or infinity: set back before every call
record OpRun(String operation, Work work, Consumer<Ops> body, List<Tensor> written, Check check,
        List<Tensor> restored) {

    /// An operation that is checked as a whole.
    ///
    /// @param terms   length of the longest sum behind an element
    /// @param body    calls it on the written tensors it is handed
    /// @param written with their contents before the first call
    static OpRun whole(String operation, Work work, int terms, BiConsumer<Ops, Tensor[]> body, Tensor... written) {
        Tensor[] expected =
                Arrays.stream(written).map(tensor -> Tensor.of(tensor.floats().clone())).toArray(Tensor[]::new);
        Check check = new Check(ops -> body.accept(ops, expected));
        for (int i = 0; i < written.length; i++) {
            check.compare("output " + (i + 1) + " of " + operation, expected[i], written[i], terms);
        }
        return sliced(operation, work, ops -> body.accept(ops, written), check, written);
    }

    /// An operation whose check covers a part of it.
    static OpRun sliced(String operation, Work work, Consumer<Ops> body, Check check, Tensor... written) {
        return new OpRun(operation, work, body, List.of(written), check, List.of());
    }

    /// The same with a tensor that is set back before every call.
    OpRun restoring(Tensor tensor) {
        return new OpRun(operation, work, body, written, check, List.of(tensor));
    }
}
