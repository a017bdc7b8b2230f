package org.tornadomae.mae.model;

import java.util.List;
import org.tornadomae.kernels.Plan;
import org.tornadomae.kernels.Program;
import org.tornadomae.kernels.open.Backends;
import org.tornadomae.nn.Rng;

/// A small model to vary one thing of; and runs of it.
public final class TestConfig {
    public int imgSize = 12;
    public int patchSize = 4;
    public int numFrames = 4;
    public int tPatchSize = 2;
    public int embedDim = 12;
    public int depth = 2;
    public int numHeads = 3;
    public int decoderEmbedDim = 8;
    public int decoderDepth = 1;
    public int decoderNumHeads = 2;
    public double mlpRatio = 2;
    public Positions positions = Positions.SEPARABLE;
    public Positions decoderPositions = Positions.SEPARABLE;
    public boolean clsEmbed = true;
    public boolean carryClassToken;
    public boolean qkvBias = true;
    public double normEps = Stack.NORM_EPS;
    public boolean normPixLoss;
    public int predTDim = 2;
    public boolean linspaceTargets = true;

    public MaeConfig build() {
        return new MaeConfig(new ClipGeometry(numFrames, imgSize, tPatchSize, patchSize),
                new Stack(embedDim, depth, numHeads, mlpRatio, positions, qkvBias, normEps),
                new Stack(decoderEmbedDim, decoderDepth, decoderNumHeads, mlpRatio, decoderPositions, qkvBias,
                        normEps),
                clsEmbed, carryClassToken, new Targets(normPixLoss, predTDim, linspaceTargets));
    }

    /// The paper's own runs: joint decoder positions, the encoder's class token carried over, every second frame.
    public static TestConfig slowFast() {
        TestConfig c = new TestConfig();
        c.decoderPositions = Positions.JOINT;
        c.carryClassToken = true;
        c.linspaceTargets = false;
        return c;
    }

    /// A model with parameters away from their start (no zero biases, no unit weights), the clips `first` to
    /// `first + batch` of an endless list, and their masks.
    public static MaskedAutoencoder model(MaeConfig config, MaskedAutoencoder.BatchShape shape) {
        MaskedAutoencoder model = MaskedAutoencoder.forTraining(config, shape);
        float[] values = model.params().initialise(1).values();
        Rng rng = Rng.of(2);
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.2 * rng.nextGaussian());
        }
        return model;
    }

    public static void fill(MaskedAutoencoder model, int first, int batch) {
        int size = model.config().grid().clipValues();
        for (int b = 0; b < batch; b++) {
            Rng rng = Rng.of(3, first + b);
            for (int i = 0; i < size; i++) {
                model.clip()[b * size + i] = (float) rng.nextGaussian();
            }
            model.masks().set(b, rng.permutation(model.config().grid().tokens()));
        }
    }

    public static void run(MaskedAutoencoder model, Program program) {
        try (Plan plan = Backends.open("loop").compile(List.of(program))) {
            plan.run(program);
            plan.download(model.params().gradBuffer());
        }
    }
}
