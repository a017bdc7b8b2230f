package org.tornadomae.nn.optim;

import java.util.ArrayList;
import java.util.List;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Hyper;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.WeightDecayRule;

/// The optimizer: global gradient norm, clipping, one AdamW step (docs/spec.md, Pre-training recipe).
public final class AdamW {
    /// @param maxNorm    clip the gradient to this global norm; 0 does not clip
    /// @param layerDecay the learning rate of a tensor is this to the power of the levels above it
    ///                   ([org.tornadomae.nn.Param#level]); 1 is the same rate for all
    /// @param decayed    which tensors decay; null, as in checkpoints that do not say, for all but the 1-D ones
    public record Options(double beta1, double beta2, double eps, double weightDecay, double maxNorm, double layerDecay,
            WeightDecayRule decayed) {
        /// The paper's: β = (0.9, 0.95), eps 1e-8, decay 0.05, norm 0.02.
        public static final Options PAPER = new Options(0.9, 0.95, 1e-8, 0.05, 0.02, 1, WeightDecayRule.PYSLOWFAST);

        public Options {
            if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && eps > 0 && eps < 1)) {
                throw new UserException("AdamW's betas " + beta1 + " and " + beta2 + " must be at least 0 and below 1, "
                        + "its eps " + eps + " between 0 and 1");
            }
            decayed = decayed == null ? WeightDecayRule.PYSLOWFAST : decayed;
            atLeastZero("weight-decay", weightDecay);
            atLeastZero("clip-grad", maxNorm);
            if (!(layerDecay > 0 && layerDecay <= 1)) {
                throw new UserException("layer-decay " + layerDecay + " must be more than 0 and at most 1; 1 is off");
            }
        }

        private static void atLeastZero(String field, double value) {
            if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
                throw new UserException(field + " " + value + " must be a number of at least 0");
            }
        }
    }

    /// Enough partial sums to keep a GPU busy; fixed, because the order of a sum is part of its result.
    private static final int PARTIALS = 4096;

    /// Neighbouring runs of the layout that one kernel call updates: first those that decay, then those that do not.
    ///
    /// @param scale of the learning rate
    /// @param decay how many leading elements are decayed
    private record Group(int start, int length, int decay, double scale, Tensor hyper) {
        private static Group of(ParamLayout.Run run, double scale) {
            Buffer hyper = Buffer.over("hyper." + run.start(), Buffer.Role.INPUT, new float[Hyper.SIZE]);
            return new Group(run.start(), run.length(), run.decayed() ? run.length() : 0, scale, Tensor.of(hyper));
        }

        private boolean takes(ParamLayout.Run run, double itsScale) {
            return scale == itsScale && (decay == length || !run.decayed());
        }

        private Group with(ParamLayout.Run run) {
            return new Group(start, length + run.length(), decay + (run.decayed() ? run.length() : 0), scale, hyper);
        }

        private Tensor of(Buffer whole) {
            return Tensor.of(whole).slice(start, length);
        }
    }

    private final Params params;
    private final Options options;
    private final List<Group> groups;
    private final Tensor norm = Tensor.of(Buffer.over("gradNorm", Buffer.Role.OUTPUT, new float[1]));
    private final Tensor partials = Tensor.of(
            Buffer.over("gradNorm.partials", Buffer.Role.SCRATCH, new float[PARTIALS]));

    private final Program gradNorm = new Program("norm", this::emitNorm);
    private final Program update = new Program("update", this::emitUpdate);

    public AdamW(Params params, Options options) {
        this.params = params;
        this.options = options;
        this.groups = groups(params.layout(), options);
    }

    private static List<Group> groups(ParamLayout layout, Options options) {
        List<Group> groups = new ArrayList<>();
        for (ParamLayout.Run run : layout.runs(options.decayed())) {
            double scale = Math.pow(options.layerDecay(), layout.topLevel() - run.level());
            if (!groups.isEmpty() && groups.getLast().takes(run, scale)) {
                groups.add(groups.removeLast().with(run));
            } else {
                groups.add(Group.of(run, scale));
            }
        }
        return List.copyOf(groups);
    }

    /// Sets what changes per step, on the host.
    ///
    /// @param step number of this step, from 1
    /// @param lr   learning rate of this step, before it is scaled by layer
    public void prepare(long step, double lr) {
        for (Group group : groups) {
            float[] h = group.hyper().floats();
            h[Hyper.LR] = (float) (lr * group.scale());
            h[Hyper.BETA1] = (float) options.beta1();
            h[Hyper.BETA2] = (float) options.beta2();
            h[Hyper.EPS] = (float) options.eps();
            h[Hyper.WEIGHT_DECAY] = (float) options.weightDecay();
            h[Hyper.CORRECTION1] = (float) (1 - Math.pow(options.beta1(), step));
            h[Hyper.CORRECTION2] = (float) (1 - Math.pow(options.beta2(), step));
            h[Hyper.MAX_NORM] = (float) options.maxNorm();
        }
    }

    private void emitNorm(Ops ops) {
        ops.norm(norm, partials, Tensor.of(params.gradBuffer()));
    }

    private void emitUpdate(Ops ops) {
        emitNorm(ops);
        for (Group group : groups) {
            ops.adamW(group.of(params.valueBuffer()), group.of(params.mBuffer()), group.of(params.vBuffer()),
                    group.of(params.gradBuffer()), norm, group.hyper(), group.decay());
        }
        ops.zero(Tensor.of(params.gradBuffer()));
    }

    /// What it trains.
    public Params params() {
        return params;
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
