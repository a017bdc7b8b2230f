package org.tornadomae.kernels;

import java.util.List;
import java.util.Map;

/// Runs programs on the JVM: emits them again at every run, on the arrays where they are.
///
/// @param device  see [Backend#device]
/// @param threads see [Backend#threads]
/// @param ops     runs each operation at once
/// @param onClose ends what `ops` started
public record HostBackend(String device, int threads, Ops ops, Runnable onClose) implements Backend {

    @Override
    public Plan compile(List<Program> programs) {
        return new HostPlan(ops);
    }

    @Override
    public void close() {
        onClose.run();
    }

    private record HostPlan(Ops ops) implements Plan {
        @Override
        public void run(Program program) {
            program.body().accept(ops);
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
