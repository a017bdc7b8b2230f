package org.tornadomae.kernels;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Runs programs on the JVM: emits them again at every run, on the arrays where they are.
///
/// @param device  see [Backend#device]
/// @param threads see [Backend#threads]
/// @param runner  emits a program and runs each operation at once
/// @param onClose ends what `runner` started
public record HostBackend(String device, int threads, Consumer<Program> runner, Runnable onClose) implements Backend {
    /// Emits every program to `ops`, which runs each operation at once.
    public HostBackend(String device, int threads, Ops ops, Runnable onClose) {
        this(device, threads, program -> program.body().accept(ops), onClose);
    }

    @Override
    public Plan compile(List<Program> programs) {
        return new HostPlan(runner);
    }

    @Override
    public void close() {
        onClose.run();
    }

    private record HostPlan(Consumer<Program> runner) implements Plan {
        @Override
        public void run(Program program) {
            runner.accept(program);
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
