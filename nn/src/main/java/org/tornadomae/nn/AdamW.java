package org.tornadomae.nn;

import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Hyper;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;

/// The optimizer: global gradient norm, clipping, one AdamW step (SPEC, Pre-training recipe).
public final class AdamW {
    /// @param maxNorm clip the gradient to this global norm; 0 does not clip
    public record Options(double beta1, double beta2, double eps, double weightDecay, double maxNorm) {
        /// The paper's: β = (0.9, 0.95), eps 1e-8, decay 0.05, norm 0.02.
        public static final Options PAPER = new Options(0.9, 0.95, 1e-8, 0.05, 0.02);

        public Options {
            atLeastZero("weight-decay", weightDecay);
            atLeastZero("clip-grad", maxNorm);
        }

        private static void atLeastZero(String field, double value) {
            if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
                throw new UserException(field + " " + value + " must be a number of at least 0");
            }
        }
    }

    /// Enough partial sums to keep a GPU busy; fixed, because the order of a sum is part of its result.
    private static final int PARTIALS = 4096;

    private final Params params;
    private final Options options;
    private final Tensor hyper = Tensor.of(Buffer.over("hyper", Buffer.Role.INPUT, new float[Hyper.SIZE]));
    private final Tensor norm = Tensor.of(Buffer.over("gradNorm", Buffer.Role.OUTPUT, new float[1]));
    private final Tensor partials = Tensor.of(Buffer.over("gradNorm.partials", Buffer.Role.SCRATCH, new float[PARTIALS]));

    private final Program gradNorm = new Program("norm", this::emitNorm);
    private final Program update = new Program("update", this::emitUpdate);

    public AdamW(Params params, Options options) {
        this.params = params;
        this.options = options;
    }

    /// Sets what changes per step, on the host.
    ///
    /// @param step number of this step, from 1
    /// @param lr   learning rate of this step
    public void prepare(long step, double lr) {
        float[] h = hyper.floats();
        h[Hyper.LR] = (float) lr;
        h[Hyper.BETA1] = (float) options.beta1();
        h[Hyper.BETA2] = (float) options.beta2();
        h[Hyper.EPS] = (float) options.eps();
        h[Hyper.WEIGHT_DECAY] = (float) options.weightDecay();
        h[Hyper.CORRECTION1] = (float) (1 - Math.pow(options.beta1(), step));
        h[Hyper.CORRECTION2] = (float) (1 - Math.pow(options.beta2(), step));
        h[Hyper.MAX_NORM] = (float) options.maxNorm();
    }

    private void emitNorm(Ops ops) {
        ops.norm(norm, partials, Tensor.of(params.gradBuffer()));
    }

    private void emitUpdate(Ops ops) {
        emitNorm(ops);
        ops.adamW(Tensor.of(params.valueBuffer()), Tensor.of(params.mBuffer()), Tensor.of(params.vBuffer()),
                Tensor.of(params.gradBuffer()), norm, hyper, params.layout().decayed());
        ops.zero(Tensor.of(params.gradBuffer()));
    }

    /// The norm of the gradients alone.
    public Program gradNorm() {
        return gradNorm;
    }

    /// Norm, step, and the zeroing of the gradients for the next step; call [#prepare] before each run.
    public Program update() {
        return update;
    }

    /// The gradient's global norm before clipping, of the last update.
    public float norm() {
        return norm.floats()[0];
    }
}
