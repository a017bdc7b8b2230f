package org.tornadomae.mae.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.tornadomae.kernels.Backend;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.mae.mask.MaskKind;
import org.tornadomae.mae.mask.Masking;
import org.tornadomae.mae.model.ClipGeometry;
import org.tornadomae.mae.model.MaeConfig;
import org.tornadomae.mae.model.MaskedAutoencoder;
import org.tornadomae.mae.model.Stack;
import org.tornadomae.mae.model.Targets;
import org.tornadomae.nn.optim.AdamW;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.UserException;
import org.tornadomae.nn.file.TensorFile;

/// Compares forward, backward and K optimizer steps with a reference dump (docs/spec.md, Reference numbers).
///
/// The forward pass is checked on the model that predicts all tokens, gradients and steps on the one that trains.
public final class ReferenceCheck {
    /// One compared tensor.
    ///
    /// @param name  as in the dump
    /// @param error relative error; for what must be exact, the share of elements that differ
    /// @param limit the tensor's own limit, or NaN for the tolerance of the whole check
    public record Line(String name, double error, double limit) {
        /// Whether the error is under its limit; NaN never is.
        public boolean ok(double tolerance) {
            return error <= (Double.isNaN(limit) ? tolerance : limit);
        }
    }

    private final TensorFile dump;
    private final MaeConfig config;
    private final JsonNode optim;
    private final int batch;
    private final int steps;
    private final Masking masking;
    private final List<Line> lines = new ArrayList<>();

    private ReferenceCheck(TensorFile dump) {
        this.dump = dump;
        JsonNode model = json("model");
        this.config = config(model);
        this.optim = json("optim");
        this.batch = json("batch").asInt();
        this.steps = json("steps").asInt();
        this.masking = new Masking(MaskKind.RANDOM, json("mask_ratio").asDouble(), config.grid());
    }

    /// Runs the whole comparison.
    ///
    /// @throws UserException when the file is not a reference dump
    public static List<Line> run(TensorFile dump, Backend backend) {
        ReferenceCheck check = new ReferenceCheck(dump);
        check.masks();
        check.forward(backend);
        check.train(backend);
        return check.lines;
    }

    private JsonNode json(String key) {
        String text = dump.metadata().get(key);
        if (text == null) {
            throw new UserException(dump.file() + ": not a reference dump: its metadata has no '" + key + "'");
        }
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new UserException(dump.file() + ": metadata '" + key + "' is not JSON", e);
        }
    }

    private static MaeConfig config(JsonNode m) {
        ClipGeometry clip = new ClipGeometry(m.path("num_frames").asInt(), m.path("img_size").asInt(),
                m.path("t_patch_size").asInt(), m.path("patch_size").asInt());
        return new MaeConfig(clip, stack(m, ""), stack(m, "decoder_"), m.path("cls_embed").asBoolean(), false,
                new Targets(m.path("norm_pix_loss").asBoolean(), m.path("pred_t_dim").asInt(), true));
    }

    /// @param prefix "" for the encoder, "decoder_" for the decoder
    private static Stack stack(JsonNode m, String prefix) {
        return new Stack(m.path(prefix + "embed_dim").asInt(), m.path(prefix + "depth").asInt(),
                m.path(prefix + "num_heads").asInt(), m.path("mlp_ratio").asDouble(),
                m.path("sep_pos_embed").asBoolean(), !m.path("no_qkv_bias").asBoolean(false));
    }

    private MaskBatch fill(MaskedAutoencoder model) {
        float[] noise = dump.floats("in.noise");
        int tokens = config.grid().tokens();
        for (int b = 0; b < batch; b++) {
            model.masks().set(b, Masking.argsort(noise, b * tokens, tokens));
        }
        dump.readInto("in.clip", model.clip(), 0);
        Params params = model.params();
        for (ParamLayout.Entry entry : params.layout().entries()) {
            dump.readInto("param." + entry.name(), params.values(), params.start(entry));
        }
        return model.masks();
    }

    private MaskedAutoencoder.BatchShape shape(boolean predictAll) {
        return new MaskedAutoencoder.BatchShape(batch, masking.keep(), predictAll, 1);
    }

    private void masks() {
        MaskBatch masks = fill(MaskedAutoencoder.forInference(config, shape(true)));
        long[] restore = dump.longs("out.ids_restore");
        float[] mask = dump.floats("out.mask");
        int[] ours = masks.idsRestore().ints();
        exact("out.ids_restore", ours.length, i -> ours[i] == restore[i]);
        exact("out.mask", ours.length, i -> masks.mask().floats()[i] == mask[i]);
    }

    private void exact(String name, int n, IntPredicate same) {
        int different = 0;
        for (int i = 0; i < n; i++) {
            different += same.test(i) ? 0 : 1;
        }
        lines.add(new Line(name, (double) different / n, 0));
    }

    private void forward(Backend backend) {
        MaskedAutoencoder model = MaskedAutoencoder.forInference(config, shape(true));
        fill(model);
        try (Plan plan = backend.compile(List.of(model.forward()))) {
            plan.run(model.forward());
        }
        compare("out.latent", withoutClassRows(model.latent()), 0);
        compare("out.pred", model.pred(), 0);
        compare("out.loss", new float[] {model.loss()}, 0);
    }

    /// The official latent has no class token.
    private float[] withoutClassRows(float[] latent) {
        int rows = config.cls() + masking.keep();
        int width = masking.keep() * config.encoder().embedDim();
        float[] patches = new float[batch * width];
        for (int b = 0; b < batch; b++) {
            System.arraycopy(latent, (b * rows + config.cls()) * config.encoder().embedDim(), patches, b * width,
                    width);
        }
        return patches;
    }

    private void train(Backend backend) {
        MaskedAutoencoder model = MaskedAutoencoder.forTraining(config, shape(false));
        fill(model);
        Params params = model.params();
        JsonNode betas = optim.path("betas");
        AdamW adamW = new AdamW(params,
                new AdamW.Options(betas.path(0).asDouble(), betas.path(1).asDouble(), optim.path("eps").asDouble(),
                        optim.path("weight_decay").asDouble(), optim.path("clip_grad").asDouble(0), 1));
        Program norm = adamW.gradNorm();
        Program update = adamW.update();
        float[] losses = new float[steps];
        try (Plan plan = backend.compile(List.of(model.step(), norm, update))) {
            for (int step = 1; step <= steps; step++) {
                plan.run(model.step());
                losses[step - 1] = model.loss();
                if (step == 1) {
                    plan.run(norm);
                    plan.download(params.gradBuffer());
                    compare("out.grad_norm", new float[] {adamW.norm()}, 0);
                    compareAll("grad.", params, params.grads(), 1e-6 * norm(params.grads()));
                }
                adamW.prepare(step, optim.path("lr").asDouble());
                plan.run(update);
            }
            plan.download(params.valueBuffer());
        }
        compare("out.step_losses", losses, 0);
        compareAll("step" + steps + ".", params, params.values(), 0);
    }

    private void compareAll(String prefix, Params params, float[] values, double floor) {
        for (ParamLayout.Entry entry : params.layout().entries()) {
            int start = params.start(entry);
            float[] ours = Arrays.copyOfRange(values, start, start + entry.param().size());
            if (prefix.startsWith("step") && entry.name().endsWith("attn.k.bias")) {
                compareNoise(prefix + entry.name(), ours);
            } else {
                compare(prefix + entry.name(), ours, floor);
            }
        }
    }

    /// ‖a − b‖ / max(‖b‖, floor)
    private void compare(String name, float[] ours, double floor) {
        float[] theirs = dump.floats(name);
        double squares = ours.length == theirs.length ? 0 : Double.NaN;
        for (int i = 0; i < Math.min(ours.length, theirs.length); i++) {
            double d = (double) ours[i] - theirs[i];
            squares += d * d;
        }
        double scale = Math.max(norm(theirs), floor);
        lines.add(new Line(name, squares == 0 ? 0 : Math.sqrt(squares) / scale, Double.NaN));
    }

    /// The gradient of a key bias is rounding noise, which Adam turns into steps: at most lr per step and element.
    private void compareNoise(String name, float[] ours) {
        float[] theirs = dump.floats(name);
        double largest = 0;
        for (int i = 0; i < theirs.length; i++) {
            largest = Math.max(largest, Math.abs((double) ours[i] - theirs[i]));
        }
        lines.add(new Line(name, largest, steps * optim.path("lr").asDouble()));
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float x : values) {
            squares += (double) x * x;
        }
        return Math.sqrt(squares);
    }
}
