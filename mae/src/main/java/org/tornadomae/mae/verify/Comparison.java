package org.tornadomae.mae.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.nn.optim.AdamW;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;

/// Our numbers beside a dump's, tensor by tensor.
final class Comparison {
    private static final double UNLIMITED = Double.NaN; // the tolerance of the whole check

    private final Dump dump;
    private final List<ReferenceCheck.Line> lines = new ArrayList<>();

    Comparison(Dump dump) {
        this.dump = dump;
    }

    List<ReferenceCheck.Line> lines() {
        return lines;
    }

    /// What must agree in every element.
    void exact(String name, int n, IntPredicate same) {
        int different = 0;
        for (int i = 0; i < n; i++) {
            different += same.test(i) ? 0 : 1;
        }
        lines.add(new ReferenceCheck.Line(name, (double) different / n, 0));
    }

    /// ‖a − b‖ / ‖b‖
    void values(String name, float[] ours, int... shape) {
        line(name, ours, dump.floats(name, shape), 0, UNLIMITED);
    }

    /// Likewise with a limit of its own.
    void values(String name, double limit, float[] ours, int... shape) {
        line(name, ours, dump.floats(name, shape), 0, limit);
    }

    /// Gradients of all parameters: a very small one counts against a millionth of the whole gradient.
    void gradients(Params params) {
        double floor = 1e-6 * norm(params.grads());
        for (ParamLayout.Entry entry : params.layout().entries()) {
            line("grad." + entry.name(), of(params.grads(), params, entry), dump.param("grad.", entry), floor,
                    UNLIMITED);
        }
    }

    /// Trains one step for each learning rate; the first step's gradients are compared before they are used.
    ///
    /// @param afterStep told the number of each step, from 0, while the model's loss is that step's
    void train(Backend backend, Program step, AdamW adamW, double[] rates, IntConsumer afterStep) {
        Params params = adamW.params();
        try (Plan plan = backend.compile(List.of(step, adamW.gradNorm(), adamW.update()))) {
            for (int i = 0; i < rates.length; i++) {
                plan.run(step);
                afterStep.accept(i);
                if (i == 0) {
                    plan.run(adamW.gradNorm());
                    plan.download(params.gradBuffer());
                    values("out.grad_norm", new float[] {adamW.norm()}, 1);
                    gradients(params);
                }
                adamW.prepare(i + 1, rates[i]);
                plan.run(adamW.update());
            }
            plan.download(params.valueBuffer());
        }
    }

    /// Parameters after `steps` steps.
    ///
    /// @param sumOfRates the most by which an element can have moved: the gradient of a key bias is rounding noise,
    ///                   which Adam turns into steps of up to lr
    /// @param tokens     limit for class token and positions, whose decay is so small a part of them; NaN for that of
    ///                   all
    void stepped(Params params, int steps, double sumOfRates, double tokens) {
        String kind = "step" + steps + ".";
        for (ParamLayout.Entry entry : params.layout().entries()) {
            float[] ours = of(params.values(), params, entry);
            float[] theirs = dump.param(kind, entry);
            if (entry.name().endsWith("attn.k.bias")) {
                double largest = 0;
                for (int i = 0; i < theirs.length; i++) {
                    double error = Math.abs((double) ours[i] - theirs[i]);
                    largest = error <= largest ? largest : error; // NaN stays
                }
                lines.add(new ReferenceCheck.Line(kind + entry.name(), largest, sumOfRates));
            } else {
                boolean token = entry.name().equals("cls_token") || entry.name().startsWith("pos_embed");
                line(kind + entry.name(), ours, theirs, 0, token ? tokens : UNLIMITED);
            }
        }
    }

    private static float[] of(float[] all, Params params, ParamLayout.Entry entry) {
        return Arrays.copyOfRange(all, params.start(entry), params.start(entry) + entry.param().size());
    }

    private void line(String name, float[] ours, float[] theirs, double floor, double limit) {
        double squares = 0;
        for (int i = 0; i < theirs.length; i++) {
            double d = (double) ours[i] - theirs[i];
            squares += d * d;
        }
        double scale = Math.max(norm(theirs), floor);
        lines.add(new ReferenceCheck.Line(name, squares == 0 ? 0 : Math.sqrt(squares) / scale, limit));
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float x : values) {
            squares += (double) x * x;
        }
        return Math.sqrt(squares);
    }
}
