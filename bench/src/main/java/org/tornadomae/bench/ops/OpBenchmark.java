package org.tornadomae.bench.ops;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.kernels.vector.VectorPeak;
import org.tornadomae.mae.model.MaeConfig;

/// One operation, one executor, one model: checked once, then timed. `bin/mae bench ops` runs all of them.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class OpBenchmark {
    @Param
    private OpCase op;

    @Param({"cpu", "loop"})
    private String implementation;

    @Param({"base", "large"})
    private String preset;

    @Param("2")
    private int batch;

    @Param("0.9")
    private double maskRatio;

    /// 0 takes as many as processors.
    @Param("0")
    private int threads;

    private OpRun run;
    private Program program;
    private Backend backend;
    private Plan plan;
    private List<float[]> pristine;

    /// Fills the arrays, runs the operation once and compares with the plain loops.
    @Setup(Level.Trial)
    public void prepare() {
        backend = Backends.open(implementation, threads);
        run = op.prepare(OpShapes.of(MaeConfig.preset(preset), batch, maskRatio));
        pristine = run.restored().stream().map(tensor -> tensor.floats().clone()).toList();
        program = new Program(op.label(), run.body());
        plan = backend.compile(List.of(program));
        plan.run(program);
        plan.download(run.written().stream().map(Tensor::buffer).toArray(Buffer[]::new));
        run.check().verify();
    }

    /// Sets arrays back that repeated calls would ruin.
    @Setup(Level.Invocation)
    public void restore() {
        for (int i = 0; i < pristine.size(); i++) {
            Tensor tensor = run.restored().get(i);
            System.arraycopy(pristine.get(i), 0, tensor.floats(), 0, tensor.size());
            plan.upload(tensor.buffer());
        }
    }

    /// @param beside is here so that JMH reports it
    @Benchmark
    public void call(Beside beside) {
        plan.run(program);
    }

    @TearDown(Level.Trial)
    public void close() {
        plan.close();
        backend.close();
    }

    /// What goes beside the time: the work of a call and the machine's peak, measured in the same process.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Beside {
        private double peak;
        private Work work;

        /// Measures the peak of the kind that this operation works against.
        @Setup(Level.Trial)
        public void measure(OpBenchmark benchmark) {
            VectorPeak machine = new VectorPeak(Backends.open("cpu", benchmark.threads).threads());
            work = benchmark.run.work();
            peak = work.unit() == Work.Unit.FLOP ? machine.flopsPerSecond() : machine.bytesPerSecond();
        }

        /// Floating-point operations of a call, or 0 where bytes are counted.
        public double flops() {
            return work.unit() == Work.Unit.FLOP ? work.amount() : 0;
        }

        /// Bytes of a call, or 0 where operations are counted.
        public double bytes() {
            return work.unit() == Work.Unit.BYTE ? work.amount() : 0;
        }

        /// The peak in the same unit, per second.
        public double peak() {
            return peak;
        }
    }
}
