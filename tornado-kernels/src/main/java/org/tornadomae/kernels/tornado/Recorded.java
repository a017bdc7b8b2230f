package org.tornadomae.kernels.tornado;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Program;

/// Programs, each emitted once into tasks, with the Java arrays that they use. What an array is for follows from the
/// roles of the buffers that lie in it; several may share one. Arrays are equal only to themselves, so sets tell them
/// apart.
///
/// @param state    arrays that are uploaded once, the layer cursor among them
/// @param inputs   arrays that are sent before runs
/// @param scratch  all other arrays
/// @param segments what each program became
record Recorded(Set<Object> state, Set<Object> inputs, Set<Object> scratch,
        Map<Program, List<Recording.Segment>> segments) {

    /// @param tiled     see [Recorder#Recorder]
    /// @param placement see [Recorder#Recorder]
    static Recorded of(List<Program> programs, boolean tiled, Placement placement) {
        int[] layer = new int[1];
        Set<Object> state = new LinkedHashSet<>(List.of(layer));
        Set<Object> inputs = new LinkedHashSet<>();
        Set<Object> scratch = new LinkedHashSet<>();
        Map<Program, List<Recording.Segment>> segments = new LinkedHashMap<>();
        for (Program program : programs) {
            for (Buffer buffer : program.buffers()) {
                Set<Object> arrays = switch (buffer.role()) {
                    case STATE, CONSTANT, UNDECLARED -> state;
                    case INPUT -> inputs;
                    case KEPT, SCRATCH, OUTPUT -> scratch;
                };
                arrays.add(buffer.memory());
            }
            segments.put(program, TornadoOps.record(program, layer, tiled, placement).segments());
        }
        inputs.removeAll(state);
        scratch.removeAll(state);
        scratch.removeAll(inputs);
        return new Recorded(state, inputs, scratch, segments);
    }

    /// The Java arrays of buffers.
    static List<Object> memory(Collection<Buffer> buffers) {
        return new ArrayList<>(new LinkedHashSet<>(buffers.stream().map(Buffer::memory).toList()));
    }

    MemoryPlan memory() {
        return MemoryPlan.of(state, inputs, scratch);
    }

    /// Every launch of every program.
    List<Recording.Launch> launches() {
        return segments.values().stream().flatMap(List::stream).flatMap(segment -> segment.launches().stream())
                .toList();
    }
}
