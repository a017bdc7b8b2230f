package org.tornadomae.nn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Buffer.Role;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.Trace;

/// From which operation to which each scratch array holds something, and hence which of them can lie in the same
/// memory.
///
/// Operations are numbered through all programs. An array lives from its first use to its last within each program;
/// where a loop over layers reads what an earlier layer left, it lives for the whole loop.
final class Lifetimes implements Trace.Listener {
    /// Operations from `first` to `last`, both included.
    private record Interval(int first, int last) {
        boolean meets(Interval other) {
            return first <= other.last && other.first <= last;
        }

        Interval and(int operation) {
            return new Interval(Math.min(first, operation), Math.max(last, operation));
        }
    }

    private final Map<Buffer, List<Interval>> lives = new LinkedHashMap<>();
    private final Set<Buffer> used = new LinkedHashSet<>();
    private final Set<Buffer> seenInProgram = new LinkedHashSet<>();
    private final Set<Buffer> seenInLoop = new LinkedHashSet<>();
    private final Set<Buffer> carried = new LinkedHashSet<>();
    private int operation;
    private int loopStart = -1;

    private Lifetimes() {}

    static Lifetimes of(List<Program> programs) {
        Lifetimes lifetimes = new Lifetimes();
        for (Program program : programs) {
            Trace.follow(program, lifetimes);
            lifetimes.seenInProgram.clear();
        }
        return lifetimes;
    }

    @Override
    public void operation(Trace.Operation traced) {
        traced.reads().forEach(tensor -> use(tensor.buffer(), false));
        traced.writes().stream().filter(tensor -> !traced.reads().contains(tensor))
                .forEach(tensor -> use(tensor.buffer(), tensor.size() == tensor.buffer().size()));
        operation++;
    }

    /// @param overwritten whether nothing of what the buffer held is left
    private void use(Buffer buffer, boolean overwritten) {
        used.add(buffer);
        if (buffer.role() != Role.SCRATCH) {
            return;
        }
        List<Interval> intervals = lives.computeIfAbsent(buffer, _ -> new ArrayList<>());
        if (seenInProgram.add(buffer) || overwritten) {
            intervals.add(new Interval(operation, operation));
        } else {
            intervals.add(intervals.removeLast().and(operation));
        }
        if (loopStart >= 0 && seenInLoop.add(buffer) && !overwritten) {
            carried.add(buffer);
        }
    }

    @Override
    public void beginLoop(int layers, boolean reversed) {
        loopStart = operation;
    }

    /// What a layer finds from the one before lives for the whole loop, whatever it is overwritten with in between.
    @Override
    public void endLoop() {
        for (Buffer buffer : carried) {
            List<Interval> intervals = lives.get(buffer);
            Interval loop = new Interval(loopStart, operation - 1);
            while (!intervals.isEmpty() && intervals.getLast().last() >= loopStart) {
                Interval met = intervals.removeLast();
                loop = loop.and(met.first()).and(met.last());
            }
            intervals.add(loop);
        }
        carried.clear();
        seenInLoop.clear();
        loopStart = -1;
    }

    /// Whether a program names the buffer.
    boolean uses(Buffer buffer) {
        return used.contains(buffer);
    }

    /// Gives memory to the scratch buffers.
    void bindScratch() {
        for (List<Buffer> tenants : arrays()) {
            tenants.getFirst().allocate();
            tenants.forEach(tenant -> tenant.bind(tenants.getFirst().array()));
        }
    }

    /// Bytes that [#bindScratch] will take.
    long scratchBytes() {
        return arrays().stream().mapToLong(tenants -> tenants.getFirst().bytes()).sum();
    }

    /// Which scratch buffers lie in one array: the largest first, each into the first array whose tenants it never
    /// meets.
    private List<List<Buffer>> arrays() {
        List<List<Buffer>> arrays = new ArrayList<>();
        lives.keySet().stream().sorted(Comparator.comparingInt(Buffer::size).reversed())
                .forEach(buffer -> arrays.stream()
                        .filter(tenants -> tenants.stream().noneMatch(tenant -> meet(tenant, buffer)))
                        .findFirst().orElseGet(() -> {
                            arrays.add(new ArrayList<>());
                            return arrays.getLast();
                        }).add(buffer));
        return arrays;
    }

    private boolean meet(Buffer a, Buffer b) {
        return lives.get(a).stream().anyMatch(one -> lives.get(b).stream().anyMatch(one::meets));
    }
}
