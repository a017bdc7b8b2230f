package org.tornadomae.mae.verify;

import java.util.Arrays;
import java.util.List;
import org.tornadomae.mae.classify.LinearProbe;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;

/// A dump of a linear probe trained by LARS. It runs on the host whatever the device.
final class ProbeCheck {
    private ProbeCheck() {}

    static List<ReferenceCheck.Line> run(TensorFile file) {
        Dump dump = new Dump(file);
        int steps = dump.count("steps");
        int[] size = dump.shape("in.features", 3);
        int batch = size[1];
        int dims = size[2];
        int classes = dump.shape("param.head.weight", 2)[0];
        float[] features = dump.floats("in.features", steps, batch, dims);
        int[] labels = labels(dump.longs("in.label", steps, batch), classes, file);
        LinearProbe probe = new LinearProbe(dims, classes, doubles(dump.floats("param.head.weight", classes, dims)),
                doubles(dump.floats("param.head.bias", classes)), new LinearProbe.Options(dump.number("optim",
                        "weight_decay"),
                        dump.number("optim", "momentum"), dump.number("optim", "trust_coefficient")));
        Comparison comparison = new Comparison(dump);
        float[] losses = new float[steps];
        double[] logits = new double[batch * classes];
        for (int step = 0; step < steps; step++) {
            float[] some = Arrays.copyOfRange(features, step * batch * dims, (step + 1) * batch * dims);
            losses[step] = (float) probe.step(some, Arrays.copyOfRange(labels, step * batch, (step + 1) * batch),
                    logits);
            if (step == 0) {
                comparison.values("out.logits", floats(logits), batch, classes);
                comparison.values("grad.head.weight", floats(probe.dWeight()), classes, dims);
                comparison.values("grad.head.bias", floats(probe.dBias()), classes);
            }
            probe.update(dump.number("optim", "lr"));
        }
        comparison.values("out.step_losses", losses, steps);
        comparison.values("step" + steps + ".head.weight", floats(probe.weight()), classes, dims);
        comparison.values("step" + steps + ".head.bias", floats(probe.bias()), classes);
        comparison.values("out.running_mean", floats(probe.runningMean()), dims);
        comparison.values("out.running_var", floats(probe.runningVariance()), dims);
        float[] first = Arrays.copyOf(features, batch * dims);
        comparison.values("out.eval_logits", floats(probe.predict(first)), batch, classes);
        return comparison.lines();
    }

    private static int[] labels(long[] labels, int classes, TensorFile file) {
        for (long label : labels) {
            if (label < 0 || label >= classes) {
                throw new UserException(file.file() + ": label " + label + " of in.label is none of " + classes
                        + " classes");
            }
        }
        return Arrays.stream(labels).mapToInt(label -> (int) label).toArray();
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
