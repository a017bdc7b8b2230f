package org.tornadomae.kernels.tornado;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;

/// Programs, each emitted once into tasks, with the arrays that they use. Arrays are equal only to themselves, so sets tell
/// them apart.
///
/// @param state    arrays that are uploaded once, the layer cursor among them
/// @param inputs   arrays that are sent before runs
/// @param scratch  all other arrays
/// @param segments what each program became
record Recorded(Set<Object> state, Set<Object> inputs, Set<Object> scratch, Map<Program, List<Recording.Segment>> segments) {

    /// @param tiled     see [Recorder#record]
    /// @param placement see [Recorder#record]
    static Recorded of(List<Object> state, List<Program> programs, Recorder recorder, boolean tiled, ToIntFunction<Tensor> placement) {
        int[] layer = new int[1];
        Set<Object> uploaded = new LinkedHashSet<>(state);
        uploaded.add(layer);
        Set<Object> inputs = new LinkedHashSet<>();
        Set<Object> scratch = new LinkedHashSet<>();
        Map<Program, List<Recording.Segment>> segments = new LinkedHashMap<>();
        for (Program program : programs) {
            List<Recording.Segment> recorded = recorder.record(program, layer, tiled, placement).segments();
            segments.put(program, recorded);
            inputs.addAll(program.inputs());
            scratch.addAll(program.outputs());
            recorded.forEach(segment -> segment.launches().forEach(launch -> launch.arrays().forEach(scratch::add)));
        }
        inputs.removeAll(uploaded);
        scratch.removeAll(uploaded);
        scratch.removeAll(inputs);
        return new Recorded(uploaded, inputs, scratch, segments);
    }

    MemoryPlan memory() {
        return MemoryPlan.of(state, inputs, scratch);
    }

    /// Every launch of every program.
    List<Recording.Launch> launches() {
        return segments.values().stream().flatMap(List::stream).flatMap(segment -> segment.launches().stream()).toList();
    }
}
