package org.tornadomae.mae;

import org.tornadomae.kernels.Backends;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.nn.ParamLayout;
import org.tornadomae.nn.Rng;
import org.tornadomae.nn.Scratch;

import java.util.List;

/// A small model to vary one thing of; and runs of it.
final class TestConfig {
    int imgSize = 12;
    int patchSize = 4;
    int numFrames = 4;
    int tPatchSize = 2;
    int embedDim = 12;
    int depth = 2;
    int numHeads = 3;
    int decoderEmbedDim = 8;
    int decoderDepth = 1;
    int decoderNumHeads = 2;
    double mlpRatio = 2;
    boolean sepPosEmbed = true;
    boolean decoderSepPosEmbed = true;
    boolean clsEmbed = true;
    boolean carryClassToken;
    boolean qkvBias = true;
    boolean normPixLoss;
    int predTDim = 2;
    boolean linspaceTargets = true;

    MaeConfig build() {
        return new MaeConfig(imgSize, patchSize, numFrames, tPatchSize, embedDim, depth, numHeads, decoderEmbedDim, decoderDepth, decoderNumHeads,
                mlpRatio, sepPosEmbed, decoderSepPosEmbed, clsEmbed, carryClassToken, qkvBias, normPixLoss, predTDim, linspaceTargets);
    }

    /// The paper's own runs: joint decoder positions, the encoder's class token carried over, every second frame.
    static TestConfig slowFast() {
        TestConfig c = new TestConfig();
        c.decoderSepPosEmbed = false;
        c.carryClassToken = true;
        c.linspaceTargets = false;
        return c;
    }

    /// The parameters of a model, without arrays for their values.
    static ParamLayout layout(MaeConfig config) {
        ParamLayout layout = new ParamLayout();
        Scratch scratch = Scratch.of(1, Encoder.shape(config, 1, 1), Decoder.shape(config, 1));
        new Encoder(layout, config, 1, 1, scratch);
        new Decoder(layout, config, 1, 1, 1, scratch);
        return layout;
    }

    /// A model with parameters away from their start (no zero biases, no unit weights), the clips `first` to
    /// `first + batch` of an endless list, and their masks.
    static MaskedAutoencoder model(MaeConfig config, MaskedAutoencoder.BatchShape shape) {
        MaskedAutoencoder model = MaskedAutoencoder.forTraining(config, shape);
        float[] values = model.params().initialise(1).values();
        Rng rng = Rng.of(2);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.2 * rng.nextGaussian());
        }
        return model;
    }

    static void fill(MaskedAutoencoder model, int first, int batch) {
        int size = model.config().grid().clipValues();
        for (int b = 0; b < batch; b++) {
            Rng rng = Rng.of(3, first + b);
            for (int i = 0; i < size; i++) {
                model.clip()[b * size + i] = (float) rng.nextGaussian();
            }
            model.masks().set(b, rng.permutation(model.config().grid().tokens()));
        }
    }

    static void run(MaskedAutoencoder model, Program program) {
        try (Plan plan = Backends.open("loop").compile(model.state(), List.of(program))) {
            plan.run(program);
            plan.download(model.params().grads());
        }
    }
}
