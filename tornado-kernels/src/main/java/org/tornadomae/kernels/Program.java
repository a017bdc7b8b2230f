package org.tornadomae.kernels;

import java.util.List;
import java.util.function.Consumer;

/// A straight line of operations, emitted in full at every call: no branch on data, no read-back in between.
///
/// @param name    a word for messages and profiles: "step", "update"
/// @param body    calls the operations
/// @param inputs  arrays (`float[]` or `int[]`) that the host fills before every run
/// @param outputs arrays that the host reads after every run; everything else stays where it is computed
public record Program(String name, Consumer<Ops> body, List<Object> inputs, List<float[]> outputs) {
    public Program {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
