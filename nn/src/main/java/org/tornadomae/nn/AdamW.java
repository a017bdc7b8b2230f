package org.tornadomae.nn;

import org.tornadomae.kernels.Ops;

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
    private final float[] hyper = new float[8];
    private final float[] norm = new float[1];
    private final float[] partials = new float[PARTIALS];

    public AdamW(Params params, Options options) {
        this.params = params;
        this.options = options;
    }

    /// Sets what changes per step, on the host.
    ///
    /// @param step number of this step, from 1
    /// @param lr   learning rate of this step
    public void prepare(long step, double lr) {
        hyper[0] = (float) lr;
        hyper[1] = (float) options.beta1();
        hyper[2] = (float) options.beta2();
        hyper[3] = (float) options.eps();
        hyper[4] = (float) options.weightDecay();
        hyper[5] = (float) (1 - Math.pow(options.beta1(), step));
        hyper[6] = (float) (1 - Math.pow(options.beta2(), step));
        hyper[7] = (float) options.maxNorm();
    }

    /// Emits the norm of the gradients alone.
    public void gradNorm(Ops ops) {
        ops.norm(norm, partials, params.grads(), params.grads().length);
    }

    /// Emits norm, step and the zeroing of the gradients for the next step.
    public void update(Ops ops) {
        gradNorm(ops);
        ops.adamW(params.values(), params.m(), params.v(), params.grads(), norm, hyper, params.layout().decayed(), params.values().length);
        ops.zero(params.grads(), params.grads().length);
    }

    /// [8], sent to the device before each update.
    public float[] hyper() {
        return hyper;
    }

    /// [1], the gradient's global norm before clipping.
    public float[] norm() {
        return norm;
    }
}
