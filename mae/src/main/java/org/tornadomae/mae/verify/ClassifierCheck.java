package org.tornadomae.mae.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Plan;
import org.tornadomae.mae.model.Classifier;
import org.tornadomae.mae.model.ClassifierConfig;
import org.tornadomae.nn.optim.AdamW;
import org.tornadomae.nn.optim.CosineSchedule;
import org.tornadomae.nn.optim.FinetuneSchedule;
import org.tornadomae.nn.WeightDecayRule;

/// A dump of a classifier's fine-tuning, in mae_st's dialect or PySlowFast's (docs/finetune.md).
final class ClassifierCheck {
    /// Decay moves positions and class token by about 1e-4 of their size: under the usual tolerance the two dialects
    /// would be the same.
    private static final double TOKENS = 1e-5;

    private final Dump dump;
    private final ClassifierConfig config;
    private final int batch;
    private final int steps;
    private final Comparison comparison;

    private ClassifierCheck(Dump dump) {
        this.dump = dump;
        this.batch = dump.count("batch");
        this.steps = dump.count("steps");
        this.config = config(dump);
        this.comparison = new Comparison(dump);
    }

    static List<ReferenceCheck.Line> run(Dump dump, Backend backend) {
        ClassifierCheck check = new ClassifierCheck(dump);
        check.forward(backend);
        check.train(backend);
        return check.comparison.lines();
    }

    private static ClassifierConfig config(Dump dump) {
        JsonNode rates = dump.words("rates").isEmpty() ? dump.model().path("rates") : dump.json("rates");
        ClassifierConfig.Drop drop = new ClassifierConfig.Drop(rates.path("dropout").asDouble(0),
                rates.path("drop_path").asDouble(0));
        return new ClassifierConfig(dump.clip(), dump.stack(""), dump.cls(), dump.size("num_classes"), drop,
                skipsFirst(dump) && !dump.cls());
    }

    private static boolean skipsFirst(Dump dump) {
        String pool = dump.words("pool");
        if (!pool.startsWith("mean of all") && !pool.startsWith("mean of tokens 1..")) {
            throw dump.unknown("pool '" + pool + "'");
        }
        return pool.startsWith("mean of tokens");
    }

    private WeightDecayRule decayed() {
        String words = dump.words("no_decay");
        if (words.startsWith("1-D parameters, cls_token")) {
            return WeightDecayRule.MAE_ST;
        }
        if (words.startsWith("1-D parameters only")) {
            return WeightDecayRule.PYSLOWFAST;
        }
        throw dump.unknown("no_decay '" + words + "'");
    }

    private Classifier fill() {
        int side = config.clip().imgSize();
        float[] clip = dump.floats("in.clip", batch, 3, config.clip().numFrames(), side, side);
        Classifier model = Classifier.forTraining(config,
                new Classifier.BatchShape(batch, config.grid().tokens(), 1));
        System.arraycopy(clip, 0, model.clip(), 0, clip.length);
        targets(model.targets());
        drops(model);
        dump.load(model.params());
        return model;
    }

    private void targets(float[] targets) {
        int classes = config.classes();
        if (dump.has("in.target")) {
            System.arraycopy(dump.floats("in.target", batch, classes), 0, targets, 0, targets.length);
            return;
        }
        long[] labels = dump.longs("in.label", batch);
        double smoothing = dump.json("loss").path("smoothing").asDouble(0);
        for (int i = 0; i < targets.length; i++) {
            double own = labels[i / classes] == i % classes ? 1 - smoothing : 0;
            targets[i] = (float) (own + smoothing / classes);
        }
    }

    /// The dump says what is kept; what is kept is divided by the chance of it.
    private void drops(Classifier model) {
        int depth = config.encoder().depth();
        if (model.keepAttention() != null) {
            float[] keep = dump.floats("in.drop_path", depth, 2, batch);
            for (int i = 0; i < depth * batch; i++) {
                int layer = i / batch;
                double kept = 1 - config.drop().path(layer, depth);
                model.keepAttention()[i] = (float) (keep[2 * layer * batch + i % batch] / kept);
                model.keepMlp()[i] = (float) (keep[(2 * layer + 1) * batch + i % batch] / kept);
            }
        }
        if (model.keepFeature() != null) {
            float[] keep = dump.floats("in.dropout", batch, config.encoder().embedDim());
            for (int i = 0; i < keep.length; i++) {
                model.keepFeature()[i] = (float) (keep[i] / (1 - config.drop().head()));
            }
        }
    }

    private void forward(Backend backend) {
        Classifier model = fill();
        try (Plan plan = backend.compile(List.of(model.forward()))) {
            plan.run(model.forward());
            plan.download(model.results());
        }
        comparison.values("out.features", model.feature(), batch, config.encoder().embedDim());
        comparison.values("out.logits", model.logits(), batch, config.classes());
        comparison.values("out.loss", new float[] {model.loss()}, 1);
    }

    private void train(Backend backend) {
        double[] rates = rates();
        float[] losses = dump.floats("out.step_losses", steps);
        Classifier model = fill();
        AdamW adamW = new AdamW(model.params(), dump.optimizer(decayed()));
        comparison.train(backend, model.step(), adamW, rates, step -> losses[step] = model.loss());
        comparison.values("out.step_losses", losses, steps);
        comparison.stepped(model.params(), steps, Arrays.stream(rates).sum(), TOKENS);
    }

    /// The learning rate of each step, by our schedule; it is compared, too.
    private double[] rates() {
        double peak = dump.number("optim", "lr");
        double[] rates = new double[steps];
        float[] rounded = new float[steps];
        float[] theirs = dump.floats("in.lr", steps);
        boolean constant = dump.words("schedule").equals("constant");
        for (int i = 0; i < steps; i++) {
            rates[i] = constant
                    ? peak
                    : schedule(peak).lr(dump.number("schedule", "first_epoch")
                            + i / dump.number("schedule", "steps_per_epoch"));
            rounded[i] = (float) rates[i];
        }
        comparison.values("in.lr", 1e-6, rounded, theirs.length);
        return rates;
    }

    private FinetuneSchedule schedule(double peak) {
        CosineSchedule cosine = new CosineSchedule(peak, dump.number("schedule", "min_lr"),
                dump.number("schedule", "warmup_epochs"), dump.number("schedule", "epochs"));
        return new FinetuneSchedule(cosine, dump.json("schedule").path("warmup_start_lr").asDouble(0));
    }
}
