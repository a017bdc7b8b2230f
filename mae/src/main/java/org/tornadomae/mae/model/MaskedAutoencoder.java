package org.tornadomae.mae.model;

import java.util.List;
import java.util.stream.Stream;
import org.tornadomae.kernels.Buffer;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.Tensor;
import org.tornadomae.kernels.TokenShape;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.nn.LayerNorm;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.Workspace;

/// The model for batches of one size: encoder, decoder and loss wired together, with every array that a step needs.
///
/// Fill [#clip] and [#masks], then run [#forward] or [#step] on a [org.tornadomae.kernels.Plan].
public final class MaskedAutoencoder {
    /// @param batch        B, clips of a (micro-)batch
    /// @param keep         visible tokens of a clip
    /// @param predictAll   predict all tokens, not only the removed ones; the loss is the same
    /// @param microBatches batches whose gradients are accumulated into one step
    public record BatchShape(int batch, int keep, boolean predictAll, int microBatches) {
    }

    private final MaeConfig config;
    private final Params params;
    private final Encoder encoder;
    private final LayerNorm norm;
    private final Tensor latent;
    private final Tensor dLatent;
    private final Decoder decoder;
    private final PixelLoss loss;
    private final Workspace workspace;
    private final Tensor clip;
    private final MaskBatch masks;
    private final Program forward;
    private final Program step;
    private final Program[] programs;

    private MaskedAutoencoder(MaeConfig config, BatchShape shape, boolean training) {
        this.config = config;
        int batch = shape.batch();
        int tokens = config.grid().tokens();
        ParamLayout layout = new ParamLayout();
        this.workspace = training ? Workspace.forTraining() : Workspace.forInference();
        this.clip = workspace.input("clip", batch, config.grid().clipValues()); // [B, 3, T, H, W]
        this.masks = new MaskBatch(workspace, batch, tokens, shape.keep(), shape.predictAll());
        TokenShape visible = new TokenShape(batch, shape.keep(), tokens, config.cls(), config.encoder().embedDim());
        this.encoder = new Encoder(layout, workspace, config.grid(), config.encoder(), visible, false);
        this.norm = new LayerNorm(layout, workspace, "norm", visible.rows(), visible.channels(),
                config.encoder().normEps());
        this.latent = workspace.result("latent", visible.rows(), visible.channels()); // [B, cls + keep, C]
        this.dLatent = workspace.scratch("dLatent", visible.rows(), visible.channels()); // [B, cls + keep, C]
        this.decoder = new Decoder(layout, workspace, config, visible, masks.predicted());
        this.loss = new PixelLoss(workspace, config,
                new TokenShape(batch, masks.predicted(), tokens, config.cls(), config.predValues()),
                tokens - shape.keep(), shape.microBatches());
        this.params = Params.declare(layout, training);
        this.forward = new Program("forward", this::emitForward);
        this.step = new Program("step", this::emitStep);
        this.programs = training ? new Program[] {forward, step} : new Program[] {forward};
    }

    private MaskedAutoencoder allocate() {
        params.allocate();
        workspace.allocate(programs);
        return this;
    }

    /// The parameters of a model, without memory for them.
    public static ParamLayout layout(MaeConfig config) {
        return new MaskedAutoencoder(config, new BatchShape(1, 1, true, 1), false).params.layout();
    }

    /// Bytes that a model takes for training: parameters, gradients, moments and activations. Nothing is allocated.
    public static long trainingBytes(MaeConfig config, BatchShape shape) {
        MaskedAutoencoder model = new MaskedAutoencoder(config, shape, true);
        return model.params.bytes() + model.workspace.bytes(model.programs);
    }

    /// A model that can be trained; its parameters are zero until they are initialised or loaded.
    public static MaskedAutoencoder forTraining(MaeConfig config, BatchShape shape) {
        return new MaskedAutoencoder(config, shape, true).allocate();
    }

    /// A model that only predicts: without gradients and moments.
    public static MaskedAutoencoder forInference(MaeConfig config, BatchShape shape) {
        return new MaskedAutoencoder(config, shape, false).allocate();
    }

    private void emitForward(Ops ops) {
        encoder.forward(ops, params, clip, masks);
        norm.forward(ops, params, latent, encoder.output());
        decoder.forward(ops, params, latent, masks);
        loss.forward(ops, decoder.pred(), clip, masks);
    }

    private void emitStep(Ops ops) {
        emitForward(ops);
        loss.backward(ops, decoder.dPred(), decoder.pred(), masks);
        decoder.backward(ops, params, dLatent, latent, masks);
        ops.zero(encoder.dOutput());
        norm.backward(ops, params, encoder.dOutput(), dLatent, encoder.output());
        encoder.backward(ops, params, masks);
    }

    /// Clip to loss; a model for inference also brings latent and prediction back.
    public Program forward() {
        return forward;
    }

    /// Clip to gradients, added to those of earlier micro-batches.
    public Program step() {
        return step;
    }

    public MaeConfig config() {
        return config;
    }

    public Params params() {
        return params;
    }

    /// Where the host puts the clips: `[B, 3, T, H, W]`.
    public float[] clip() {
        return clip.floats();
    }

    /// Where the host puts the masks.
    public MaskBatch masks() {
        return masks;
    }

    /// The encoder's output `[B, cls + keep, C]`.
    public float[] latent() {
        return latent.floats();
    }

    /// The prediction `[B, predicted, P']`.
    public float[] pred() {
        return decoder.pred().floats();
    }

    /// The mean loss of the last micro-batch.
    public float loss() {
        return loss.loss().floats()[0];
    }

    /// What a step keeps, in the order of the data flow: where to look for the first bad number.
    public List<Buffer> activations() {
        return Stream.concat(Stream.of(clip.buffer()), workspace.buffers(Buffer.Role.KEPT).stream()).toList();
    }
}
