package org.tornadomae.mae.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.nn.Init;
import org.tornadomae.nn.LayerNorm;
import org.tornadomae.nn.Linear;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.Sizes;
import org.tornadomae.nn.Workspace;

/// The encoder with a head on top, for batches of one size: all tokens → blocks → mean over tokens → norm → dropout →
/// head → cross entropy (docs/finetune.md, Classifier).
///
/// Fill [#clip], [#targets] and, in training, what is dropped, then run [#forward] or [#step].
public final class Classifier {
    private static final int PARTIALS = 64;

    /// @param batch        B, clips of a (micro-)batch
    /// @param keep         visible tokens of a clip: all of them, or fewer in masked fine-tuning
    /// @param microBatches batches whose gradients are accumulated into one step
    public record BatchShape(int batch, int keep, int microBatches) {
    }

    private final ClassifierConfig config;
    private final BatchShape shape;
    private final TokenShape tokens;
    private final Params params;
    private final Workspace workspace;
    private final Tensor clip;
    private final MaskBatch masks;
    private final Encoder encoder;
    private final LayerNorm norm;
    private final Linear head;
    private final Tensor pooled;
    private final Tensor normed;
    private final Tensor feature;
    private final Tensor keepFeature;
    private final Tensor logits;
    private final Tensor targets;
    private final Tensor rowLoss;
    private final Tensor partials;
    private final Tensor loss;
    private final Tensor dLogits;
    private final Tensor dFeature;
    private final Tensor dNormed;
    private final Tensor dPooled;
    private final Program forward;
    private final Program step;
    private final Program[] programs;

    /// @param shared parameters of a classifier of the same configuration, or null for its own
    private Classifier(ClassifierConfig config, BatchShape shape, boolean training, Params shared) {
        this.config = config;
        this.shape = shape;
        int batch = shape.batch();
        int channels = config.encoder().embedDim();
        boolean dropsPath = training && config.drop().path() > 0;
        ParamLayout layout = new ParamLayout();
        this.workspace = training ? Workspace.forTraining() : Workspace.forInference();
        this.tokens = new TokenShape(batch, shape.keep(), config.grid().tokens(), config.cls(), channels);
        this.clip = workspace.input("clip", batch, config.grid().clipValues()); // [B, 3, T, H, W]
        this.masks = new MaskBatch(workspace, batch, tokens.tokens(), shape.keep(), false);
        this.encoder = new Encoder(layout, workspace, config.grid(), config.encoder(), tokens, dropsPath);
        this.pooled = workspace.kept("pooled", batch, channels); // [B, C]
        this.norm = new LayerNorm(layout, workspace, "norm", batch, channels, config.headNormEps());
        this.normed = workspace.result("feature", batch, channels); // [B, C]
        this.keepFeature = training && config.drop().head() > 0 ? workspace.input("dropout", batch, channels) : null;
        this.feature = keepFeature == null ? normed : workspace.kept("dropped", batch, channels); // [B, C]
        this.head = Linear.declare(layout, "head", channels, config.classes(), Init.SMALL_NORMAL);
        this.logits = workspace.result("logits", batch, config.classes()); // [B, K]
        this.targets = workspace.input("targets", batch, config.classes()); // [B, K]
        this.rowLoss = workspace.scratch("rowLoss", batch);
        this.partials = workspace.scratch("loss.partials", PARTIALS);
        this.loss = workspace.output("loss", 1);
        this.dLogits = workspace.scratch("dLogits", batch, config.classes());
        this.dFeature = workspace.scratch("dFeature", batch, channels);
        this.dNormed = keepFeature == null ? dFeature : workspace.scratch("dNormed", batch, channels);
        this.dPooled = workspace.scratch("dPooled", batch, channels);
        this.params = shared == null ? Params.declare(layout, training) : shared;
        this.forward = new Program("forward", this::emitForward);
        this.step = new Program("step", this::emitStep);
        this.programs = training ? new Program[] {forward, step} : new Program[] {forward};
    }

    private Classifier allocate() {
        workspace.allocate(programs);
        keepEverything();
        return this;
    }

    /// A classifier that can be trained; its parameters are zero until they are initialised or loaded.
    public static Classifier forTraining(ClassifierConfig config, BatchShape shape) {
        Classifier model = new Classifier(config, shape, true, null);
        model.params.allocate();
        return model.allocate();
    }

    /// The same classifier for batches of another shape: what is learned is common to both.
    public Classifier withShape(BatchShape other) {
        return new Classifier(config, other, true, params).allocate();
    }

    /// A classifier that only predicts: without gradients and moments, and nothing is dropped.
    public static Classifier forInference(ClassifierConfig config, int batch) {
        Classifier model = new Classifier(config, new BatchShape(batch, config.grid().tokens(), 1), false, null);
        model.params.allocate();
        return model.allocate();
    }

    /// A classifier without memory, which cannot run: it tells what it would learn and do with one clip.
    static Classifier declare(ClassifierConfig config) {
        return new Classifier(config, new BatchShape(1, config.grid().tokens(), 1), false, null);
    }

    /// All tokens visible in their order, no branch and no element dropped.
    private void keepEverything() {
        int[] inOrder = new int[tokens.tokens()];
        Arrays.setAll(inOrder, i -> i);
        for (int b = 0; b < shape.batch(); b++) {
            masks.set(b, inOrder);
        }
        Stream.of(encoder.blocks().keepAttention(), encoder.blocks().keepMlp(), keepFeature).filter(t -> t != null)
                .forEach(factors -> Arrays.fill(factors.floats(), 1f));
    }

    private void emitForward(Ops ops) {
        encoder.forward(ops, params, clip, masks);
        ops.meanTokens(pooled, encoder.output(), tokens, config.poolSkip());
        norm.forward(ops, params, normed, pooled);
        if (keepFeature != null) {
            ops.scale(feature, normed, keepFeature);
        }
        head.forward(ops, params, logits, feature, shape.batch());
        ops.crossEntropy(rowLoss, logits, targets, shape.batch(), config.classes());
        ops.mean(loss, partials, rowLoss, shape.batch());
    }

    private void emitStep(Ops ops) {
        emitForward(ops);
        ops.crossEntropyBackward(dLogits, logits, targets, shape.batch(), config.classes(),
                Sizes.product(shape.batch(), shape.microBatches()));
        head.backward(ops, params, dFeature, dLogits, feature, shape.batch());
        if (keepFeature != null) {
            ops.scale(dNormed, dFeature, keepFeature);
        }
        ops.zero(dPooled);
        norm.backward(ops, params, dPooled, dNormed, pooled);
        ops.meanTokensBackward(encoder.dOutput(), dPooled, tokens, config.poolSkip());
        encoder.backward(ops, params, masks);
    }

    /// Clip to loss; a classifier for inference also brings features and logits back.
    public Program forward() {
        return forward;
    }

    /// Clip to gradients, added to those of earlier micro-batches.
    public Program step() {
        return step;
    }

    public ClassifierConfig config() {
        return config;
    }

    /// Of the batches that it was made for.
    public BatchShape shape() {
        return shape;
    }

    public Params params() {
        return params;
    }

    /// Where the host puts the clips: `[B, 3, T, H, W]`.
    public float[] clip() {
        return clip.floats();
    }

    /// Where the host puts the masks; at first all tokens are visible.
    public MaskBatch masks() {
        return masks;
    }

    /// Where the host puts the targets, hard or soft: `[B, K]`.
    public float[] targets() {
        return targets.floats();
    }

    /// `[L, B]` factors of the attention branches, see [org.tornadomae.nn.Block#keepAttention]; null without drop path.
    public float[] keepAttention() {
        return floats(encoder.blocks().keepAttention());
    }

    /// `[L, B]` factors of the MLP branches; null without drop path.
    public float[] keepMlp() {
        return floats(encoder.blocks().keepMlp());
    }

    /// `[B, C]` factors in front of the head: 0 drops an element, 1 / (1 − rate) keeps it; null without dropout.
    public float[] keepFeature() {
        return floats(keepFeature);
    }

    private static float[] floats(Tensor tensor) {
        return tensor == null ? null : tensor.floats();
    }

    /// The normalised mean of the tokens `[B, C]`.
    public float[] feature() {
        return normed.floats();
    }

    /// `[B, K]`
    public float[] logits() {
        return logits.floats();
    }

    /// Features and logits as a plan knows them, for downloads.
    public Buffer[] results() {
        return new Buffer[] {normed.buffer(), logits.buffer()};
    }

    /// The mean loss of the last micro-batch.
    public float loss() {
        return loss.floats()[0];
    }

    /// What a step keeps, in the order of the data flow: where to look for the first bad number.
    public List<Buffer> activations() {
        return Stream.concat(Stream.of(clip.buffer()), workspace.buffers(Buffer.Role.KEPT).stream()).toList();
    }
}
