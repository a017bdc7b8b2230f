package org.tornadomae.kernels.loop;

import java.util.List;
import java.util.Map;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Trace;

/// The plain loops with every operation checked against [Shadow] before it runs. For tests: several times slower.
///
/// What a program would read by mistake is poisoned: scratch, kept arrays and outputs start as NaN.
final class CheckingBackend implements Backend {
    @Override
    public String device() {
        return "checking loop (plain Java, 1 thread)";
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public Plan compile(List<Program> programs) {
        return new CheckingPlan();
    }

    @Override
    public void close() {
        // no thread of its own
    }

    private static final class CheckingPlan implements Plan {
        private final LoopOps loops = new LoopOps();

        /// @throws IllegalStateException at the first operation that reads or writes what it must not
        @Override
        public void run(Program program) {
            Shadow shadow = new Shadow(program.buffers());
            program.body().accept(Trace.around(loops, operation -> shadow.operation(operation, loops.layer())));
            shadow.end();
        }

        @Override
        public void download(Buffer... buffers) {
            // device and host memory are the same
        }

        @Override
        public void upload(Buffer... buffers) {
            // device and host memory are the same
        }

        @Override
        public int compiledKernels() {
            return 0;
        }

        @Override
        public Map<String, Double> kernelSeconds() {
            return Map.of();
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
