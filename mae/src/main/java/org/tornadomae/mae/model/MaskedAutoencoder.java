package org.tornadomae.mae.model;

import java.util.ArrayList;
import java.util.List;
import org.tornadomae.kernels.Ops;
import org.tornadomae.kernels.Program;
import org.tornadomae.mae.mask.MaskBatch;
import org.tornadomae.mae.mask.PatchGrid;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Params;
import org.tornadomae.nn.Scratch;
import org.tornadomae.nn.Sizes;

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
    private final Decoder decoder;
    private final PixelLoss loss;
    private final float[] clip;
    private final MaskBatch masks;
    private final Program forward;
    private final Program step;

    private MaskedAutoencoder(MaeConfig config, BatchShape shape, boolean training) {
        this.config = config;
        PatchGrid grid = config.grid();
        this.masks = new MaskBatch(shape.batch(), grid.tokens(), shape.keep(), shape.predictAll());
        ParamLayout layout = new ParamLayout();
        Scratch scratch = Scratch.of(Sizes.product(shape.batch(), masks.predicted(), config.predValues()),
                Encoder.shape(config, shape.batch(), shape.keep()), Decoder.shape(config, shape.batch()));
        this.encoder = new Encoder(layout, config, shape.batch(), shape.keep(), scratch);
        this.decoder = new Decoder(layout, config, shape.batch(), shape.keep(), masks.predicted(), scratch);
        this.loss = new PixelLoss(config, shape.batch(), masks.predicted(), grid.tokens() - shape.keep(), shape.microBatches(), scratch);
        this.params = training ? Params.forTraining(layout) : Params.forInference(layout);
        this.clip = Sizes.floats(shape.batch(), grid.clipValues()); // [B, 3, T, H, W]
        List<Object> inputs = List.of(clip, masks.idsKeep(), masks.idsRestore(), masks.idsPredict(), masks.predictSlots(), masks.mask());
        this.forward = new Program("forward", this::emitForward, inputs, List.of(loss.loss(), encoder.latent(), decoder.pred()));
        this.step = new Program("step", ops -> {
            emitForward(ops);
            loss.backward(ops, decoder.dPred(), decoder.pred(), masks);
            decoder.backward(ops, params, encoder.dLatent(), encoder.latent(), masks);
            encoder.backward(ops, params, masks);
        }, inputs, List.of(loss.loss()));
    }

    /// A model that can be trained; its parameters are zero until they are initialised or loaded.
    public static MaskedAutoencoder forTraining(MaeConfig config, BatchShape shape) {
        return new MaskedAutoencoder(config, shape, true);
    }

    /// A model that only predicts: without gradients and moments.
    public static MaskedAutoencoder forInference(MaeConfig config, BatchShape shape) {
        return new MaskedAutoencoder(config, shape, false);
    }

    private void emitForward(Ops ops) {
        encoder.forward(ops, params, clip, masks);
        decoder.forward(ops, params, encoder.latent(), masks);
        loss.forward(ops, decoder.pred(), clip, masks);
    }

    /// Clip to loss; also brings latent and prediction back.
    public Program forward() {
        return forward;
    }

    /// Clip to gradients, added to those of earlier micro-batches.
    public Program step() {
        return step;
    }

    /// What the programs start from: parameters, gradients, moments and constants.
    public List<Object> state() {
        return List.of(params.values(), params.grads(), params.m(), params.v(), decoder.allIds(), loss.targetFrames());
    }

    public MaeConfig config() {
        return config;
    }

    public Params params() {
        return params;
    }

    /// Where the host puts the clips: [B, 3, T, H, W].
    public float[] clip() {
        return clip;
    }

    /// Where the host puts the masks.
    public MaskBatch masks() {
        return masks;
    }

    /// The encoder's output [B, cls + keep, C].
    public float[] latent() {
        return encoder.latent();
    }

    /// The prediction [B, predicted, P'].
    public float[] pred() {
        return decoder.pred();
    }

    /// The mean loss of the last micro-batch.
    public float loss() {
        return loss.loss()[0];
    }

    /// Every array of the forward pass in the order of the data flow.
    public List<NamedArray> activations() {
        List<NamedArray> all = new ArrayList<>(List.of(new NamedArray("clip", clip)));
        all.addAll(encoder.activations());
        all.addAll(decoder.activations());
        return all;
    }
}
