package org.tornadomae.kernels;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// A straight line of operations, emitted in full at every call: no branch on data, no read-back in between.
///
/// What a device uploads before a run and downloads after it follows from the roles of the buffers that the operations
/// name.
///
/// @param name a word for messages and profiles: "step", "update"
/// @param body calls the operations
public record Program(String name, Consumer<Ops> body) {

    /// Every buffer that the operations name, in the order of first use.
    public Set<Buffer> buffers() {
        return Trace.buffers(this);
    }

    /// The buffers of one role.
    public List<Buffer> buffers(Buffer.Role role) {
        return buffers().stream().filter(buffer -> buffer.role() == role).toList();
    }
}
