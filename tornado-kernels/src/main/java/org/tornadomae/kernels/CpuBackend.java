package org.tornadomae.kernels;

import java.util.List;
import java.util.Map;

/// Runs programs on the JVM: emits them again at every run, on the arrays where they are.
record CpuBackend(String device, int threads, Ops ops) implements Backend, Plan {

    @Override
    public Plan compile(List<Object> state, List<Program> programs) {
        return this;
    }

    @Override
    public void run(Program program) {
        program.body().accept(ops);
    }

    @Override
    public void download(float[]... arrays) {
        // device and host memory are the same
    }

    @Override
    public void upload(float[]... arrays) {
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
